package doctor_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/o365mail/o365mail/pkg/doctor"
	"github.com/o365mail/o365mail/pkg/sandbox"
)

// commandsOf are those of the first cause.
func commandsOf(t *testing.T, r doctor.Report) []string {
	t.Helper()
	if len(r.Causes) == 0 {
		t.Fatalf("no cause\n%s", lines(r))
	}
	var all []string
	for _, f := range r.Causes[0].Fixes {
		all = append(all, f.Command)
	}
	return all
}

// A command for an exposed file or folder can be pasted: it names what was found, with its own mode.
func TestExposedFilesAreNamedInTheCommand(t *testing.T) {
	t.Parallel()
	w := newWard(t, sandbox.Config{})
	folder := filepath.Join(t.TempDir(), "a b's")
	for _, c := range []struct {
		name  string
		spoil func(store, key string, p *patient) string // tells the command
	}{
		{"store", func(store, _ string, _ *patient) string { os.Chmod(store, 0o644); return "chmod 600 " + store }},
		{"folder", func(store, _ string, _ *patient) string {
			os.Chmod(filepath.Dir(store), 0o755)
			return "chmod 700 " + filepath.Dir(store)
		}},
		{"key", func(_, key string, _ *patient) string { os.Chmod(key, 0o644); return "chmod 600 " + key }},
		{"settings", func(_, _ string, p *patient) string {
			os.Mkdir(folder, 0o700)
			file := filepath.Join(folder, "config.toml")
			os.WriteFile(file, nil, 0o600)
			os.Chmod(file, 0o666)
			p.Files = []doctor.File{{Path: file}}
			return "chmod go-w '" + strings.ReplaceAll(file, "'", `'\''`) + "'"
		}},
		{"certificate", func(_, key string, p *patient) string {
			file := filepath.Join(filepath.Dir(key), "app.pem")
			os.WriteFile(file, nil, 0o600)
			os.Chmod(file, 0o640)
			p.Files = []doctor.File{{Path: file, Secret: true}}
			return "chmod 600 " + file
		}},
	} {
		p := w.patient("app")
		s, data, key := storeWith(t)
		want := c.spoil(s.Path(), key, p)
		p.Store = openStore(t, data, key)
		p.only = []string{"store.open"}
		if got := commandsOf(t, w.examine(p)); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: got %q, want %q", c.name, got, want)
		}
	}
}

// Nothing is told to have been moved that was not, and a key that is wanted is named with its place.
func TestDamagedStoreIsToldAsItIs(t *testing.T) {
	t.Parallel()
	w := newWard(t, sandbox.Config{})
	p := w.patient("app")
	s, data, key := storeWith(t)
	os.Truncate(s.Path(), 20)
	p.Store, p.only = openStore(t, data, key), []string{"store.open"}
	if text := w.examine(p).Causes[0].Text; strings.Contains(text, "aside") || !strings.Contains(text, "left where it is") {
		t.Errorf("got %q", text)
	}
	p = w.patient("app")
	s, data, key = storeWith(t)
	id, err := s.CheckKey(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, _, other := storeWith(t)
	theirs, _ := os.ReadFile(other)
	os.WriteFile(key, theirs, 0o600)
	p.Store, p.only = openStore(t, data, key), []string{"store.open"}
	cause := w.examine(p).Causes[0]
	if strings.Contains(cause.Text, "aside") || !strings.Contains(cause.Fixes[0].Text, id.String()) || !strings.Contains(cause.Fixes[0].Text, key) {
		t.Errorf("got %q, and %q lacks key %s or %s", cause.Text, cause.Fixes[0].Text, id, key)
	}
}
