//go:build peers

package peers_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/o365mail/o365mail/pkg/sandbox"
)

// recipe is the code block of the README below the comment that names it.
func recipe(t *testing.T, name string) string {
	t.Helper()
	block := regexp.MustCompile("(?m)^<!-- recipe: " + regexp.QuoteMeta(name) + " -->\n```.*\n((?s:.*?))^```$")
	found := block.FindSubmatch(readFile(t, "../../README.md"))
	if found == nil {
		t.Fatalf("README.md has no recipe %s", name)
	}
	return string(found[1])
}

const sentByHand = "From: " + ada + "\nTo: ops@contoso.com\nSubject: Peer\n\nfrom "

// TestRecipes runs the lines of the README as they are printed, with the programs that they are for.
func TestRecipes(t *testing.T) {
	if !onPrivateHost(t) {
		return
	}
	c := startCloud(t)
	c.run(t, "", "o365mail", "login", ada, "--client-id", sandbox.PublicClientID, "--use-device-code")
	t.Run("msmtp", func(t *testing.T) {
		c.write(t, ".msmtprc")
		before := len(c.Messages())
		c.run(t, sentByHand+"msmtp\n", "msmtp", "ops@contoso.com")
		c.arrived(t, before, "from msmtp")
	})
	t.Run("curl", func(t *testing.T) {
		if err := os.WriteFile(filepath.Join(c.home, "message.eml"), []byte(sentByHand+"curl\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		before := len(c.Messages())
		c.run(t, "", "sh", "-euc", recipe(t, "curl"))
		c.arrived(t, before, "from curl")
	})
	t.Run("mutt sends", func(t *testing.T) {
		c.write(t, ".muttrc")
		before := len(c.Messages())
		c.run(t, "from mutt\n", "mutt", "-s", "Peer", "ops@contoso.com")
		c.arrived(t, before, "from mutt")
	})
	t.Run("mutt reads", func(t *testing.T) {
		c.write(t, ".muttrc")
		said := c.run(t, "", "TERM=xterm", "script", "--quiet", "--return", "--command", `mutt -e 'set wait_key=no' -e 'push "<pipe-message>cat >piped<enter><exit>"'`, "/dev/null")
		if piped, err := os.ReadFile(filepath.Join(c.home, "piped")); err != nil || !bytes.Contains(piped, []byte("from the mailbox")) {
			t.Errorf("read %q, %v\n%q", piped, err, said)
		}
	})
	t.Run("isync", func(t *testing.T) {
		c.write(t, ".mbsyncrc")
		said := c.run(t, "", "sh", "-euc", "mkdir -p ~/Mail && mbsync inbox")
		files, err := filepath.Glob(filepath.Join(c.home, "Mail/INBOX/new/*"))
		if err != nil || len(files) != 1 || !bytes.Contains(readFile(t, files[0]), []byte("from the mailbox")) {
			t.Errorf("fetched %q, %v\n%s", files, err, said)
		}
	})
	t.Run("git credential", func(t *testing.T) {
		c.run(t, "", "sh", "-euc", recipe(t, "git"))
		said := c.run(t, "protocol=smtp\nhost=smtp.office365.com:587\n\n", "git", "credential", "fill")
		if token := strings.TrimSpace(c.run(t, "", "o365mail", "token")); !strings.Contains(said, "username="+ada+"\npassword="+token+"\n") {
			t.Errorf("git got %q", said)
		}
	})
}
