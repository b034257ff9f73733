package cmd

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/profile"
)

// credential is what the application proves itself with.
func (d *deps) credential(p *profile.Profile) (entra.Credential, error) {
	switch c := p.Credential; c.Flow {
	case profile.ClientSecret:
		return entra.ClientSecret(c.ClientSecret.Reveal())
	case profile.Certificate:
		return d.certificate(c)
	case profile.Federated:
		return d.federated(p, c.FederatedTokenFile)
	case profile.Browser, profile.DeviceCode, profile.ManagedIdentity:
	}
	switch p.Flow {
	case profile.ManagedIdentity:
		return entra.ManagedIdentity{ClientID: p.ClientID, Getenv: d.Getenv}.Credential(), nil
	case profile.ClientSecret, profile.Certificate, profile.Federated:
		return entra.Credential{}, &profile.MissingError{Keys: []string{p.Flow.Variable()}}
	case profile.Browser, profile.DeviceCode:
	}
	return entra.Credential{}, errNoLogin
}

func (d *deps) certificate(c profile.EnvironmentCredential) (entra.Credential, error) {
	f, err := os.Open(c.CertificatePath)
	if err != nil {
		return entra.Credential{}, noInputError{fmt.Errorf("certificate: %w", err)}
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, 1<<20))
	if err != nil {
		return entra.Credential{}, noInputError{fmt.Errorf("certificate: %w", err)}
	}
	credential, err := entra.Certificate(data, c.CertificatePassword.Reveal())
	if err != nil {
		return credential, err
	}
	d.warnBeforeExpiry(credential.NotAfter())
	return credential, credential.Validity(d.Now())
}

// warnTime is how long before its end a credential is complained about at each use.
const warnTime = 14 * 24 * time.Hour

// warnBeforeExpiry speaks up while there is time to do something. The zero time is unknown.
func (d *deps) warnBeforeExpiry(end time.Time) {
	left := end.Sub(d.Now())
	if t, err := d.talk(); err == nil && !end.IsZero() && left > 0 && left < warnTime {
		t.warn("the credential expires on %s, in %s: register a new one, then o365mail login", end.Format(time.DateOnly), countOf(int(left.Hours()/24), "day"))
	}
}

// federated is the assertion of a file, or of the job of GitHub Actions that this process runs in.
func (d *deps) federated(p *profile.Profile, file string) (entra.Credential, error) {
	if file != "" {
		return entra.AssertionFile(file), nil
	}
	c, err := profile.FromEnvironment(d.Getenv, profile.Federated)
	switch {
	case err != nil:
		return entra.Credential{}, err
	case c.FederatedTokenFile != "":
		return entra.AssertionFile(c.FederatedTokenFile), nil
	case c.ActionsURL == "":
		return entra.Credential{}, &profile.MissingError{Keys: []string{profile.Federated.Variable()}}
	}
	trusted, err := trustIn(p.CAFile)
	if err != nil {
		return entra.Credential{}, err
	}
	proxy, _ := d.proxies(p.Proxy)
	return entra.GitHubActions{
		URL: c.ActionsURL, Bearer: c.ActionsBearer.Reveal(),
		Transport: entra.NewTransport(entra.Config{RootCAs: trusted.pool, DialContext: trusted.dial, Proxy: forRequest(proxy)}),
	}.Credential()
}
