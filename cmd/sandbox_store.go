package cmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/o365mail/o365mail/pkg/sandbox"
	"github.com/o365mail/o365mail/pkg/tokenstore"
)

// stageStore is the stage of the faults of what a login stored. They are the client's and not the
// service's, so the sandbox signs a profile in and spoils its store before the command runs.
const stageStore = "store"

// A storeFault spoils the store of a profile that is signed in; release ends it.
type storeFault struct {
	id, about string
	spoil     func(context.Context, storedProfile) (release func(), err error)
}

// storedProfile is where a profile's secrets lie.
type storedProfile struct {
	store *tokenstore.Store
	key   string // the key file
}

func storeFaults() []storeFault {
	return []storeFault{
		{"store.empty", "The profile exists, but nobody is signed in", func(_ context.Context, p storedProfile) (func(), error) {
			return nothing, os.Remove(p.store.Path())
		}},
		{"store.damaged", "One byte of the sealed file is another", damageStore},
		{"store.other-key", "The key is not the one that sealed the file", replaceKey},
		{"store.no-key", "The key file is gone", func(_ context.Context, p storedProfile) (func(), error) {
			return nothing, os.Remove(p.key)
		}},
		{"store.exposed", "Others may read the sealed file", func(_ context.Context, p storedProfile) (func(), error) {
			return nothing, os.Chmod(p.store.Path(), 0o644) //nolint:gosec // the fault
		}},
		{"store.locked", "Another process holds the profile's lock", func(ctx context.Context, p storedProfile) (func(), error) {
			l, err := p.store.Lock(ctx)
			if err != nil {
				return nil, err
			}
			return l.Unlock, nil
		}},
	}
}

func nothing() {}

func damageStore(_ context.Context, p storedProfile) (func(), error) {
	text, err := os.ReadFile(p.store.Path())
	if err != nil {
		return nil, err
	}
	text[len(text)-1] ^= 1
	return nothing, os.WriteFile(p.store.Path(), text, 0o600) //nolint:gosec // in the folder that the sandbox made
}

func replaceKey(ctx context.Context, p storedProfile) (func(), error) {
	if err := os.Remove(p.key); err != nil {
		return nil, err
	}
	// A store of another folder makes the key: this one would not, with a sealed file at hand.
	s, err := tokenstore.Open(filepath.Dir(p.key)+"-other", "other", tokenstore.Holder{Kind: tokenstore.KeyFile, Place: p.key}, nil)
	if err == nil {
		_, err = s.CreateKey(ctx)
	}
	return nothing, err
}

// splitStoreFaults takes the store's faults out of those for the service.
func (o *sandboxOptions) splitStoreFaults() []storeFault {
	var chosen []storeFault
	known := storeFaults()
	o.faults = slices.DeleteFunc(slices.Clone(o.faults), func(id string) bool {
		i := slices.IndexFunc(known, func(f storeFault) bool { return f.id == id })
		if i >= 0 {
			chosen = append(chosen, known[i])
		}
		return i >= 0
	})
	return chosen
}

// spoilStore signs the sandbox's application in as the profile "alerts", spoils what was stored,
// and gives the environment in which only the profile is left to sign in with.
func (d *deps) spoilStore(ctx context.Context, faults []storeFault, environment []string) (stored []string, release func(), err error) {
	if len(faults) == 0 {
		return environment, nothing, nil
	}
	if err := d.loginInside(ctx, environment); err != nil {
		return nil, nil, err
	}
	home := valueIn(environment, "HOME")
	p := storedProfile{key: filepath.Join(home, ".config", "o365mail", "key")}
	holder := tokenstore.Holder{Kind: tokenstore.KeyFile, Place: p.key}
	if p.store, err = tokenstore.Open(filepath.Join(home, ".local", "share", "o365mail"), "alerts", holder, nil); err != nil {
		return nil, nil, err
	}
	var releases []func()
	for _, f := range faults {
		end, err := f.spoil(ctx, p)
		if err != nil {
			return nil, nil, fmt.Errorf("play %s: %w", f.id, err)
		}
		releases = append(releases, end)
	}
	stored = slices.DeleteFunc(slices.Clone(environment), func(v string) bool {
		return hasAnyPrefix(v, []string{"AZURE_", "O365MAIL_ADDRESS=", "O365MAIL_SCOPE="})
	})
	return stored, func() {
		for _, end := range releases {
			end()
		}
	}, nil
}

// loginInside is a login of the command's user.
func (d *deps) loginInside(ctx context.Context, environment []string) error {
	secret := valueIn(environment, "AZURE_CLIENT_SECRET")
	var said bytes.Buffer
	status := Main(ctx, Process{
		Args:   []string{"o365mail", "login", sandbox.SharedMailbox, "-p", "alerts", "--client-id", sandbox.AppClientID, "--client-secret-file", "-", "--skip-send-check"},
		Getenv: func(name string) string { return valueIn(environment, name) }, Environ: func() []string { return environment },
		Stdin: strings.NewReader(secret), Stdout: io.Discard, Stderr: &said, Version: d.Version, Now: d.Now,
	})
	if status != exitOK {
		return errors.New("the sandbox could not be signed in to: " + said.String())
	}
	return nil
}

func valueIn(environment []string, name string) string {
	for _, v := range slices.Backward(environment) {
		if value, ok := strings.CutPrefix(v, name+"="); ok {
			return value
		}
	}
	return ""
}
