package tokenstore

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// lookup is an environment.
func lookup(env map[string]string) Lookup {
	return func(name string) (string, bool) { v, ok := env[name]; return v, ok }
}

func TestVariable(t *testing.T) {
	text := NewKey()
	for value, want := range map[string]KeyReason{
		text:                    "",
		" " + text + "\n":       "",
		"":                      KeyAbsent,
		"short":                 KeyMalformed,
		text[:43]:               KeyMalformed,
		text[:40]:               KeyMalformed,
		text + text:             KeyMalformed,
		strings.Repeat("!", 44): KeyMalformed,
	} {
		s, err := Open(t.TempDir(), "alerts", Holder{Variable, "MY_KEY"}, lookup(map[string]string{"MY_KEY": value}))
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.CheckKey(t.Context())
		if want == "" && err != nil {
			t.Errorf("%q: got %v", value, err)
		}
		if want != "" {
			wantReason(t, err, want)
		}
		if err != nil && value != "" && strings.Contains(err.Error(), value) {
			t.Errorf("the error quotes the variable: %v", err)
		}
	}
}

func TestCredential(t *testing.T) {
	dir := t.TempDir()
	open := func(env map[string]string) error {
		s, err := Open(t.TempDir(), "alerts", Holder{Kind: Systemd}, lookup(env))
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.CheckKey(t.Context())
		return err
	}
	wantReason(t, open(nil), KeyUnreachable)
	wantReason(t, open(map[string]string{"CREDENTIALS_DIRECTORY": filepath.Join(dir, "absent")}), KeyAbsent)
	env := map[string]string{"CREDENTIALS_DIRECTORY": dir}
	wantReason(t, open(env), KeyAbsent)
	path := filepath.Join(dir, "o365mail-key")
	writeFile(t, path, []byte("no key"))
	wantReason(t, open(env), KeyMalformed)
	writeFile(t, path, []byte(NewKey()+"\n"))
	if err := open(env); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestKeyFile(t *testing.T) {
	h := Holder{KeyFile, filepath.Join(t.TempDir(), "new folder", "key")}
	s := openStore(t, filepath.Join(t.TempDir(), "data"), "alerts", h, false)
	_, err := s.CheckKey(t.Context())
	wantReason(t, err, KeyAbsent)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrNoTokens) {
		t.Errorf("%v can be mistaken for a profile without tokens", err)
	}
	wantReason(t, locked(t, s).Write(t.Context(), []byte("payload")), KeyAbsent)
	for i := range 2 {
		if created, err := s.CreateKey(t.Context()); err != nil || created != (i == 0) {
			t.Errorf("call %d: got %v, %v", i, created, err)
		}
	}
	text := readFile(t, h.Place)
	if key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text))); err != nil || len(key) != 32 {
		t.Errorf("got %d octets, %v", len(key), err)
	}
	if got := filesIn(t, filepath.Dir(h.Place)); len(got) != 1 {
		t.Errorf("got %q, want the key alone", got)
	}
	for _, content := range []string{"", "no key", strings.Repeat(" ", maxKeyFile) + string(text)} {
		writeFile(t, h.Place, []byte(content))
		_, err := openStore(t, s.dir, "alerts", h, false).CreateKey(t.Context())
		wantReason(t, err, KeyMalformed)
		if got := string(readFile(t, h.Place)); got != content {
			t.Errorf("the file %q was changed to %q", content, got)
		}
	}
}

// TestCreateNeverOverwrites is the race that the lock of the keys does not cover: a key file that
// another folder's store, or a person, makes at the same moment.
func TestCreateNeverOverwrites(t *testing.T) {
	h := keyFileIn(t.TempDir())
	writeFile(t, h.Place, []byte("another's"))
	err := fileKeys{h, h.Place}.create(t.Context(), current, newKey())
	wantReason(t, err, KeyUnreachable)
	if !errors.Is(err, fs.ErrExist) || string(readFile(t, h.Place)) != "another's" {
		t.Errorf("got %v and file %q", err, readFile(t, h.Place))
	}
}

func TestGivenKeysAreNotMade(t *testing.T) {
	env := lookup(map[string]string{"CREDENTIALS_DIRECTORY": t.TempDir()})
	for _, h := range []Holder{{Variable, "MY_KEY"}, {Kind: Systemd}} {
		s, err := Open(filepath.Join(t.TempDir(), "data"), "alerts", h, env)
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.CreateKey(t.Context())
		wantReason(t, err, KeyFixed)
		if err := s.ForgetKey(t.Context()); err != nil {
			t.Errorf("%s: nothing to forget: got %v", h, err)
		}
	}
}

