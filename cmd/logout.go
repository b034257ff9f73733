package cmd

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/o365mail/o365mail/pkg/profile"
	"github.com/o365mail/o365mail/pkg/tokenstore"
)

// logoutOptions say what is forgotten.
type logoutOptions struct {
	all   bool
	purge bool
}

func newLogout(d *deps) *cobra.Command {
	var o logoutOptions
	c := &cobra.Command{
		Use:   "logout",
		Short: "Forget a sign-in",
		Long: `Forgets the tokens and the credential of the profile. With --purge every trace of it goes:
the settings, what was set aside, and the key when no other profile needs it.

Nothing is revoked at Entra: an administrator does that with
Revoke-MgUserSignInSession, or by removing the secret of an application.`,
		Example: `  o365mail logout -p alerts
  o365mail logout --all --purge`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return d.logout(c.Context(), o) },
	}
	c.Flags().BoolVar(&o.all, "all", false, "forget the sign-ins of all profiles")
	c.Flags().BoolVar(&o.purge, "purge", false, "forget every trace of the profile")
	return c
}

func (d *deps) logout(ctx context.Context, o logoutOptions) error {
	file, err := d.configFile()
	if err != nil {
		return err
	}
	names := []string{d.global.profile}
	if o.all && file != nil {
		names = file.Names
	}
	for _, name := range names {
		if err := d.forget(ctx, file, name, o.purge); err != nil {
			return during{"logout", err}
		}
	}
	return nil
}

func (d *deps) forget(ctx context.Context, file *profile.File, name string, purge bool) error {
	p, err := profile.Resolve(profile.Sources{Profile: name, Getenv: d.Getenv, File: file})
	if err != nil {
		return err
	}
	if p.Name == "" {
		return usagef("no profile to log out: name one with -p, or use --all")
	}
	v, err := d.vault(p)
	if err != nil {
		return err
	}
	if err := v.forget(ctx, purge); err != nil {
		return err
	}
	t, err := d.talk()
	if err != nil {
		return err
	}
	if purge {
		if err := profile.Delete(file.Path, p.Name); err != nil {
			return cannotCreateError{fmt.Errorf("configuration: %w", err)}
		}
	}
	t.say("o365mail: profile %s is signed out", p.Name)
	return nil
}

// forget removes what is stored; with purge also what was set aside, and a key that is nobody's.
func (v *vault) forget(ctx context.Context, purge bool) error {
	l, err := v.store.Lock(ctx)
	if err != nil {
		return err
	}
	if purge {
		err = l.Purge()
	} else {
		err = l.Remove()
	}
	l.Unlock()
	if err != nil || !purge {
		return err
	}
	err = v.store.ForgetKey(ctx)
	var fixed *tokenstore.KeyError
	if errors.As(err, new(*tokenstore.KeyInUseError)) || (errors.As(err, &fixed) && fixed.Reason == tokenstore.KeyFixed) {
		return nil // other profiles need it, or somebody else made it
	}
	return err
}
