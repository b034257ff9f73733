package cmd_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/o365mail/o365mail/pkg/sandbox"
)

// TestLoginForService makes the profile of a process that has no home folder, and sends as that
// process.
func TestLoginForService(t *testing.T) {
	n := newTenant(t)
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte(sandbox.AppSecret), 0o600); err != nil {
		t.Fatal(err)
	}
	login := []string{"login", sandbox.SharedMailbox, "--system", "--client-id", sandbox.AppClientID, "--tenant", sandbox.ContosoTenantID, "--client-secret-file", secret}
	if status, out, errs := n.run(t, strings.NewReader(""), nil, login...); status != 0 {
		t.Fatalf("status %d\n%s%s", status, out, errs)
	}
	store := filepath.Join(n.root, "var/lib/o365mail", strconv.Itoa(os.Geteuid()))
	for path, want := range map[string]os.FileMode{
		filepath.Join(n.root, "etc/o365mail/config.toml"): 0o644,
		store:                                 os.ModeDir | 0o700,
		filepath.Join(store, "alerts.store"):  0o600,
		filepath.Join(store, "key"):           0o600,
		filepath.Join(n.root, "etc/o365mail"): os.ModeDir | 0o755,
	} {
		if info, err := os.Stat(path); err != nil || info.Mode() != want {
			t.Errorf("%s: got %v, %v, want %v", path, info, err, want)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(n.home, ".*")); len(left) > 0 {
		t.Errorf("the home folder got %q", left)
	}
	for _, home := range []string{"", "/dev/null", "/nonexistent"} {
		n.env["HOME"] = home
		n.sends(t)
	}
	if _, err := os.Stat(filepath.Join(store, "log.jsonl")); err != nil {
		t.Error(err)
	}
	if status, out, errs := n.run(t, strings.NewReader(""), nil, "logout", "--purge"); status != 0 {
		t.Errorf("logout: status %d\n%s%s", status, out, errs)
	}
	if _, err := os.Stat(filepath.Join(store, "key")); !os.IsNotExist(err) {
		t.Errorf("the key remained: %v", err)
	}
}

// TestLoginForUnknownService has nobody to store for, and says so before it signs in.
func TestLoginForUnknownService(t *testing.T) {
	n := newTenant(t)
	status, _, errs := n.run(t, strings.NewReader(""), nil, "login", sandbox.SharedMailbox, "--system", "--service-user", "no-such-user")
	if status != 64 || !strings.Contains(errs, "no-such-user") {
		t.Errorf("status %d\n%s", status, errs)
	}
}
