package doctor_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/o365mail/o365mail/pkg/doctor"
	"github.com/o365mail/o365mail/pkg/sandbox"
)

// stored spoils a token store by its file and the file of its key.
func stored(spoil func(t *testing.T, file, key string)) func(*testing.T, *ward, *patient) {
	return func(t *testing.T, _ *ward, p *patient) {
		t.Helper()
		s, folder, key := storeWith(t)
		spoil(t, s.Path(), key)
		p.Store = openStore(t, folder, key) // as another process sees it
	}
}

func storeAilments() []ailment {
	must := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	return []ailment{
		{"never signed in", func(t *testing.T, _ *ward, p *patient) {
			t.Helper()
			p.Store = openStore(t, t.TempDir()+"/data", t.TempDir()+"/key")
		}, []string{"fail store.key: store.missing"}},
		{"signed out", stored(func(t *testing.T, file, _ string) { t.Helper(); must(t, os.Remove(file)) }), []string{"fail store.open: store.missing"}},
		{"key gone", stored(func(t *testing.T, _, key string) { t.Helper(); must(t, os.Remove(key)) }), []string{"fail store.key: store.key"}},
		{"key broken", stored(func(t *testing.T, _, key string) { t.Helper(); must(t, os.WriteFile(key, []byte("no key"), 0o600)) }), []string{"fail store.key: store.key"}},
		{"others read the key", stored(func(t *testing.T, _, key string) { t.Helper(); must(t, os.Chmod(key, 0o644)) }), []string{"fail store.key: store.unsafe"}},
		{"others read the store", stored(func(t *testing.T, file, _ string) { t.Helper(); must(t, os.Chmod(file, 0o644)) }), []string{"fail store.permissions: store.unsafe"}},
		{"damaged", stored(func(t *testing.T, file, _ string) {
			t.Helper()
			data, err := os.ReadFile(file)
			must(t, err)
			must(t, os.WriteFile(file, append(data[:len(data)-1], data[len(data)-1]^1), 0o600))
		}), []string{"fail store.open: store.damaged"}},
		{"cut", stored(func(t *testing.T, file, _ string) { t.Helper(); must(t, os.Truncate(file, 20)) }), []string{"fail store.open: store.damaged"}},
		{"another key", stored(func(t *testing.T, _, key string) {
			t.Helper()
			_, _, other := storeWith(t)
			data, err := os.ReadFile(other)
			must(t, err)
			must(t, os.WriteFile(key, data, 0o600))
		}), []string{"fail store.open: store.other-key"}},
		{"of a newer release", stored(func(t *testing.T, file, _ string) {
			t.Helper()
			data, err := os.ReadFile(file)
			must(t, err)
			data[7]++ // and the rest is in a form of its own
			data[len(data)-1]++
			must(t, os.WriteFile(file, data, 0o600))
		}), []string{"fail store.open: store.version"}},
	}
}

// What is wrong with the token store is named, and left as it is.
func TestStoreAilments(t *testing.T) {
	t.Parallel()
	w := newWard(t, sandbox.Config{})
	for _, a := range storeAilments() {
		t.Run(a.name, func(t *testing.T) {
			t.Helper()
			p := w.patient("app")
			a.spoil(t, w, p)
			folder := filepath.Dir(filepath.Dir(p.Store.Path()))
			before := contents(t, folder)
			report := w.examine(p)
			if got := outcomeOf(report, a.want); !slices.Equal(got, a.want) {
				t.Errorf("got %q, want %q\n%s", got, a.want, lines(report))
			}
			if after := contents(t, folder); !bytes.Equal(before, after) {
				t.Errorf("files changed from %q to %q", before, after)
			}
		})
	}
}

// A store in order is a pass, and so is what cron gets of it.
func TestGoodStore(t *testing.T) {
	t.Parallel()
	w := newWard(t, sandbox.Config{})
	p := w.patient("app")
	p.Store, _, _ = storeWith(t)
	if r := w.examine(p); r.Status != doctor.Pass {
		t.Errorf("got %s\n%s", r.Status, lines(r))
	}
}

// contents are the names, modes and bytes below a folder.
func contents(t *testing.T, folder string) []byte {
	t.Helper()
	var b bytes.Buffer
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, statErr := d.Info()
		data, readErr := os.ReadFile(path)
		b.WriteString(path + " " + info.Mode().String() + " ")
		b.Write(data)
		return errors.Join(statErr, readErr)
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
