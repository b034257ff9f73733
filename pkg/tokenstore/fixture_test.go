package tokenstore

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// newStore makes a store with a key file in a fresh folder.
func newStore(t *testing.T) *Store {
	t.Helper()
	return openStore(t, filepath.Join(t.TempDir(), "data"), "alerts", keyFileIn(t.TempDir()), true)
}

func keyFileIn(dir string) Holder { return Holder{KeyFile, filepath.Join(dir, "key")} }

func openStore(t *testing.T, dir, profile string, h Holder, create bool) *Store {
	t.Helper()
	s, err := Open(dir, profile, h, nil)
	if err != nil {
		t.Fatal(err)
	}
	if create {
		if _, err := s.CreateKey(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func locked(t *testing.T, s *Store) *Locked {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	l, err := s.Lock(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Unlock)
	return l
}

func write(t *testing.T, s *Store, payload string) {
	t.Helper()
	l := locked(t, s)
	defer l.Unlock()
	if err := l.Write(t.Context(), []byte(payload)); err != nil {
		t.Fatal(err)
	}
}

func wantPayload(t *testing.T, s *Store, want string) {
	t.Helper()
	if got, err := s.Read(t.Context()); err != nil || string(got) != want {
		t.Errorf("read: got %q, %v, want %q", got, err, want)
	}
}

// wantError fails unless err is of the type.
func wantError[E error](t *testing.T, err error) E {
	t.Helper()
	e, ok := errors.AsType[E](err)
	if !ok {
		t.Fatalf("got error %T %v, want %T", err, err, e)
	}
	return e
}

func wantReason(t *testing.T, err error, want KeyReason) {
	t.Helper()
	if e := wantError[*KeyError](t, err); e.Reason != want {
		t.Errorf("got %v, want reason %q", e, want)
	}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func writeFile(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func filesIn(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, e := range entries {
		found = append(found, e.Name())
	}
	return found
}
