package tokenstore

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestRekeyMovesOneProfile(t *testing.T) {
	s := newStore(t)
	neighbor := openStore(t, s.dir, "web", s.holder, false)
	write(t, s, "payload")
	write(t, neighbor, "its neighbor's")
	to := keyFileIn(t.TempDir())
	_, err := s.Rekey(t.Context(), to)
	wantReason(t, err, KeyAbsent) // a key is only made when asked for
	wantPayload(t, s, "payload")
	openStore(t, s.dir, "alerts", to, true)
	for range 2 { // the second time as after a crash before the configuration was written
		moved, err := s.Rekey(t.Context(), to)
		if err != nil {
			t.Fatal(err)
		}
		if moved.Holder() != to {
			t.Errorf("got holder %s, want %s", moved.Holder(), to)
		}
		wantPayload(t, moved, "payload")
	}
	fresh := openStore(t, s.dir, "alerts", s.holder, false)
	_, err = fresh.Read(t.Context())
	wantError[*OtherKeyError](t, err)
	wantPayload(t, neighbor, "its neighbor's")
}

func TestRekeyToAVariable(t *testing.T) {
	env := lookup(map[string]string{"MY_KEY": NewKey()})
	s := newStore(t)
	s.env = env
	write(t, s, "payload")
	moved, err := s.Rekey(t.Context(), Holder{Variable, "MY_KEY"})
	if err != nil {
		t.Fatal(err)
	}
	wantPayload(t, moved, "payload")
	write(t, moved, "renewed")
	wantPayload(t, moved, "renewed")
	_, err = Rotate(t.Context(), s.dir, moved.Holder(), env)
	wantReason(t, err, KeyFixed)
	wantPayload(t, moved, "renewed")
}

