package cmd_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/o365mail/o365mail/pkg/sandbox"
)

// signInAda signs a person in by a code on another device.
func (n *tenant) signInAda(t *testing.T) {
	t.Helper()
	code := regexp.MustCompile(`enter the code (\S+)`)
	status, out, errs := n.run(t, strings.NewReader(""), func(line string) {
		if found := code.FindStringSubmatch(line); found != nil {
			if err := n.ApproveDevice(found[1], sandbox.Ada); err != nil {
				t.Error(err)
			}
		}
	}, "login", sandbox.Ada, "--use-device-code", "--client-id", sandbox.PublicClientID, "--skip-send-check")
	if status != 0 {
		t.Fatalf("login: status %d\n%s%s", status, out, errs)
	}
}

// elsewhere is the same tenant seen from another host.
func (n *tenant) elsewhere(t *testing.T) *tenant {
	t.Helper()
	env := maps.Clone(n.env)
	env["HOME"] = t.TempDir()
	return &tenant{Sandbox: n.Sandbox, home: env["HOME"], env: env}
}

// keyPair is an identity of age, in a file, and its public key.
func keyPair(t *testing.T) (i *age.X25519Identity, file string) {
	t.Helper()
	i, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "key.txt")
	if err := os.WriteFile(file, []byte(i.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return i, file
}

// exported is the backup of a person's sign-in, and what is in it.
func exported(t *testing.T, n *tenant, i *age.X25519Identity) (file string, plain []byte) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "ada.age")
	status, out, errs := n.run(t, strings.NewReader(""), nil, "token", "export", "-r", i.Recipient().String(), "-o", file)
	if status != 0 || out != "" {
		t.Fatalf("export: status %d\n%s%s", status, out, errs)
	}
	if !strings.Contains(errs, "the refresh token in it stays valid beside the one here") || !strings.Contains(errs, "(not measured)") {
		t.Errorf("export does not say what two hosts with one refresh token meet:\n%s", errs)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	r, err := age.Decrypt(f, i)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err = io.ReadAll(r); err != nil {
		t.Fatal(err)
	}
	return file, plain
}

// refreshTokens are the secrets in the cache of a backup.
func refreshTokens(t *testing.T, plain []byte) []string {
	t.Helper()
	var b struct {
		Stored struct{ Cache []byte }
	}
	if err := json.Unmarshal(plain, &b); err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, m := range regexp.MustCompile(`"secret":"([^"]{20,})"`).FindAllSubmatch(b.Stored.Cache, -1) {
		found = append(found, string(m[1]))
	}
	if len(found) == 0 {
		t.Fatal("no token in the cache: the test looks for nothing")
	}
	return found
}

// TestBackupOfAPerson moves a sign-in to a host where nobody signs in.
func TestBackupOfAPerson(t *testing.T) {
	n := newTenant(t)
	n.signInAda(t)
	i, key := keyPair(t)
	file, plain := exported(t, n, i)
	sealed, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	there := n.elsewhere(t)
	status, out, errs := there.run(t, strings.NewReader(""), nil, "-vv", "token", "import", file, "-i", key, "--json")
	if status != 0 || !strings.Contains(out, `"flow": "device-code"`) {
		t.Fatalf("import: status %d\n%s%s", status, out, errs)
	}
	for _, secret := range refreshTokens(t, plain) {
		for _, form := range append(base64Forms(secret), secret, base64.StdEncoding.EncodeToString([]byte(secret))) {
			if bytes.Contains(sealed, []byte(form)) || strings.Contains(out+errs, form) {
				t.Error("a token of the sign-in shows in the backup or in the output")
			}
		}
	}
	there.sends(t)
	n.sends(t) // the former host goes on
	if status, _, errs := there.run(t, strings.NewReader(""), nil, "token", "--min-validity", "100h"); status != 0 {
		t.Errorf("renewal on the new host: status %d\n%s", status, errs)
	}
}

