package cmd

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/explain"
	"github.com/o365mail/o365mail/pkg/profile"
)

// tokenVariable holds an access token got elsewhere.
const tokenVariable = "O365MAIL_ACCESS_TOKEN"

// maxTokenFile bounds a token file, in bytes.
const maxTokenFile = 64 << 10

// An account is a profile with what a sign-in and a session need of the machine.
type account struct {
	*profile.Profile
	roots *x509.CertPool // nil: those of the system
	token func(context.Context) (entra.Token, error)
}

// account resolves the settings; it asks nobody for a token yet.
func (d *deps) account(flags map[string]string, tokenFile string) (*account, error) {
	p, err := d.profile(flags)
	if err != nil {
		return nil, err
	}
	d.values.Store(&explain.Values{User: p.Address, AppID: p.ClientID, Tenant: p.Tenant})
	a := &account{Profile: p}
	if a.roots, err = rootCAs(p.CAFile); err != nil {
		return nil, err
	}
	return a, d.bindToken(a, tokenFile)
}

func (d *deps) profile(flags map[string]string) (*profile.Profile, error) {
	file, err := d.configFile()
	if err != nil {
		return nil, err
	}
	name := d.global.profile
	if name == "" {
		name = d.Getenv("O365MAIL_PROFILE")
	}
	return profile.Resolve(profile.Sources{Profile: name, Flags: flags, Getenv: d.Getenv, File: file})
}

// configFile reads the file that was named, or the user's, or the system's; without any there are
// flags and variables.
func (d *deps) configFile() (*profile.File, error) {
	named := d.global.config
	if named == "" {
		named = d.Getenv("O365MAIL_CONFIG")
	}
	if named != "" {
		f, err := profile.ReadFile(named)
		if errors.Is(err, fs.ErrNotExist) {
			err = noInputError{err}
		}
		return f, err
	}
	places := []string{systemConfig}
	if folder, err := d.configFolder(); err == nil {
		places = []string{filepath.Join(folder, "config.toml"), systemConfig}
	}
	for _, path := range places {
		f, err := profile.ReadFile(path)
		if !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
	}
	return nil, nil
}

// rootCAs joins the system's certificate authorities with those of a file.
func rootCAs(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file) //nolint:gosec // the caller's own setting
	if err != nil {
		return nil, noInputError{fmt.Errorf("ca_file: %w", err)}
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, &profile.ValueError{Key: "ca_file", Value: file, Want: "a file with certificates in PEM form"}
	}
	return pool, nil
}

// bindToken decides where the access token comes from. One got elsewhere outranks the profile.
func (d *deps) bindToken(a *account, file string) error {
	text := d.Getenv(tokenVariable)
	if file != "" {
		var err error
		if text, err = d.readTokenFile(file); err != nil {
			return err
		}
	}
	if text == "" {
		a.token = func(ctx context.Context) (entra.Token, error) { return d.signIn(ctx, a) }
		return nil
	}
	token, err := entra.ParseToken(text)
	if err != nil {
		return &profile.ValueError{Key: "access token", Want: "a token on one line", Origin: profile.Origin{Layer: profile.EnvironmentLayer, Name: tokenOrigin(file)}}
	}
	a.token = func(context.Context) (entra.Token, error) { return d.remember(token), nil }
	return nil
}

func tokenOrigin(file string) string {
	if file == "" {
		return tokenVariable
	}
	return "--token-file"
}

func (d *deps) readTokenFile(file string) (string, error) {
	in := d.Stdin
	if file != "-" {
		f, err := os.Open(file) //nolint:gosec // the caller's own setting
		if err != nil {
			return "", noInputError{fmt.Errorf("token file: %w", err)}
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, maxTokenFile))
	if err != nil {
		return "", noInputError{fmt.Errorf("token file: %w", err)}
	}
	if len(text) == 0 {
		return "", noInputError{fmt.Errorf("token file %s is empty", file)}
	}
	return string(text), nil
}

// signIn gets the token of an application.
func (d *deps) signIn(ctx context.Context, a *account) (entra.Token, error) {
	if err := a.CheckSignIn(); err != nil {
		return entra.Token{}, err
	}
	credential, err := d.credential(a.Profile)
	if err != nil {
		return entra.Token{}, err
	}
	proxy, _ := d.proxies(a.Proxy)
	source, err := entra.NewSource(entra.Config{
		Authority: a.Authority, ClientID: a.ClientID, Scope: a.Scope, Credential: credential,
		MinLife: a.MinTokenLife(), RootCAs: a.roots, Proxy: forRequest(proxy), Now: d.Now,
	})
	if err != nil {
		return entra.Token{}, err
	}
	token, err := source.Token(ctx)
	return d.remember(token), err
}

// credential is what the application proves itself with.
func (d *deps) credential(p *profile.Profile) (entra.Credential, error) {
	switch c := p.Credential; c.Flow {
	case profile.ClientSecret:
		return entra.ClientSecret(c.ClientSecret.Reveal())
	case profile.Certificate:
		return d.certificate(c)
	case profile.Federated:
		return entra.AssertionFile(c.FederatedTokenFile), nil
	}
	if p.Flow.AppOnly() && p.Flow != profile.ManagedIdentity {
		return entra.Credential{}, &profile.MissingError{Keys: []string{p.Flow.Variable()}}
	}
	return entra.Credential{}, &profile.ValueError{
		Key: "flow", Value: string(p.Flow), Want: "client-secret, certificate or federated, or a token given by --token-file or " + tokenVariable,
		Origin: p.Origin("flow"),
	}
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
	return credential, credential.Validity(d.Now())
}
