package cmd

import (
	"context"

	"github.com/o365mail/o365mail/pkg/doctor"
	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/profile"
	"github.com/o365mail/o365mail/pkg/tokenstore"
)

// fillFromProfile lets the commands name the mailbox, the application and the tenant of the profile. An
// explanation needs none, so a configuration that is broken matters only when it was asked for.
func (d *deps) fillFromProfile(ctx context.Context) error {
	p, err := d.profile(nil)
	switch {
	case err == nil:
		d.fillFrom(p)
	case d.global.profile != "" || d.global.config != "":
		return err
	}
	if t, err := entra.ParseToken(d.Getenv(tokenVariable)); err == nil {
		d.remember(t)
	} else if p != nil {
		d.rememberStored(ctx, p)
	}
	return nil
}

func (d *deps) fillFrom(p *profile.Profile) {
	v := doctor.ValuesOf(p)
	d.values.Store(&v)
}

// rememberStored looks at the token of the last sign-in, for the object id of the application. No token
// is fetched for that, nobody is asked, and what cannot be read is left as it is: doctor is there for it.
func (d *deps) rememberStored(ctx context.Context, p *profile.Profile) {
	if p.Name == "" || !p.Flow.AppOnly() || p.Credential.Flow != "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	v, err := d.vault(p)
	if err != nil || v.store.Holder().Kind == tokenstore.Keychain || v.store.Check(ctx) != nil {
		return
	}
	if cache, err := v.Load(ctx); err == nil {
		if t, ok := entra.LastToken(cache); ok {
			d.remember(t)
		}
	}
}
