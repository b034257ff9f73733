package profile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// documented is the example of the manual, with every key.
const documented = `
default = "alerts"

[log]
recipients = "full"

[profiles.other]
address = "other@contoso.com"

[profiles.alerts]
address   = "alerts@contoso.com"
flow      = "certificate"
tenant    = "contoso.onmicrosoft.com"
client_id = "00000000-0000-0000-0000-000000000000"
cloud     = "worldwide"
keyring   = "auto"
auth_as   = "mailbox"
authority = "https://login.example.test/tenant"
ca_file   = "/etc/ssl/private-ca.pem"
scope     = ""
smtp      = { host = "smtp.example.test", port = 2587, tls = "starttls", chunking = true, initial_response = false }
proxy     = "socks5h://127.0.0.1:1080"
aliases   = { root = "ops@contoso.com", postmaster = "mail@contoso.com" }
notify_command = "/usr/local/bin/page"
`

func parse(t *testing.T, text string) *File {
	t.Helper()
	f, err := ParseFile("config.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestDocumentedFile(t *testing.T) {
	f := parse(t, documented)
	if f.Default != "alerts" || !slices.Equal(f.Names, []string{"other", "alerts"}) {
		t.Errorf("got default %q, names %v", f.Default, f.Names)
	}
	p, err := Resolve(Sources{File: f})
	if err != nil {
		t.Fatal(err)
	}
	wantSMTP := SMTP{Host: "smtp.example.test", Port: 2587, TLS: STARTTLS, Chunking: true}
	if p.SMTP != wantSMTP {
		t.Errorf("smtp: got %+v, want %+v", p.SMTP, wantSMTP)
	}
	for name, c := range map[string]struct{ got, want string }{
		"name":           {p.Name, "alerts"},
		"address":        {p.Address, "alerts@contoso.com"},
		"flow":           {string(p.Flow), "certificate"},
		"tenant":         {p.Tenant, "contoso.onmicrosoft.com"},
		"client_id":      {p.ClientID, "00000000-0000-0000-0000-000000000000"},
		"cloud":          {p.Cloud.ID, "worldwide"},
		"keyring":        {p.Keyring, "auto"},
		"auth_as":        {p.AuthAs, "mailbox"},
		"authority":      {p.Authority, "https://login.example.test/tenant"},
		"ca_file":        {p.CAFile, "/etc/ssl/private-ca.pem"},
		"scope":          {p.Scope, "https://outlook.office365.com/.default"},
		"proxy":          {p.Proxy.String(), "socks5h://127.0.0.1:1080"},
		"aliases":        {p.Aliases["root"] + " " + p.Aliases["postmaster"], "ops@contoso.com mail@contoso.com"},
		"notify_command": {p.NotifyCommand, "/usr/local/bin/page"},
		"log.recipients": {p.LogRecipients, "full"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", name, c.got, c.want)
		}
	}
}

func TestUnknownKeyNamesTheNearest(t *testing.T) {
	for _, c := range []struct{ text, key, nearest string }{
		{"[profiles.a]\naddrss = 'a@b.c'", "profiles.a.addrss", "address"},
		{"[profiles.a]\nsmtp = { hots = 'x' }", "profiles.a.smtp.hots", "smtp.host"},
		{"[profiles.a]\nsmtp_host = 'x'", "profiles.a.smtp_host", "smtp.host"},
		{"[profiles.a]\nclient-id = 'x'", "profiles.a.client-id", "client_id"},
		{"[profiles.a.smtp]\ninitial-response = true", "profiles.a.smtp.initial-response", "smtp.initial_response"},
		{"[profile.a]\naddress = 'a@b.c'", "profile", "profiles"},
		{"defalut = 'a'", "defalut", "default"},
		{"[log]\nrecipient = 'full'", "log.recipient", "log.recipients"},
		{"[profiles.a]\nclient_secret = 's3cr3t'", "profiles.a.client_secret", ""},
		{"[profiles.a]\nfrobnicate = 1", "profiles.a.frobnicate", ""},
		{"address = 'a@b.c'", "address", ""},
		{"[profiles.a]\nlog = { recipients = 'full' }", "profiles.a.log", ""},
	} {
		_, err := ParseFile("config.toml", []byte(c.text))
		var unknown *UnknownKeyError
		if !errors.As(err, &unknown) {
			t.Errorf("%q: got %v, want an unknown key", c.text, err)
			continue
		}
		if unknown.Key != c.key || unknown.Nearest != c.nearest {
			t.Errorf("%q: got key %q nearest %q, want %q %q", c.text, unknown.Key, unknown.Nearest, c.key, c.nearest)
		}
		if strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("the value is in the message: %v", err)
		}
	}
}