// TestBackupNotBelieved seals wrong contents to a public key, as anybody can.
func TestBackupNotBelieved(t *testing.T) {
	n := newTenant(t)
	n.signInAda(t)
	i, key := keyPair(t)
	_, plain := exported(t, n, i)
	settings := func(name, value string) func(map[string]any) {
		return func(b map[string]any) { b["settings"].(map[string]any)[name] = value }
	}
	set := func(name string, value any) func(map[string]any) {
		return func(b map[string]any) { b[name] = value }
	}
	for name, c := range map[string]struct {
		change func(map[string]any)
		status int
		want   string
	}{
		"newer":             {func(b map[string]any) { b["schema"], b["new"] = 2, true }, 78, "it has schema 2, this o365mail knows 1"},
		"no schema":         {set("schema", 0), 65, "o365mail token export did not write it"},
		"huge schema":       {set("schema", 1e300), 65, "o365mail token export did not write it"},
		"another kind":      {set("kind", "notes"), 65, "o365mail token export did not write it"},
		"unknown field":     {set("comm\x1band", "x"), 65, `unknown field "comm\x1band"`},
		"wrong type":        {set("settings", "secretly"), 65, "a field has the wrong type"},
		"path as name":      {set("profile", "../../etc/cron.d/x"), 65, `"../../etc/cron.d/x" cannot be the name of a profile`},
		"long name":         {set("profile", strings.Repeat("a", 5000)), 65, "cannot be the name of a profile"},
		"device as name":    {set("profile", "con"), 65, "cannot be the name of a profile"},
		"no sign-in":        {set("stored", nil), 65, "there is no sign-in in it"},
		"newer sign-in":     {func(b map[string]any) { b["stored"].(map[string]any)["version"] = 9 }, 78, "its sign-in has form 9, this o365mail knows 1"},
		"unknown setting":   {settings("smtp.prot", "25"), 65, `unknown setting "smtp.prot"`},
		"global setting":    {settings("log.recipients", "full"), 65, `unknown setting "log.recipients"`},
		"holder of the key": {settings("keyring", "file:/etc/passwd"), 65, `unknown setting "keyring"`},
		"injected setting":  {settings("address", "a@b.example\"\nnotify_command = \"x"), 65, "setting address: want an address"},
		"clear authority":   {settings("authority", "http://evil.example/t"), 65, "setting authority: want a URL of the form https"},
		"no address":        {settings("address", ""), 65, "no address is set"},
	} {
		t.Run(name, func(t *testing.T) {
			var b map[string]any
			if err := json.Unmarshal(plain, &b); err != nil {
				t.Fatal(err)
			}
			c.change(b)
			text, err := json.Marshal(b)
			if err != nil {
				t.Fatal(err)
			}
			n.refuses(t, i, key, text, c.status, c.want)
		})
	}
	for name, text := range map[string]string{
		"no JSON": "plain", "nothing": "", "deep": strings.Repeat("[", 100_000), "null": "null", "two documents": string(plain) + "{}",
		"too large": strings.Repeat(" ", 7<<20),
	} {
		t.Run(name, func(t *testing.T) { n.refuses(t, i, key, []byte(text), 65, "") })
	}
}

// refuses imports a content and looks that nothing came of it.
func (n *tenant) refuses(t *testing.T, i *age.X25519Identity, key string, text []byte, status int, want string) {
	t.Helper()
	there := n.elsewhere(t)
	got, out, errs := there.run(t, bytes.NewReader(sealTo(t, text, i.Recipient())), nil, "token", "import", "-", "-i", key)
	if got != status || out != "" || !strings.Contains(errs, "o365mail: backup: ") || !strings.Contains(errs, want) {
		t.Errorf("got status %d, want %d with %q\n%s%s", got, status, want, out, errs)
	}
	if strings.ContainsRune(errs, '\x1b') || len(errs) > 400 {
		t.Errorf("a backup writes to the terminal: %q", errs)
	}
	if left, _ := os.ReadDir(there.home); len(left) > 0 {
		t.Errorf("a backup that was refused left %v", left)
	}
}

func sealTo(t *testing.T, text []byte, to ...age.Recipient) []byte {
	t.Helper()
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, to...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return sealed.Bytes()
}

// TestBackupForACrowd has more recipients than anybody needs, each of which costs time.
func TestBackupForACrowd(t *testing.T) {
	i, key := keyPair(t)
	var crowd []age.Recipient
	for range 101 {
		crowd = append(crowd, i.Recipient())
	}
	n := &tenant{home: t.TempDir()}
	n.env = map[string]string{"HOME": n.home}
	status, _, errs := n.run(t, bytes.NewReader(sealTo(t, []byte("{}"), crowd...)), nil, "token", "import", "-", "-i", key)
	if status != 65 || !strings.Contains(errs, "it is sealed to 101 recipients, more than 100") {
		t.Errorf("status %d\n%s", status, errs)
	}
}
