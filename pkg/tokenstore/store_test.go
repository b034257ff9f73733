package tokenstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestWriteAndRead(t *testing.T) {
	s := newStore(t)
	if _, err := s.Read(t.Context()); !errors.Is(err, ErrNoTokens) {
		t.Errorf("before the first write: got %v, want ErrNoTokens", err)
	}
	for _, payload := range []string{"first", "", strings.Repeat("x", MaxPayload)} {
		write(t, s, payload)
		got, err := s.Read(t.Context())
		if err != nil || string(got) != payload {
			t.Errorf("got %d octets, %v, want %d", len(got), err, len(payload))
		}
	}
	want := []string{".keys.lock", "alerts.lock", "alerts.store"}
	if got := filesIn(t, s.dir); !slices.Equal(got, want) {
		t.Errorf("files: got %q, want %q", got, want)
	}
}

func TestNoFolderIsNoTokens(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "absent")
	s := openStore(t, dir, "alerts", Holder{Kind: Systemd}, false)
	if _, err := s.Read(t.Context()); !errors.Is(err, ErrNoTokens) {
		t.Errorf("got %v, want ErrNoTokens, and no question for the key", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("reading made the folder: %v", err)
	}
}

func TestTooLargeLeavesTheFile(t *testing.T) {
	s := newStore(t)
	write(t, s, "kept")
	l := locked(t, s)
	for name, do := range map[string]func(context.Context, []byte) error{"Write": l.Write, "Replace": l.Replace} {
		if err := do(t.Context(), make([]byte, MaxPayload+1)); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: got %v, want ErrTooLarge", name, err)
		}
	}
	wantPayload(t, s, "kept")
}

// TestDamagedFile damages the file in every way; each read says so, keeps the damaged file beside
// and leaves room for a new login.
func TestDamagedFile(t *testing.T) {
	s := newStore(t)
	write(t, s, "payload")
	good := readFile(t, s.Path())
	other := openStore(t, s.dir, "Alerts", s.holder, false)
	write(t, other, "another profile's")
	cases := map[string][]byte{
		"empty":           {},
		"huge":            bytes.Repeat([]byte{0}, maxFileSize+1000),
		"text":            []byte("{\"AccessToken\":{}}\n"),
		"another profile": readFile(t, other.Path()),
	}
	for at := range good {
		changed := bytes.Clone(good)
		changed[at] ^= 0x20
		cases[fmt.Sprintf("octet %d changed", at)] = changed
		cases[fmt.Sprintf("cut after %d", at)] = good[:at]
	}
	for name, content := range cases {
		writeFile(t, s.Path(), content)
		_, err := s.Read(t.Context())
		damaged, ok := errors.AsType[*DamagedError](err)
		if !ok {
			t.Errorf("%s: got %T %v, want *DamagedError", name, err, err)
			continue
		}
		aside := filepath.Join(s.dir, damaged.Aside)
		if !strings.HasPrefix(damaged.Aside, "alerts.store.damaged-") || !bytes.Equal(readFile(t, aside), content) {
			t.Errorf("%s: set aside as %q", name, damaged.Aside)
		}
		if _, err := s.Read(t.Context()); !errors.Is(err, ErrNoTokens) {
			t.Errorf("%s: second read: got %v, want ErrNoTokens", name, err)
		}
	}
	write(t, s, "logged in again")
	wantPayload(t, s, "logged in again")
	wantPayload(t, other, "another profile's")
}

// TestGoodFileIsNotSetAside reads damage, and a writer repairs it before the lock is had.
func TestGoodFileIsNotSetAside(t *testing.T) {
	s := newStore(t)
	write(t, s, "payload")
	_, err := s.readAgain(t.Context(), &DamagedError{Path: s.Path(), Err: errSeal})
	if err != nil {
		t.Errorf("got %v", err)
	}
	wantPayload(t, s, "payload")
}

