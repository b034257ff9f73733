//go:build peers

package peers_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"encoding/pem"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/o365mail/o365mail/scripts/peers"
)

// modulesVariable names the node_modules folder with the modules of oidc/package-lock.json.
const modulesVariable = "O365MAIL_TEST_NODE_MODULES"

// issuer is a running oidc-provider, whose tokens a Postfix accepts.
type issuer struct {
	peer
	authority string
	caFile    string // of issuer and Postfix
	stdin     io.Writer

	mu    sync.Mutex
	lines []string
	news  chan struct{} // closed and renewed with each line
}

// startIssuer runs it with clients as oidc-provider takes them.
func startIssuer(t *testing.T, clients ...map[string]any) *issuer {
	t.Helper()
	modules := os.Getenv(modulesVariable)
	if modules == "" {
		t.Fatal(modulesVariable + " is not set; scripts/test --all installs the modules and sets it")
	}
	i := &issuer{peer: startPeer(t), news: make(chan struct{})}
	settings, err := json.Marshal(i.settingsWith(t, clients))
	if err != nil {
		t.Fatal(err)
	}
	// It ends with its stdin, or with a signal.
	c := exec.CommandContext(context.Background(), "node", "oidc/provider.mjs", modules, string(settings))
	stdin, errIn := c.StdinPipe()
	stdout, errOut := c.StdoutPipe()
	if errIn != nil || errOut != nil {
		t.Fatal(errIn, errOut)
	}
	var errs bytes.Buffer
	c.Stderr = &errs
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	i.stdin = stdin
	read := make(chan struct{})
	go func() { defer close(read); i.read(stdout) }()
	t.Cleanup(func() {
		stdin.Close()
		<-read
		if err := c.Wait(); err != nil || t.Failed() {
			t.Logf("oidc-provider: %v\n%s\n%s", err, strings.Join(i.since(0), "\n"), errs.String())
		}
	})
	port := strings.TrimPrefix(i.await(t, "ready ", 0), "ready ")
	i.authority = "https://localhost:" + port + "/tenant"
	for id, key := range publishedKeys(t, "https://localhost:"+port+"/keys", i.caFile) {
		if err := i.Trust(id, key); err != nil {
			t.Fatal(err)
		}
	}
	return i
}

// settingsWith makes the certificates and the settings of provider.mjs.
func (i *issuer) settingsWith(t *testing.T, clients []map[string]any) map[string]any {
	t.Helper()
	dir := t.TempDir()
	if err := peers.MakeCertificates(dir, "localhost"); err != nil {
		t.Fatal(err)
	}
	i.caFile = filepath.Join(dir, "both.pem")
	if err := os.WriteFile(i.caFile, append(readFile(t, dir, "ca.pem"), readFile(t, i.CAFile)...), 0o600); err != nil {
		t.Fatal(err)
	}
	key, certificate := pem.Decode(readFile(t, dir, "server.pem"))
	return map[string]any{
		"issuer": peers.Issuer, "tenant": "tenant", "clients": clients,
		"key": string(pem.EncodeToMemory(key)), "certificate": string(certificate),
	}
}

func (i *issuer) read(stdout io.Reader) {
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		i.mu.Lock()
		i.lines = append(i.lines, lines.Text())
		close(i.news)
		i.news = make(chan struct{})
		i.mu.Unlock()
	}
}

// since are the lines after the first n.
func (i *issuer) since(n int) []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return append([]string{}, i.lines[n:]...)
}

// mark is how many lines there are.
func (i *issuer) mark() int { return len(i.since(0)) }

// await waits for a line after the first n that begins with text.
func (i *issuer) await(t *testing.T, text string, n int) string {
	t.Helper()
	limit := time.After(20 * time.Second)
	for {
		i.mu.Lock()
		news, lines := i.news, i.lines[n:]
		i.mu.Unlock()
		for _, line := range lines {
			if strings.HasPrefix(line, text) {
				return line
			}
		}
		select {
		case <-news:
		case <-limit:
			t.Fatalf("oidc-provider did not say %q but %q", text, i.since(n))
		}
	}
}

// setLife sets how many seconds the access tokens to come live.
func (i *issuer) setLife(t *testing.T, seconds string) {
	t.Helper()
	n := i.mark()
	if _, err := io.WriteString(i.stdin, "life "+seconds+"\n"); err != nil {
		t.Fatal(err)
	}
	i.await(t, "life "+seconds, n)
}
