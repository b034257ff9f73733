//go:build peers

package peers_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// insideVariable says that this process is a test on a private host, and where its program is.
const insideVariable = "O365MAIL_PRIVATE_HOST"

// onPrivateHost reports whether the test runs on a host of its own, with no network but loopback,
// where it may serve the ports and bear the names of Microsoft's hosts. Where it does not, it runs
// the test again on such a host, and there is nothing left to do. Whatever runs there ends with it.
func onPrivateHost(t *testing.T) bool {
	t.Helper()
	if os.Getenv(insideVariable) != "" {
		return true
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), "unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc",
		"testdata/host/run", self, "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=2m")
	c.Env = append(os.Environ(), insideVariable+"="+program.Folder)
	said, err := c.CombinedOutput()
	if err != nil || !bytes.Contains(said, []byte("--- PASS: "+t.Name()+" ")) {
		t.Errorf("on a private host: %v\n%s", err, said)
	}
	return false
}

// bind mounts a file of this content over another for the rest of the private host's life.
func bind(t *testing.T, over string, content []byte) {
	t.Helper()
	file := filepath.Join(t.TempDir(), filepath.Base(over))
	if err := os.WriteFile(file, content, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount(file, over, "", syscall.MS_BIND, ""); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(over, 0); err != nil {
			t.Error(err)
		}
	})
}
