package cmd_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/o365mail/o365mail/pkg/sandbox"
)

// leaked is the exit status with which a test program ends when it was about to print a secret.
const leaked = 99

// secretGuard passes output on until a secret of the sandbox shows in it, in clear or in base64.
// Every script runs behind it, so each of them tests that nothing secret is printed.
type secretGuard struct {
	mu   sync.Mutex
	out  io.Writer
	seen []byte // the end of what was printed, for secrets that come in pieces
}

// guarded wraps an output stream. `o365mail token` is let through, since a token is what it is asked
// for (a backup is sealed, and its test looks for what is in it), but not its import. So is
// `o365mail sandbox` itself: it prints the settings of a tenant that protects nothing.
func guarded(out io.Writer) io.Writer {
	if len(os.Args) > 1 && os.Args[1] == "token" && out == os.Stdout && !slices.Contains(os.Args, "import") {
		return out
	}
	if slices.Contains(os.Args, "sandbox") && !slices.Contains(os.Args, "run") {
		return out
	}
	return &secretGuard{out: out}
}

func (g *secretGuard) Write(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.seen = append(g.seen, p...)
	if s := secretIn(g.seen); s != "" {
		_, _ = fmt.Fprintf(os.Stderr, "LEAK: %s in the output\n", s)
		os.Exit(leaked) //nolint:gocritic // the lock ends with the process
	}
	g.seen = bytes.Clone(g.seen[max(0, len(g.seen)-4096):])
	return g.out.Write(p)
}

// secretIn names the first secret in text.
func secretIn(text []byte) string {
	for name, s := range map[string]string{
		"client secret": sandbox.AppSecret, "client secret of the scoped application": sandbox.ScopedAppSecret,
		"bearer credentials": "auth=Bearer e", "private key": "PRIVATE KEY",
	} {
		for _, form := range append(base64Forms(s), s) {
			if bytes.Contains(text, []byte(form)) {
				return name
			}
		}
	}
	if regexp.MustCompile(`eyJ[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}`).Match(text) {
		return "token"
	}
	return ""
}

// base64Forms are the three ways in which s can stand inside a longer base64 text.
func base64Forms(s string) []string {
	var forms []string
	for shift := range 3 {
		text := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + s))
		from := (shift*8 + 5) / 6
		forms = append(forms, text[from:(shift+len(s))*8/6])
	}
	return forms
}

func TestSecretGuard(t *testing.T) {
	for _, prefix := range []string{"", "u", "us", "use"} {
		text := base64.StdEncoding.EncodeToString([]byte(prefix + sandbox.AppSecret + "tail"))
		if secretIn([]byte(text)) == "" {
			t.Errorf("base64 of a secret behind %q is not recognized", prefix)
		}
	}
	if s := secretIn([]byte("nothing to see")); s != "" {
		t.Errorf("found %s in plain text", s)
	}
}
