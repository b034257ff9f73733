package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/o365mail/o365mail/pkg/profile"
	"github.com/o365mail/o365mail/pkg/tokenstore"
)

// A rekeying is one call of login --rekey: a new key with the same holder, or another holder.
type rekeying struct {
	*deps
	talk    talk
	file    *profile.File
	profile *profile.Profile
	vault   *vault // as it is configured
	done    rekeyDocument
}

// rekeyDocument is `login --rekey --json`.
type rekeyDocument struct {
	Schema  int              `json:"schema"`
	Profile string           `json:"profile"`
	From    string           `json:"from"`
	Keyring string           `json:"keyring"`
	KeyID   tokenstore.KeyID `json:"key_id"`
	Sealed  []string         `json:"sealed"`  // profiles whose files carry the key now
	OldKey  string           `json:"old_key"` // removed, or why it is kept
}

// rekeyFromFlags refuses what belongs to a sign-in, for there is none.
func (d *deps) rekeyFromFlags(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("--rekey changes a profile that is there: name it with -p, not %q", args[0])
	}
	var foreign []string
	c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		if f.Changed && f.Name != "rekey" && f.Name != "keyring" {
			foreign = append(foreign, "--"+f.Name)
		}
	})
	if foreign != nil {
		return usagef("--rekey takes --keyring only, not %s: nobody signs in", strings.Join(foreign, ", "))
	}
	to, err := c.Flags().GetString("keyring")
	if err != nil {
		return fmt.Errorf("--keyring: %w", err)
	}
	ctx, cancel := context.WithTimeout(c.Context(), d.global.timeout)
	defer cancel()
	if err := d.rekey(ctx, to); err != nil {
		return during{"login --rekey", err}
	}
	return nil
}

func (d *deps) rekey(ctx context.Context, wanted string) error {
	r, err := d.newRekeying()
	if err != nil {
		return err
	}
	to, err := r.holderFor(ctx, wanted)
	if err != nil {
		return err
	}
	from := r.vault.store.Holder()
	r.done = rekeyDocument{Schema: 1, Profile: r.profile.Name, From: from.String(), Keyring: to.String()}
	if to == from {
		err = r.rotate(ctx)
	} else {
		err = r.move(ctx, to)
	}
	if err != nil {
		return cureFor(err, r.profile.Name, from)
	}
	return r.report()
}

func (d *deps) newRekeying() (*rekeying, error) {
	r := &rekeying{deps: d}
	var err error
	if r.talk, err = d.talk(); err != nil {
		return nil, err
	}
	if r.file, r.profile, err = d.fileProfile(); err != nil {
		return nil, err
	}
	r.vault, err = d.vault(r.profile)
	return r, err
}

// fileProfile is the chosen profile; one that stands in no file has nothing stored.
func (d *deps) fileProfile() (*profile.File, *profile.Profile, error) {
	file, err := d.configFile()
	if err != nil {
		return nil, nil, err
	}
	p, err := profile.Resolve(profile.Sources{Profile: first(d.global.profile, d.Getenv("O365MAIL_PROFILE")), Getenv: d.Getenv, File: file})
	if err == nil && p.Name == "" {
		err = usagef("which profile? name one with -p; o365mail profiles lists them")
	}
	return file, p, err
}

// fileSettings are the settings of a profile that stand in the file, by Key.Name.
func fileSettings(file *profile.File, name string) (map[string]string, error) {
	p, err := profile.Resolve(profile.Sources{Profile: name, File: file})
	if err != nil {
		return nil, err
	}
	values := map[string]string{}
	for _, k := range profile.Keys() {
		if !k.Global && p.Value(k.Name) != "" {
			values[k.Name] = p.Value(k.Name)
		}
	}
	return values, nil
}

// holderFor reads --keyring; without it the holder stays.
func (r *rekeying) holderFor(ctx context.Context, wanted string) (tokenstore.Holder, error) {
	if wanted == "" {
		return r.vault.store.Holder(), nil
	}
	h, err := tokenstore.ParseHolder(wanted)
	if err != nil || h.Kind != tokenstore.Auto {
		return h, err
	}
	return (&loginRun{deps: r.deps, talk: r.talk}).chooseHolder(ctx)
}

