//go:build unix

package migrate

import (
	"bytes"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// TestWhatIsNoFile: none of these stops or hangs a scan, and each is listed.
func TestWhatIsNoFile(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	put(t, filepath.Join(dir, "app.env"), []byte(sampleEnv))
	put(t, filepath.Join(outside, "dotfiles", "mail.env"), []byte(sampleEnv))
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", filepath.Join(dir, "sock"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	for name, target := range map[string]string{
		"loop": "loop", "self": ".", "null": "/dev/zero", "inside": "app.env", "gone": "none",
		"mail.env": filepath.Join(outside, "dotfiles", "mail.env"), "folder": filepath.Join(outside, "dotfiles"),
	} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	r := scanOne(t, Options{}, dir)
	for name, want := range map[string]string{
		"pipe": "a FIFO", "sock": "a socket", "loop": "a link that leads nowhere", "null": "a link to a device", "folder": "a link to a folder outside",
		"self": "", "inside": "", "gone": "", "app.env": "",
	} {
		if got := whyUnread(r, name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if len(r.Findings) != 2 {
		t.Errorf("want app.env and, through its link, mail.env: %v", told(r.Findings))
	}
	if why := whyUnread(scanOne(t, Options{}, filepath.Join(dir, "pipe")), "pipe"); why != "a FIFO" {
		t.Errorf("a FIFO as root: %q", why)
	}
	if why := whyUnread(scanOne(t, Options{}, "/dev/null"), "null"); why != "a device" {
		t.Errorf("a device as root: %q", why)
	}
}

// TestUnreadable makes a folder and a file that their owner may not read. Root may, so that for it
// the same is shown with an error of the system.
func TestUnreadable(t *testing.T) {
	if reason(&os.PathError{Op: "open", Path: "x", Err: syscall.EACCES}) != "permission denied" {
		t.Error("not the word for EACCES")
	}
	dir := t.TempDir()
	put(t, filepath.Join(dir, "closed", "app.env"), []byte(sampleEnv))
	put(t, filepath.Join(dir, "closed.env"), []byte(sampleEnv))
	for _, name := range []string{"closed", "closed.env"} {
		if err := os.Chmod(filepath.Join(dir, name), 0); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = os.Chmod(filepath.Join(dir, "closed"), 0o700) })
	r := scanOne(t, Options{}, dir)
	readable := os.Geteuid() == 0
	if got := whyUnread(r, "closed") == "" && whyUnread(r, "closed.env") == ""; got != readable {
		t.Errorf("unread: %v", r.Unread)
	}
	if (len(r.Findings) == 2) != readable {
		t.Errorf("findings: %v", told(r.Findings))
	}
}

// TestUnreadableAsNobody is TestUnreadable once more for a user whom the system refuses, where root runs
// the tests.
func TestUnreadableAsNobody(t *testing.T) {
	if os.Geteuid() != 0 {
		return // TestUnreadable has shown it already
	}
	program, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "nobody") //nolint:usetesting // t.TempDir is closed to others
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := errors.Join(os.Chmod(dir, 0o777), os.WriteFile(filepath.Join(dir, "test"), program, 0o755)); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(filepath.Join(dir, "test"), "-test.run=^TestUnreadable$", "-test.v")
	c.Dir, c.Env = dir, []string{"TMPDIR=" + dir}
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := c.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("--- PASS: TestUnreadable")) {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestPipeInPlaceOfFile: what was a file when its folder was read may be a FIFO when it is opened.
func TestPipeInPlaceOfFile(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "app.env"), []byte(sampleEnv))
	r := scanOne(t, Options{Skip: func(path string, _ bool) bool {
		if err := errors.Join(os.Remove(path), syscall.Mkfifo(path, 0o600)); err != nil {
			t.Error(err)
		}
		return false
	}}, dir)
	if why := whyUnread(r, "app.env"); why != "not a regular file" {
		t.Errorf("got %q, %v", why, told(r.Findings))
	}
}
