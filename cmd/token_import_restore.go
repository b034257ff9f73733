package cmd

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/o365mail/o365mail/pkg/profile"
	"github.com/o365mail/o365mail/pkg/tokenstore"
)

// adapt leaves out what is not for this host, and says what it lacks.
func (r *restoring) adapt(b *backup) {
	for _, name := range slices.Sorted(maps.Keys(r.values)) {
		r.talk.fact("%s = %s", name, visible(shown(name, r.values[name])))
	}
	if command := r.values["notify_command"]; command != "" {
		delete(r.values, "notify_command")
		r.talk.warn("notify_command is not restored; if it is to run here, add it to the profile in %s: %s", r.path, visible(command))
	}
	r.wantFile("ca_file", r.values["ca_file"])
	r.wantFile("federated token file", b.Stored.Federated)
	if expires := b.Stored.Expires; !expires.IsZero() && expires.Before(r.Now()) {
		r.talk.warn("the credential in the backup expired on %s: o365mail login is needed", expires.Format(time.DateOnly))
	}
	if r.profile.Flow == profile.ManagedIdentity {
		r.talk.warn("a managed identity belongs to its machine: this one has to have an identity that may send")
	}
}

// shown hides the one setting that can hold a password.
func shown(name, value string) string {
	if name == "proxy" {
		return "(set)"
	}
	return value
}

func (r *restoring) wantFile(what, path string) {
	if path == "" {
		return
	}
	if _, err := os.Stat(path); err != nil {
		r.missing = append(r.missing, path)
		r.talk.warn("%s %s is not readable on this host: copy it, or change the profile", what, visible(path))
	}
}

// restore stores the sign-in and writes the profile; when the latter fails the store is as before.
func (r *restoring) restore(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, r.global.timeout)
	defer cancel()
	if err := r.decideHolder(ctx); err != nil {
		return err
	}
	before, unread := r.vault.store.Read(ctx)
	if err := r.vault.replace(ctx, r.stored); err != nil {
		return err
	}
	r.values["keyring"] = r.profile.Keyring
	if err := profile.Save(r.path, r.profile.Name, r.values); err != nil {
		return errors.Join(cannotCreateError{fmt.Errorf("configuration: %w", err)}, r.putBack(ctx, before, unread))
	}
	r.talk.fact("profile %s written to %s", r.profile.Name, r.path)
	return r.readBack(ctx)
}

// putBack undoes replace. What could not be read before was set aside and stays there.
func (r *restoring) putBack(ctx context.Context, before []byte, unread error) error {
	l, err := r.vault.store.Lock(ctx)
	if err != nil {
		return err
	}
	defer l.Unlock()
	if unread == nil {
		return l.Replace(ctx, before)
	}
	if errors.Is(unread, tokenstore.ErrNoTokens) {
		return l.Remove()
	}
	return nil
}
