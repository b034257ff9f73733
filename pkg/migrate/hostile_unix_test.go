//go:build unix

package migrate

import (
	"net"
	"os"
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
