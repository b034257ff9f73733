//go:build peers

package peers_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/o365mail/o365mail/pkg/sandbox"
)

// TestLoginLines calls the README's lines for logging in one after the other as they are printed.
// Only APPID is filled in.
func TestLoginLines(t *testing.T) {
	if !onPrivateHost(t) {
		return
	}
	c := startCloud(t)
	n := terminal{append(c.env, "BROWSER=true"), c.home}
	for name, content := range map[string][]byte{"secret.txt": []byte(sandbox.AppSecret), "app.pem": readFile(t, c.CertificateFile())} {
		if err := os.WriteFile(filepath.Join(c.home, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for line := range strings.Lines(recipe(t, "login")) {
		who, app := ada, sandbox.PublicClientID
		if strings.Contains(line, alerts) {
			who, app = alerts, sandbox.AppClientID
		}
		line = strings.ReplaceAll(line, "APPID", app)
		stdin, paste := io.Pipe()
		elsewhere := strings.Contains(line, "--paste")
		if !elsewhere {
			_ = paste.Close()
		}
		o := n.command(t, stdin, c.person(t, elsewhere, paste), "sh", "-euc", line)
		if o.status != 0 {
			t.Errorf("%s: status %d\n%s%s", line, o.status, o.stdout, o.stderr)
		}
		if strings.Contains(line, "o365mail login") && !strings.Contains(o.stdout, "can send as "+who) {
			t.Errorf("%s: does not say that it can send as %s\n%s", line, who, o.stdout)
		}
	}
	if listed := c.run(t, "", "o365mail", "profiles"); !strings.Contains(listed, ada) || !strings.Contains(listed, alerts) {
		t.Errorf("profiles lists %s", listed)
	}
	_, job, _ := strings.Cut(recipe(t, "crontab"), "* * *")
	c.run(t, "", "sh", "-euc", job)
	c.arrived(t, 0, "Subject: Disk report")
}

// person has a browser for the address that login shows: at the same machine, or at another one,
// from which the address where it ends is pasted. The sandbox asks no questions.
func (c cloud) person(t *testing.T, elsewhere bool, paste io.WriteCloser) func(string) {
	t.Helper()
	v := newVisitor(t, c.CAFile())
	return func(line string) {
		switch {
		case !strings.HasPrefix(line, "https://login.microsoftonline.com/"):
		case elsewhere:
			go func() {
				v.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
				answer, err := v.Get(line)
				if err != nil {
					t.Error(err)
					return
				}
				defer answer.Body.Close()
				_, _ = io.WriteString(paste, answer.Header.Get("Location")+"\n") // fails when login has ended
				_ = paste.Close()
			}()
		default:
			go func() {
				if err := v.signIn(line, nil); err != nil {
					t.Error(err)
				}
			}()
		}
	}
}
