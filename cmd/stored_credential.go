package cmd

import (
	"context"
	"errors"
	"time"

	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/profile"
	"github.com/o365mail/o365mail/pkg/tokenstore"
)

// storeTime bounds the reading of the token store: a keychain that asks somebody counts as locked.
const storeTime = 4 * time.Second

// errNoLogin says that a profile has no sign-in to work with.
var errNoLogin = errors.New("this profile is not signed in")

// storedCredential is what a login left for the flow.
func (d *deps) storedCredential(p *profile.Profile, s *stored) (entra.Credential, error) {
	switch p.Flow {
	case profile.ClientSecret:
		return entra.ClientSecret(s.Secret)
	case profile.Certificate:
		c, err := entra.Certificate(s.Certificate, s.Password)
		if err != nil {
			return c, err
		}
		return c, c.Validity(d.Now())
	case profile.Federated:
		return d.federated(p, s.Federated)
	case profile.ManagedIdentity:
		return entra.ManagedIdentity{ClientID: p.ClientID, Getenv: d.Getenv}.Credential(), nil
	case profile.Browser, profile.DeviceCode:
	}
	return entra.SignedIn(), nil
}

// sourceFromStore is the source of a profile that was signed in by login.
func (d *deps) sourceFromStore(a *account) (*entra.Source, error) {
	ctx, cancel := context.WithTimeout(context.Background(), storeTime)
	defer cancel()
	v, err := d.vault(a.Profile)
	if err != nil {
		return nil, err
	}
	s, err := v.read(ctx)
	if errors.Is(err, tokenstore.ErrNoTokens) {
		return nil, errNoLogin
	}
	if err != nil {
		return nil, err
	}
	d.warnBeforeExpiry(s.Expires)
	config := d.entraConfig(a)
	if config.Credential, err = d.storedCredential(a.Profile, s); err != nil {
		return nil, err
	}
	config.Cache = v
	return entra.NewSource(config)
}