func TestDamageIsToldWhileAnotherHoldsTheLock(t *testing.T) {
	s := newStore(t)
	write(t, s, "payload")
	writeFile(t, s.Path(), []byte("damaged"))
	l := locked(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Read(ctx)
	if damaged := wantError[*DamagedError](t, err); damaged.Aside != "" {
		t.Errorf("set aside as %q without the lock", damaged.Aside)
	}
	if err := l.Write(t.Context(), []byte("renewed")); err != nil {
		t.Errorf("the holder of the lock: %v", err)
	}
	wantPayload(t, s, "renewed")
}

func TestOtherKeyIsLeftAlone(t *testing.T) {
	s := newStore(t)
	write(t, s, "payload")
	before := readFile(t, s.Path())
	stranger := openStore(t, s.dir, "alerts", keyFileIn(t.TempDir()), true)
	_, err := stranger.Read(t.Context())
	e := wantError[*OtherKeyError](t, err)
	id, err := s.CheckKey(t.Context())
	if err != nil || e.File != id || e.Held == id || e.Holder != stranger.holder {
		t.Errorf("got %+v, %v, want file key %s", e, err, id)
	}
	wantError[*OtherKeyError](t, locked(t, stranger).Write(t.Context(), []byte("lost")))
	if !bytes.Equal(readFile(t, s.Path()), before) {
		t.Error("the file was changed")
	}
}

func TestNewerVersionIsLeftAlone(t *testing.T) {
	s := newStore(t)
	write(t, s, "payload")
	file := readFile(t, s.Path())
	file[len(magic)], file[headerSize] = 2, file[headerSize]^1
	writeFile(t, s.Path(), file)
	_, err := s.Read(t.Context())
	if e := wantError[*VersionError](t, err); e.Version != 2 {
		t.Errorf("got version %d, want 2", e.Version)
	}
	wantError[*VersionError](t, locked(t, s).Write(t.Context(), nil))
	if !bytes.Equal(readFile(t, s.Path()), file) {
		t.Error("the file was changed")
	}
}

// TestReplace goes on after a login whatever is in the way, and loses none of it.
func TestReplace(t *testing.T) {
	s := newStore(t)
	stranger := openStore(t, s.dir, "alerts", keyFileIn(t.TempDir()), true)
	write(t, stranger, "sealed with a lost key")
	before := readFile(t, s.Path())
	l := locked(t, s)
	if err := l.Replace(t.Context(), []byte("new login")); err != nil {
		t.Fatal(err)
	}
	l.Unlock()
	wantPayload(t, s, "new login")
	entries, err := List(s.dir)
	if err != nil || len(entries) != 1 || len(entries[0].Aside) != 1 {
		t.Fatalf("got %+v, %v, want one file set aside", entries, err)
	}
	if !bytes.Equal(readFile(t, filepath.Join(s.dir, entries[0].Aside[0])), before) {
		t.Error("what was set aside is not what was there")
	}
}

func TestReplaceNeedsTheKey(t *testing.T) {
	s := newStore(t)
	write(t, s, "payload")
	keyless := openStore(t, s.dir, "alerts", keyFileIn(t.TempDir()), false)
	err := locked(t, keyless).Replace(t.Context(), []byte("lost"))
	wantReason(t, err, KeyAbsent)
	wantPayload(t, s, "payload")
}

func TestRemoveAndPurge(t *testing.T) {
	s := newStore(t)
	neighbor := openStore(t, s.dir, "alerts.store.tmp-0123456789abcdef", s.holder, false)
	write(t, neighbor, "kept")
	write(t, s, "payload")
	writeFile(t, s.Path(), []byte("damaged"))
	if _, err := s.Read(t.Context()); err == nil {
		t.Fatal("damage was not seen")
	}
	write(t, s, "payload")
	writeFile(t, s.Path()+".tmp-0123456789abcdef", nil)
	l := locked(t, s)
	for range 2 {
		if err := l.Remove(); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Read(t.Context()); !errors.Is(err, ErrNoTokens) {
			t.Errorf("after Remove: got %v", err)
		}
	}
	if got := len(filesIn(t, s.dir)); got != 6 {
		t.Errorf("after Remove: got %q", filesIn(t, s.dir))
	}
	if err := l.Purge(); err != nil {
		t.Fatal(err)
	}
	want := []string{".keys.lock", "alerts.lock", neighbor.profile + ".lock", neighbor.profile + ".store"}
	if got := filesIn(t, s.dir); !slices.Equal(got, want) {
		t.Errorf("after Purge: got %q, want %q", got, want)
	}
	wantPayload(t, neighbor, "kept")
}

func TestWriteSweepsTempFiles(t *testing.T) {
	s := newStore(t)
	write(t, s, "payload")
	for _, name := range []string{"alerts.store.tmp-0123456789abcdef", "alerts.store.tmp-abc", "alerts.store.tmp-mine", "alertss.store.tmp-0123456789abcdef"} {
		writeFile(t, filepath.Join(s.dir, name), []byte("left behind"))
	}
	write(t, s, "payload")
	want := []string{".keys.lock", "alerts.lock", "alerts.store", "alerts.store.tmp-abc", "alerts.store.tmp-mine", "alertss.store.tmp-0123456789abcdef"}
	if got := filesIn(t, s.dir); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