func TestForgetKey(t *testing.T) {
	s := newStore(t)
	write(t, s, "payload")
	if e := wantError[*KeyInUseError](t, s.ForgetKey(t.Context())); len(e.Profiles) != 1 || e.Profiles[0] != "alerts" {
		t.Errorf("got %v", e.Profiles)
	}
	if err := locked(t, s).Remove(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.ForgetKey(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(s.holder.Place); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the key is still there: %v", err)
	}
	wantReason(t, func() error { _, err := s.CheckKey(t.Context()); return err }(), KeyAbsent)
}

// TestKeychainUntouched has no bus: go-keyring would run dbus-launch, so it must not be called.
func TestKeychainUntouched(t *testing.T) {
	for _, address := range []string{"", "autolaunch:"} {
		env := lookup(map[string]string{"DBUS_SESSION_BUS_ADDRESS": address})
		if reachable(env) == nil {
			t.Skip("skipped: the keychain of this system can be reached without DBUS_SESSION_BUS_ADDRESS")
		}
		asked := false
		_, err := keychainKeys{Holder{Kind: Keychain}, "test", env}.ask(t.Context(), func() (string, error) {
			asked = true
			return "", nil
		})
		wantReason(t, err, KeyUnreachable)
		if asked {
			t.Errorf("address %q: the keychain was asked", address)
		}
		fallback := keyFileIn(t.TempDir())
		if h, why := Choose(t.Context(), t.TempDir(), fallback, env); h != fallback || !isReason(why, KeyUnreachable) {
			t.Errorf("choice: got %s, %v", h, why)
		}
	}
}

// someBus lets the keychain be asked; nothing in these tests connects to it.
func someBus() Lookup {
	return lookup(map[string]string{"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"})
}

func TestSilentKeychainIsLocked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := keychainKeys{Holder{Kind: Keychain}, "test", someBus()}
		forever := make(chan struct{})
		defer close(forever)
		silent := func() (string, error) { <-forever; return "", nil }
		begun := time.Now()
		_, err := source.ask(t.Context(), silent)
		wantReason(t, err, KeyLocked)
		if took := time.Since(begun); took != 3*time.Second {
			t.Errorf("took %v, want 3 s", took)
		}
		stop := errors.New("stopped")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(stop)
		if _, err := source.ask(ctx, silent); !errors.Is(err, stop) {
			t.Errorf("got %v, want the cause of the end", err)
		}
	})
}

func TestBrokenKeychain(t *testing.T) {
	source := keychainKeys{Holder{Kind: Keychain}, "test", someBus()}
	_, err := source.ask(t.Context(), func() (string, error) { panic("nil signal") })
	wantReason(t, err, KeyUnreachable)
	_, err = source.ask(t.Context(), func() (string, error) { return "", errors.New("said\r\n\x1b[31m" + strings.Repeat("x", 600)) })
	wantReason(t, err, KeyUnreachable)
	if text := err.Error(); strings.ContainsAny(text, "\r\n\x1b") || len(text) > 600 {
		t.Errorf("got %q", text)
	}
}

func TestAccounts(t *testing.T) {
	a, b := accountOf("/home/a/.local/share/o365mail"), accountOf("/home/b/.local/share/o365mail")
	if a == b || a != accountOf("/home/a/.local/share/o365mail/") {
		t.Errorf("got %s and %s", a, b)
	}
}

// TestNothingPrintsTheKey prints everything that holds a key, in every way.
func TestNothingPrintsTheKey(t *testing.T) {
	s := newStore(t)
	write(t, s, "the payload")
	k := s.known()[0]
	if got := fmt.Sprintf("%v, %#v", k, k); got != "REDACTED, REDACTED" {
		t.Errorf("a key prints as %q", got)
	}
	raw := string(k.bytes())
	var out strings.Builder
	log := slog.New(slog.NewJSONHandler(&out, nil))
	l := locked(t, s)
	for _, v := range []any{s, l, k, []key{k}, s.source, s.keys} {
		fmt.Fprintf(&out, "%v %+v %#v %s %x %q %d\n", v, v, v, v, v, v, v)
		log.Info("", slog.Any("v", v))
		text, _ := json.Marshal(v)
		out.Write(text)
	}
	for name, secret := range map[string]string{
		"text": k.text(), "octets": raw, "hexadecimal": fmt.Sprintf("%x", raw), "list": strings.Trim(fmt.Sprintf("%d", []byte(raw)), "[]"), "payload": "the payload",
	} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("the %s of the key was printed", name)
		}
	}
}
