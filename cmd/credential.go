package cmd

import (
	"fmt"
	"io"
	"os"

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
		return entra.AssertionFile(c.FederatedTokenFile), nil
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
	return credential, credential.Validity(d.Now())
}
