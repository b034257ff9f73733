//go:build peers

package peers_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/o365mail/o365mail/pkg/sandbox"
)

// patience is how long a call may take that finds its key's holder silent: cron jobs pile up else.
const patience = 4 * time.Second

const keyringPassword = "the password of the session"

// loginInSession makes the profile "desktop", whose key lies in gnome-keyring, and the profile that
// is the default if there is none.
func (u user) loginInSession(t *testing.T, more string) {
	t.Helper()
	o := u.inSession(t, keyringPassword, "o365mail login -p desktop "+ada+" --use-device-code --keyring keychain --client-id "+
		sandbox.PublicClientID+" && "+more)
	if o.status != 0 {
		t.Fatalf("status %d\n%s%s", o.status, o.stdout, o.stderr)
	}
	u.leavesNothing(t)
}

// TestDesktopSession: the whole program with gnome-keyring, unlocked and locked.
func TestDesktopSession(t *testing.T) {
	if !onPrivateHost(t) {
		return
	}
	c, u := startCloud(t), newUser(t)
	u.loginInSession(t, "o365mail token >token && echo hello | o365mail send -s Session ops@contoso.com")
	if token := readFile(t, u.path("token")); bytes.Count(token, []byte(".")) != 2 {
		t.Errorf("token printed %q", token)
	}
	c.arrived(t, 0, "Subject: Session")
	before := u.secrets(t)
	for _, command := range []string{
		"o365mail token",
		"echo hello | o365mail send -s Locked ops@contoso.com",
		"o365mail login -p other " + ada + " --use-device-code --keyring keychain --client-id " + sandbox.PublicClientID,
	} {
		session := u.inSession(t, "", timed("locked", command))
		o := u.job(t, "locked")
		if o.took > patience {
			t.Errorf("%s: took %v with a locked keyring", command, o.took)
		}
		if session.status != 0 || o.status != 78 || !strings.Contains(o.stderr, "locked") || !strings.Contains(o.stderr, "--keyring file:") {
			t.Errorf("%s: status %d, want 78 with the cause and the cure\n%s%s", command, o.status, o.stdout, o.stderr)
		}
	}
	c.arrived(t, 0, "Subject: Session") // still the only one
	if after := u.secrets(t); after != before {
		t.Errorf("a locked keyring was changed, or a new key made:\n%s\nbefore:\n%s", after, before)
	}
	u.leavesNothing(t)
}

// secrets is the content of every file that keeps one.
func (u user) secrets(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, pattern := range []string{".local/share/keyrings/*", ".local/share/o365mail/*.store", ".config/o365mail/*"} {
		names, err := filepath.Glob(u.path(pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			all.WriteString(name + "\n" + string(readFile(t, name)) + "\n")
		}
	}
	if !strings.Contains(all.String(), "login.keyring") || !strings.Contains(all.String(), "desktop.store") {
		t.Fatal("neither keyring nor sealed file are where they are looked for")
	}
	return all.String()
}