// rotate gives the holder a new key, which seals every file that the old one sealed.
func (r *rekeying) rotate(ctx context.Context) error {
	if _, err := r.vault.store.Read(ctx); err != nil {
		return err
	}
	folder, err := r.dataFolder()
	if err != nil {
		return err
	}
	rotation, err := tokenstore.Rotate(ctx, folder, r.vault.store.Holder(), r.lookup)
	if err != nil {
		return err
	}
	r.done.KeyID, r.done.Sealed, r.done.OldKey = rotation.Key, rotation.Sealed, "removed"
	if len(rotation.Foreign) > 0 {
		r.talk.fact("left alone, since other keys seal them: %s", strings.Join(rotation.Foreign, ", "))
	}
	return r.checkBack(ctx)
}

// checkBack reads the profile as the next process will.
func (r *rekeying) checkBack(ctx context.Context) error {
	again, err := r.deps.vault(r.profile)
	if err != nil {
		return err
	}
	_, err = again.read(ctx)
	return err
}

// move seals the profile with the key of another holder. What fails before the configuration is
// written is undone. Cut off in between, the file carries the new key and the same call goes on.
func (r *rekeying) move(ctx context.Context, to tokenstore.Holder) error {
	_, err := r.vault.store.Read(ctx)
	if _, begun := errors.AsType[*tokenstore.OtherKeyError](err); err != nil && !begun {
		return err
	}
	folder, err := r.dataFolder()
	if err != nil {
		return err
	}
	target, err := tokenstore.Open(folder, r.profile.Name, to, r.lookup)
	if err != nil {
		return err
	}
	created, err := target.CreateKey(ctx)
	if err != nil {
		return err
	}
	if err := r.reseal(ctx, to); err != nil {
		if created {
			_ = target.ForgetKey(ctx) // refused while the file needs it
		}
		return err
	}
	r.done.Sealed = []string{r.profile.Name}
	r.done.KeyID, err = target.CheckKey(ctx)
	r.done.OldKey = r.dropOldKey(ctx)
	return err
}

// reseal changes the file, then the configuration; the file is changed back when that fails.
func (r *rekeying) reseal(ctx context.Context, to tokenstore.Holder) error {
	from := r.profile.Keyring
	moved, err := r.vault.store.Rekey(ctx, to)
	if err != nil {
		return err
	}
	r.profile.Keyring = to.String()
	if err = r.checkBack(ctx); err == nil {
		err = r.saveHolder()
	}
	if err != nil {
		r.profile.Keyring = from
		_, undone := moved.Rekey(ctx, r.vault.store.Holder())
		return errors.Join(err, undone)
	}
	return nil
}

func (r *rekeying) saveHolder() error {
	values, err := fileSettings(r.file, r.profile.Name)
	if err != nil {
		return err
	}
	values["keyring"] = r.profile.Keyring
	if err := profile.Save(r.file.Path, r.profile.Name, values); err != nil {
		return cannotCreateError{fmt.Errorf("configuration: %w", err)}
	}
	if r.profile.Origin("keyring").Layer == profile.EnvironmentLayer {
		r.talk.warn("O365MAIL_KEYRING still names %s and wins over the file: set it to %s, or unset it", r.done.From, r.done.Keyring)
	}
	return nil
}

// dropOldKey removes the key that nothing needs any more, and says what became of it. By now the
// move is done, so a key that stays is worth a warning and no failure.
func (r *rekeying) dropOldKey(ctx context.Context) string {
	err := r.vault.store.ForgetKey(ctx)
	inUse, used := errors.AsType[*tokenstore.KeyInUseError](err)
	key, isKey := errors.AsType[*tokenstore.KeyError](err)
	switch {
	case err == nil:
		return "removed: no other profile needs it"
	case used:
		return "kept: it opens " + strings.Join(inUse.Profiles, ", ")
	case isKey && key.Reason == tokenstore.KeyFixed:
		return "kept: o365mail cannot remove it there; nothing of this profile needs it"
	}
	r.talk.warn("the old key could not be removed: %v", err)
	return "kept: it could not be removed"
}

func (r *rekeying) report() error {
	if r.global.json {
		return writeJSON(r.Stdout, r.done)
	}
	if r.global.quiet {
		return nil
	}
	what := "has a new key"
	if r.done.From != r.done.Keyring {
		what = "moved to another holder of its key"
	}
	_, err := fmt.Fprintf(r.Stdout, "profile %s %s; nobody has to sign in\n  from     %s\n  keyring  %s\n  key      %s, seals %s\n  old key  %s\n",
		r.done.Profile, what, visible(r.done.From), visible(r.done.Keyring), r.done.KeyID, strings.Join(r.done.Sealed, ", "), r.done.OldKey)
	return err
}
