package profile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const savedBefore = `# our mail
default = "other" # keep

[profiles.other] # first
address = "o@contoso.com"
aliases = { root = "r@contoso.com" }

[profiles.alerts]
address = "old@contoso.com"
[profiles.alerts.smtp]
host = "old.example"

# the end
[log]
recipients = "full"
`

func save(t *testing.T, before string, values map[string]string) (string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "o365mail", "config.toml")
	if before != "" {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	err := Save(path, "alerts", values)
	after, _ := os.ReadFile(path)
	return string(after), err
}

func TestSaveKeepsTheRest(t *testing.T) {
	after, err := save(t, savedBefore, map[string]string{
		"address": "alerts@contoso.com", "smtp.port": "2525", "smtp.chunking": "true", "aliases": "root=a@b.c,x=y@z.w", "scope": "",
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# our mail\n", `default = "other" # keep`, "[profiles.other] # first\n", "[log]\nrecipients = \"full\"\n"} {
		if !strings.Contains(after, want) {
			t.Errorf("%q is gone from\n%s", want, after)
		}
	}
	if strings.Contains(after, "old") {
		t.Errorf("the former profile is still in\n%s", after)
	}
	f, err := ParseFile("config.toml", []byte(after))
	if err != nil {
		t.Fatal(err)
	}
	p, err := Resolve(Sources{Profile: "alerts", File: f})
	if err != nil || p.Address != "alerts@contoso.com" || p.SMTP.Port != 2525 || !p.SMTP.Chunking || p.Aliases["x"] != "y@z.w" {
		t.Errorf("got %+v, %v", p, err)
	}
}

func TestSaveMakesTheFirstTheDefault(t *testing.T) {
	after, err := save(t, "", map[string]string{"address": "alerts@contoso.com"})
	if err != nil || !strings.HasPrefix(after, "default = \"alerts\"\n") {
		t.Errorf("got %q, %v", after, err)
	}
}

func TestSaveRefuses(t *testing.T) {
	for name, values := range map[string]map[string]string{
		"value":     {"address": "not an address"},
		"injection": {"address": "a@b.c\"\ndefault = \"x"},
		"port":      {"smtp.port": "1\nflow = 'browser'"},
		"table":     {"aliases": "root"},
	} {
		after, err := save(t, savedBefore, values)
		if err == nil || after != savedBefore {
			t.Errorf("%s: %v, and the file became\n%s", name, err, after)
		}
	}
	var bad *NameError
	if err := Save(filepath.Join(t.TempDir(), "c"), "../x", nil); !errors.As(err, &bad) {
		t.Errorf("name: %v", err)
	}
}

func TestDelete(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := Delete(path, "alerts"); err != nil {
		t.Errorf("without a file: %v", err)
	}
	if err := os.WriteFile(path, []byte(savedBefore), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"alerts", "other"} {
		if err := Delete(path, name); err != nil {
			t.Fatal(err)
		}
	}
	f, err := ReadFile(path)
	if err != nil || len(f.Names) != 0 || f.Default != "" {
		t.Errorf("left %q, default %q, %v", f.Names, f.Default, err)
	}
}

func FuzzSave(f *testing.F) {
	f.Add("a@b.c", "host", "root=a@b.c")
	f.Add("a@b.c\"", "x\\\"", "root=\"=a@b.c")
	f.Fuzz(func(t *testing.T, address, host, aliases string) {
		block, err := profileBlock("p", map[string]string{"address": address, "smtp.host": host, "aliases": aliases})
		if err != nil {
			return
		}
		file, err := ParseFile("c", block)
		if err != nil {
			return
		}
		if len(file.Names) != 1 || len(file.profiles["p"]) > 3 || len(file.global) > 0 {
			t.Fatalf("%q became %q", block, file.profiles)
		}
	})
}
