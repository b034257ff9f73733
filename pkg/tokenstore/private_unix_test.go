//go:build unix

package tokenstore

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// misuse makes a good file unsafe in each way there is.
func misuse(t *testing.T) map[Unsafe]func(path string) error {
	t.Helper()
	cases := map[Unsafe]func(string) error{
		Exposed: func(path string) error { return os.Chmod(path, 0o644) },
		IsLink: func(path string) error {
			if err := os.Rename(path, path+".real"); err != nil {
				return err
			}
			return os.Symlink(filepath.Base(path)+".real", path)
		},
		NotPlain: func(path string) error {
			if err := os.Remove(path); err != nil {
				return err
			}
			return syscall.Mkfifo(path, 0o600)
		},
	}
	if os.Geteuid() == 0 {
		cases[OtherOwner] = func(path string) error { return os.Chown(path, 65534, -1) }
	} else {
		t.Log("skipped: a file of another user: only root can make one")
		cases[NoAccess] = func(path string) error { return os.Chmod(path, 0) }
	}
	return cases
}

func TestUnsafeFileIsNotRead(t *testing.T) {
	for want, spoil := range misuse(t) {
		s := newStore(t)
		write(t, s, "payload")
		if err := spoil(s.Path()); err != nil {
			t.Fatal(err)
		}
		_, err := s.Read(t.Context())
		if e := wantError[*UnsafeError](t, err); e.Reason != want || e.Path != s.Path() {
			t.Errorf("read: got %v, want %q", e, want)
		}
		l := locked(t, s)
		wantError[*UnsafeError](t, l.Write(t.Context(), []byte("renewed")))
		if _, err := os.Lstat(s.Path()); err != nil {
			t.Errorf("%s: the file was moved: %v", want, err)
		}
		entries, err := List(s.dir)
		if err != nil || len(entries) != 1 {
			t.Fatalf("list: got %+v, %v", entries, err)
		}
		wantError[*UnsafeError](t, entries[0].Err)
		if err := l.Replace(t.Context(), []byte("new login")); err != nil {
			t.Errorf("%s: replace: %v", want, err)
		}
		wantPayload(t, s, "new login")
	}
}

func TestUnsafeKeyFileIsNotRead(t *testing.T) {
	for want, spoil := range misuse(t) {
		s := newStore(t)
		write(t, s, "payload")
		if err := spoil(s.holder.Place); err != nil {
			t.Fatal(err)
		}
		again := openStore(t, s.dir, "alerts", s.holder, false) // s still has the key
		_, err := again.Read(t.Context())
		wantReason(t, err, KeyUnsafe)
		if e := wantError[*UnsafeError](t, err); e.Reason != want || e.Path != s.holder.Place {
			t.Errorf("got %v, want %q", e, want)
		}
		_, err = again.CreateKey(t.Context())
		wantReason(t, err, KeyUnsafe)
		wantReason(t, locked(t, again).Replace(t.Context(), nil), KeyUnsafe)
	}
}

func TestUnsafeFolderIsNotUsed(t *testing.T) {
	s := newStore(t)
	write(t, s, "payload")
	check := func(want Unsafe) {
		t.Helper()
		_, err := s.Read(t.Context())
		if e := wantError[*UnsafeError](t, err); e.Reason != want || e.Path != s.dir {
			t.Errorf("read: got %v, want %q", e, want)
		}
		_, err = s.Lock(t.Context())
		wantError[*UnsafeError](t, err)
		_, err = List(s.dir)
		wantError[*UnsafeError](t, err)
	}
	if err := os.Chmod(s.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	check(Exposed)
	if os.Geteuid() == 0 {
		if err := os.Chown(s.dir, 65534, -1); err != nil {
			t.Fatal(err)
		}
		check(OtherOwner)
	}
	if err := os.RemoveAll(s.dir); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(s.dir, 0o600); err != nil {
		t.Fatal(err)
	}
	check(NotFolder)
}

// TestLinkedFolder is a data folder that its owner moved to another disk.
func TestLinkedFolder(t *testing.T) {
	s := newStore(t)
	write(t, s, "payload")
	if err := os.Rename(s.dir, s.dir+".real"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(s.dir+".real", s.dir); err != nil {
		t.Fatal(err)
	}
	wantPayload(t, s, "payload")
}

func TestModes(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	s := newStore(t)
	write(t, s, "payload")
	for path, want := range map[string]os.FileMode{
		s.dir: 0o700, s.Path(): 0o600, filepath.Join(s.dir, "alerts.lock"): 0o600, s.holder.Place: 0o600,
	} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: got %v, %v, want %o", path, info.Mode(), err, want)
		}
	}
}

// TestLockIsNoLink keeps a lock from being taken, or a file from being made, elsewhere.
func TestLockIsNoLink(t *testing.T) {
	s := newStore(t)
	elsewhere := filepath.Join(t.TempDir(), "victim")
	if err := os.Symlink(elsewhere, filepath.Join(s.dir, "alerts.lock")); err != nil {
		t.Fatal(err)
	}
	_, err := s.Lock(t.Context())
	wantError[*LockError](t, err)
	if _, err := os.Lstat(elsewhere); err == nil {
		t.Error("the link was followed")
	}
}

func TestReplacedWhileOpened(t *testing.T) {
	s := newStore(t)
	write(t, s, "payload")
	folder, err := openFolder(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	before, err := folder.Lstat("alerts.store")
	if err != nil {
		t.Fatal(err)
	}
	write(t, s, "other")
	f, err := folder.Open("alerts.store")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := judge(f, before, private); got != Replaced {
		t.Errorf("got %q, want %q", got, Replaced)
	}
}

// TestCredentialModes are those that systemd makes: the service's own file, or root's with an access
// list, whose mask shows as the group's mode.
func TestCredentialModes(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, credentialName)
	writeFile(t, path, []byte(NewKey()))
	s, err := Open(t.TempDir(), "alerts", Holder{Kind: Systemd}, lookup(map[string]string{"CREDENTIALS_DIRECTORY": dir}))
	if err != nil {
		t.Fatal(err)
	}
	for mode, want := range map[os.FileMode]Unsafe{0o400: "", 0o440: "", 0o444: Exposed, 0o460: Exposed, 0o402: Exposed} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		_, err := s.CheckKey(t.Context())
		if want == "" && err != nil {
			t.Errorf("mode %o: got %v", mode, err)
		} else if want != "" && wantError[*UnsafeError](t, err).Reason != want {
			t.Errorf("mode %o: got %v, want %q", mode, err, want)
		}
	}
	if os.Geteuid() != 0 {
		return
	}
	if err := os.Chown(path, 65534, -1); err != nil {
		t.Fatal(err)
	}
	_, err = s.CheckKey(t.Context())
	if e := wantError[*UnsafeError](t, err); e.Reason != OtherOwner {
		t.Errorf("another user's: got %v", e)
	}
}