func TestSyntaxErrorHasPosition(t *testing.T) {
	for text, want := range map[string]string{
		"default = \"a\"\nb = !\n": "config.toml:2:",
		"default = ":               "config.toml:1:",
		"a = 1\na = 2":             "config.toml:2:",
		"a = \"\xff\"":             "config.toml:1:",
	} {
		_, err := ParseFile("config.toml", []byte(text))
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want a syntax error at %s", text, err, want)
		}
	}
}

func TestWrongTypesInFile(t *testing.T) {
	for text, key := range map[string]string{
		"default = 1":                               "default",
		"profiles = 1":                              "profiles",
		"[profiles]\na = 1":                         "profiles.a",
		"[profiles.a]\naddress = 1":                 "profiles.a.address",
		"[profiles.a]\nsmtp = { port = '587' }":     "profiles.a.smtp.port",
		"[profiles.a]\nsmtp = { port = 587.0 }":     "profiles.a.smtp.port",
		"[profiles.a]\nsmtp = { chunking = 'yes' }": "profiles.a.smtp.chunking",
		"[profiles.a]\naliases = { root = 1 }":      "profiles.a.aliases",
		"[profiles.a]\naliases = 'root=a@b.c'":      "profiles.a.aliases",
		"[[profiles]]\naddress = 'a@b.c'":           "profiles",
		"[log]\nrecipients = true":                  "log.recipients",
	} {
		_, err := ParseFile("config.toml", []byte(text))
		var value *ValueError
		if !errors.As(err, &value) || value.Key != key {
			t.Errorf("%q: got %v, want a wrong value of %s", text, err, key)
		}
	}
}

func TestHostileFiles(t *testing.T) {
	for name, text := range map[string]string{
		"arrays":      "a = " + strings.Repeat("[", 1<<19),
		"tables":      "a = " + strings.Repeat("{a=", 1<<18),
		"dotted keys": strings.Repeat("a.", 1<<18) + "a = 1",
	} {
		if _, err := ParseFile("config.toml", []byte(text)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := ParseFile("config.toml", make([]byte, maxFile+1)); !errors.Is(err, ErrFileSize) {
		t.Errorf("got %v, want %v", err, ErrFileSize)
	}
}

func TestManyProfilesAreNotDeep(t *testing.T) {
	var text strings.Builder
	for i := range 500 {
		fmt.Fprintf(&text, "# %s\n[profiles.p%d]\nsmtp = { port = %d }\n", strings.Repeat(".", 80), i, i+1)
	}
	if f := parse(t, text.String()); len(f.Names) != 500 {
		t.Errorf("got %d profiles, want 500", len(f.Names))
	}
}

func writeFile(t *testing.T, text string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadFile(t *testing.T) {
	f, err := ReadFile(writeFile(t, documented, 0o644))
	if err != nil || f.Default != "alerts" {
		t.Errorf("got %+v, %v", f, err)
	}
	if _, err := ReadFile(filepath.Join(t.TempDir(), "absent.toml")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("absent: got %v, want %v", err, fs.ErrNotExist)
	}
	if _, err := ReadFile(t.TempDir()); err == nil {
		t.Error("a folder was read")
	}
	if _, err := ReadFile(writeFile(t, strings.Repeat("#\n", maxFile), 0o600)); !errors.Is(err, ErrFileSize) {
		t.Errorf("large: got %v, want %v", err, ErrFileSize)
	}
}

func TestFileThatOthersCanWriteIsRefused(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has access control lists in place of modes")
	}
	for _, mode := range []os.FileMode{0o620, 0o602, 0o666} {
		_, err := ReadFile(writeFile(t, documented, mode))
		if _, ok := errors.AsType[*UnsafeFileError](err); !ok {
			t.Errorf("%o: got %v, want it refused", mode, err)
		}
	}
}

func FuzzParseFile(f *testing.F) {
	f.Add(documented)
	f.Add("[profiles.a]\nsmtp.port = 1\n[profiles.\"\\u0000\"]")
	f.Add("[profiles.a.aliases]\nroot = 'a@b.c,x=y@z.w'\n")
	f.Add(strings.Repeat("[", 300))
	f.Fuzz(func(t *testing.T, text string) {
		file, err := ParseFile("config.toml", []byte(text))
		if err != nil {
			return
		}
		for _, name := range file.Names {
			p, err := Resolve(Sources{File: file, Profile: name})
			if err != nil {
				continue
			}
			for _, v := range []string{p.Address, p.Tenant, p.ClientID, p.Authority, p.Scope, p.SMTP.Host, p.CAFile, p.NotifyCommand} {
				if strings.ContainsAny(v, "\r\n\x00\x1b") {
					t.Fatalf("control character in a setting: %q", v)
				}
			}
		}
	})
}