func TestRekeyWithoutTokens(t *testing.T) {
	s := newStore(t)
	to := keyFileIn(t.TempDir())
	openStore(t, s.dir, "alerts", to, true)
	moved, err := s.Rekey(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	write(t, moved, "payload")
	wantPayload(t, moved, "payload")
}

func TestRekeyOfUnreadable(t *testing.T) {
	s := newStore(t)
	to := keyFileIn(t.TempDir())
	write(t, openStore(t, s.dir, "alerts", to, true), "sealed with the new key")
	stranger := openStore(t, s.dir, "alerts", keyFileIn(t.TempDir()), true)
	_, err := stranger.Rekey(t.Context(), s.holder)
	wantError[*OtherKeyError](t, err)
	if moved, err := stranger.Rekey(t.Context(), to); err != nil {
		t.Errorf("already there: got %v", err)
	} else {
		wantPayload(t, moved, "sealed with the new key")
	}
}

// rotationFixture has three profiles with one key, a file of another key and a damaged one.
func rotationFixture(t *testing.T) []*Store {
	t.Helper()
	s := newStore(t)
	var stores []*Store
	for _, profile := range []string{"alerts", "Alerts", "web"} {
		stores = append(stores, openStore(t, s.dir, profile, s.holder, false))
		write(t, stores[len(stores)-1], "of "+profile)
	}
	write(t, openStore(t, s.dir, "foreign", keyFileIn(t.TempDir()), true), "of another key")
	writeFile(t, filepath.Join(s.dir, "hurt.store"), []byte("damaged"))
	return stores
}

func wantAll(t *testing.T, stores []*Store) {
	t.Helper()
	for _, s := range stores {
		wantPayload(t, s, "of "+s.profile) // with the key it remembers
		wantPayload(t, openStore(t, s.dir, s.profile, s.holder, false), "of "+s.profile)
	}
}

func rotate(t *testing.T, s *Store) Rotation {
	t.Helper()
	done, err := Rotate(t.Context(), s.dir, s.holder, nil)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func TestRotate(t *testing.T) {
	stores := rotationFixture(t)
	s := stores[0]
	wantAll(t, stores)
	before, _ := s.CheckKey(t.Context())
	done := rotate(t, s)
	if done.Key == before || !slices.Equal(done.Sealed, []string{"Alerts", "alerts", "web"}) || !slices.Equal(done.Foreign, []string{"foreign", "hurt"}) {
		t.Errorf("got %+v", done)
	}
	if after, err := s.CheckKey(t.Context()); err != nil || after != done.Key {
		t.Errorf("current key: got %s, %v, want %s", after, err, done.Key)
	}
	if _, err := os.Stat(s.holder.Place + ".next"); err == nil {
		t.Error("the next key was left")
	}
	wantAll(t, stores)
}

// TestRotateCutOff stops a rotation after each of its steps. Every file can be read and renewed in
// between, and the next rotation finishes.
func TestRotateCutOff(t *testing.T) {
	reseal := func(s *Store) error {
		k, err := s.source.load(t.Context(), next)
		if err != nil {
			return err
		}
		return s.reseal(t.Context(), k)
	}
	steps := []func([]*Store) error{
		func(all []*Store) error { return all[0].source.create(t.Context(), next, newKey()) },
		func(all []*Store) error { return reseal(all[0]) },
		func(all []*Store) error { return reseal(all[1]) },
		func(all []*Store) error { return reseal(all[2]) },
	}
	for last := range steps {
		stores := rotationFixture(t)
		for _, step := range steps[:last+1] {
			if err := step(stores); err != nil {
				t.Fatal(err)
			}
		}
		wantAll(t, stores)
		for _, s := range stores {
			write(t, s, "of "+s.profile)
		}
		newcomer := openStore(t, stores[0].dir, "newcomer", stores[0].holder, false)
		write(t, newcomer, "of newcomer")
		stores = append(stores, newcomer)
		planned, err := stores[0].source.load(t.Context(), next)
		if err != nil {
			t.Fatal(err)
		}
		if done := rotate(t, stores[0]); done.Key != planned.id || len(done.Sealed) != 4 {
			t.Errorf("after step %d: got %+v, want the key %s that was planned", last, done, planned.id)
		}
		wantAll(t, stores)
	}
}

// TestRotateCutOffAtTheEnd is a keychain that has the new key in both places.
func TestRotateCutOffAtTheEnd(t *testing.T) {
	stores := rotationFixture(t)
	key := readFile(t, stores[0].holder.Place)
	writeFile(t, stores[0].holder.Place+".next", key)
	before, _ := stores[0].CheckKey(t.Context())
	if done := rotate(t, stores[0]); done.Key != before {
		t.Errorf("got %+v, want key %s", done, before)
	}
	if got := filesIn(t, filepath.Dir(stores[0].holder.Place)); len(got) != 1 {
		t.Errorf("got %q, want one key", got)
	}
	wantAll(t, stores)
}

// TestRotateStops keeps the old key while a file cannot be sealed anew.
func TestRotateStops(t *testing.T) {
	stores := rotationFixture(t)
	file := readFile(t, stores[2].Path())
	newer := slices.Clone(file)
	newer[len(magic)], newer[headerSize] = 2, newer[headerSize]^1
	writeFile(t, stores[2].Path(), newer)
	_, err := Rotate(t.Context(), stores[0].dir, stores[0].holder, nil)
	wantError[*VersionError](t, err)
	writeFile(t, stores[2].Path(), file)
	wantAll(t, stores)
	rotate(t, stores[0])
	wantAll(t, stores)
}

// TestFirstWriteDuringRotation writes a profile's first file with the key that a rotation retires
// at that moment, having looked over the folder before.
func TestFirstWriteDuringRotation(t *testing.T) {
	s := newStore(t)
	s.source = &slowSource{keySource: s.source, after: func() { rotate(t, openStore(t, s.dir, "alerts", s.holder, false)) }}
	write(t, s, "payload")
	wantPayload(t, openStore(t, s.dir, "alerts", s.holder, false), "payload")
}

// TestKeyIsAskedOnce keeps a renewal (read, lock, read, write) from asking the keychain each time.
func TestKeyIsAskedOnce(t *testing.T) {
	s := newStore(t)
	write(t, s, "0")
	again := openStore(t, s.dir, "alerts", s.holder, false)
	counted := &countedSource{keySource: again.source}
	again.source = counted
	for range 2 {
		wantPayload(t, again, "0")
	}
	if err := count(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	wantPayload(t, again, "1")
	if counted.loads != 1 {
		t.Errorf("got %d questions, want 1", counted.loads)
	}
}

// countedSource counts how often a key is asked for.
type countedSource struct {
	keySource
	loads int
}

func (s *countedSource) load(ctx context.Context, which slot) (key, error) {
	s.loads++
	return s.keySource.load(ctx, which)
}

// slowSource lets something happen after it was first asked for the next key.
type slowSource struct {
	keySource
	after func()
}

func (s *slowSource) load(ctx context.Context, which slot) (key, error) {
	k, err := s.keySource.load(ctx, which)
	if after := s.after; after != nil && which == next {
		s.after = nil
		after()
	}
	return k, err
}
