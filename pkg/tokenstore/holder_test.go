package tokenstore

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestParseHolder(t *testing.T) {
	for text, want := range map[string]Holder{
		"auto":            {Kind: Auto},
		"keychain":        {Kind: Keychain},
		"systemd":         {Kind: Systemd},
		"file:/etc/a:key": {KeyFile, "/etc/a:key"},
		"env:_KEY_2":      {Variable, "_KEY_2"},
	} {
		got, err := ParseHolder(text)
		if err != nil || got != want || got.String() != text {
			t.Errorf("%s: got %+v, %v, want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "plain", "Keychain", "auto:", "keychain:x", "systemd:x", "file:", "file", "file:/a\nb", "env:", "env:A B", "env:1A", "env:Ä", "env:A=B"} {
		_, err := ParseHolder(text)
		if e := wantError[*HolderError](t, err); e.Text != text {
			t.Errorf("%q: got %v", text, e)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, h := range []Holder{{}, {Kind: Auto}, {KeyFile, "relative/key"}, {Kind: "plain"}} {
		_, err := Open(t.TempDir(), "alerts", h, nil)
		wantError[*HolderError](t, err)
		_, err = Rotate(t.Context(), t.TempDir(), h, nil)
		wantError[*HolderError](t, err)
	}
	for _, name := range []string{"", ".", "..", ".keys", "a/b", `a\b`, "a\x00", "a b", "a.", "!a", "ä", "nul", "COM1.x", strings.Repeat("a", 65)} {
		_, err := Open(t.TempDir(), name, Holder{Kind: Keychain}, nil)
		if e := wantError[*ProfileNameError](t, err); e.Name != name {
			t.Errorf("%q: got %v", name, e)
		}
	}
}

func TestNamesAreApart(t *testing.T) {
	seen := map[string]string{}
	for _, name := range []string{"alerts", "Alerts", "ALERTS", "alertS", "a.store", "a", "com", "com10", "console", "a-b_c.d"} {
		if err := checkName(name); err != nil {
			t.Error(err)
		}
		file := strings.ToLower(escape(name)) // as macOS and Windows compare
		if other, taken := seen[file]; taken {
			t.Errorf("%s and %s share the file %s", name, other, file)
		}
		seen[file] = name
		if got, ok := unescape(escape(name)); !ok || got != name {
			t.Errorf("%s: unescaped as %q, %v", name, got, ok)
		}
	}
	for _, name := range []string{"", "!", "!!a", "a!", "Alerts", ".keys", "!1", "nul"} {
		if got, ok := unescape(name); ok {
			t.Errorf("%q: got profile %q, want none", name, got)
		}
	}
}

func TestAsideNames(t *testing.T) {
	for name, want := range map[string]bool{
		"a.store.damaged-20261124T174359Z-000000001":  true,
		"a.store.replaced-20261124T174359Z-999999999": true,
		"a.store":          false,
		"a.store.damaged-": false,
		"a.store.damaged-20261324T174359Z-000000001":       false,
		"a.store.damaged-20261124T174359Z-00000000x":       false,
		"a.store.damaged-20261124T174359Z-000000001.store": false,
		"b.store.damaged-20261124T174359Z-000000001":       false,
	} {
		if got := isAside(name, "a.store"); got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

func TestList(t *testing.T) {
	s := newStore(t)
	if got, err := List(filepath.Join(s.dir, "absent")); err != nil || got != nil {
		t.Errorf("no folder: got %+v, %v", got, err)
	}
	for _, profile := range []string{"web", "Alerts", "alerts"} {
		write(t, openStore(t, s.dir, profile, s.holder, false), "payload of "+profile)
	}
	writeFile(t, filepath.Join(s.dir, "short.store"), []byte("o365mts\x01"))
	writeFile(t, filepath.Join(s.dir, "not ours.store"), nil)
	id, err := s.CheckKey(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	entries, err := List(s.dir)
	if err != nil || len(entries) != 4 {
		t.Fatalf("got %+v, %v, want 4 entries", entries, err)
	}
	for i, profile := range []string{"Alerts", "alerts", "short", "web"} {
		e := entries[i]
		if e.Profile != profile || e.Path != filepath.Join(s.dir, escape(profile)+".store") {
			t.Errorf("entry %d: got %+v, want %s", i, e, profile)
		}
		if profile == "short" {
			wantError[*DamagedError](t, e.Err)
		} else if size := int64(headerSize + len("payload of "+profile) + tagSize); e.KeyID != id || e.Size != size || e.Modified.IsZero() || e.Err != nil {
			t.Errorf("entry %d: got %+v, want key %s and size %d", i, e, id, size)
		}
	}
}
