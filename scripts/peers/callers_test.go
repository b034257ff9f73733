//go:build peers

package peers_test

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestCallers runs programs that call sendmail, each in a mount namespace of its own in which
// /usr/sbin/sendmail is ours. testdata/NAME.sh sends one message to ada@contoso.example that says
// "from NAME".
func TestCallers(t *testing.T) {
	scripts, err := filepath.Glob("testdata/*.sh")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts in testdata: %v", err)
	}
	for _, script := range scripts {
		name := strings.TrimSuffix(filepath.Base(script), ".sh")
		t.Run(name, func(t *testing.T) {
			dir := openFolder(t)
			o := inSandbox(t, dir, "unshare", "--mount", script)
			if o.status != 0 {
				t.Fatalf("status %d\n%s%s", o.status, o.stdout, o.stderr)
			}
			arrived := mailIn(t, dir)
			if len(arrived) != 1 || !bytes.Contains(arrived[0], []byte("from "+name)) {
				t.Errorf("%d messages arrived, want one that says %q\n%s%s%s", len(arrived), "from "+name,
					bytes.Join(arrived, []byte("\n---\n")), o.stdout, o.stderr)
			}
		})
	}
}

// openFolder is a temporary folder that other users can reach.
func openFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "o365mail-caller-") //nolint:usetesting // the parent of t.TempDir is closed to others
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// inSandbox runs a command under `o365mail sandbox run` with dir as the sandbox's folder.
func inSandbox(t *testing.T, dir string, command ...string) outcome {
	t.Helper()
	return run(t, nil, nil, append([]string{"sandbox", "run", "--dir", dir, "--"}, command...)...)
}

func mailIn(t *testing.T, dir string) [][]byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "mail", "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	var all [][]byte
	for _, name := range names {
		all = append(all, readFile(t, name))
	}
	return all
}

// TestSocketActivation runs the relay as systemd runs it: one process a connection, which is its
// stdin and stdout. The client is curl, without TLS and without a password.
func TestSocketActivation(t *testing.T) {
	dir := openFolder(t)
	o := inSandbox(t, dir, "testdata/systemd/relay", freePort(t))
	if o.status != 0 {
		t.Fatalf("status %d\n%s%s", o.status, o.stdout, o.stderr)
	}
	arrived := mailIn(t, dir)
	if len(arrived) != 2 {
		t.Fatalf("%d messages arrived, want 2\n%s", len(arrived), o.stderr)
	}
	for _, message := range arrived {
		if !bytes.Contains(message, []byte("from the relay")) {
			t.Errorf("not what was sent:\n%s", message)
		}
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// TestDaemonsEnd: nothing that Start started outlives Stop.
func TestDaemonsEnd(t *testing.T) {
	p := startPeer(t)
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for {
		found, _ := exec.CommandContext(ctx, "pgrep", "-f", p.Dir).Output() // status 1: none
		if len(found) == 0 {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("still running: %s", found)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
