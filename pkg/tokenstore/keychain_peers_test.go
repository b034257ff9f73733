//go:build peers && linux

package tokenstore

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// session is a D-Bus session with a home folder of its own. Every process in it carries the folder
// in its environment, by which the test sees what is left running.
type session struct {
	home    string
	address string
}

func (s session) env() []string {
	return []string{
		"PATH=/usr/bin:/bin", "HOME=" + s.home, "LOGNAME=test", "SHELL=/bin/sh", "XDG_DATA_HOME=" + s.home,
		"XDG_RUNTIME_DIR=" + s.home, "DBUS_SESSION_BUS_ADDRESS=" + s.address,
	}
}

// needPrograms skips where Debian's packages dbus and gnome-keyring are not installed.
func needPrograms(t *testing.T) {
	t.Helper()
	for _, program := range []string{"dbus-run-session", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("skipped: %v (Debian packages dbus and gnome-keyring)", err)
		}
	}
}

// busConfiguration names no folder of services: the bus does not start a keyring by itself, which
// nobody could unlock any more.
const busConfiguration = `<busconfig>
<type>session</type>
<listen>unix:tmpdir=/tmp</listen>
<auth>EXTERNAL</auth>
<policy context="default">
<allow send_destination="*" eavesdrop="true"/>
<allow own="*"/>
<allow eavesdrop="true"/>
</policy>
</busconfig>`

// startSession runs a bus until the end of the test. Nothing is killed: dbus-run-session ends its
// bus only when what it runs has ended.
func startSession(t *testing.T, home string) session {
	t.Helper()
	s := session{home: home}
	configuration := filepath.Join(home, "bus.conf")
	writeFile(t, configuration, []byte(busConfiguration))
	c := exec.CommandContext(context.WithoutCancel(t.Context()), "dbus-run-session", "--config-file="+configuration, "--", "sh", "-c", `echo "$DBUS_SESSION_BUS_ADDRESS"; exec cat`)
	c.Env = s.env()[:len(s.env())-1]
	stdin, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		_ = c.Wait()
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	s.address = strings.TrimSpace(line)
	return s
}

// startKeyring runs gnome-keyring until stop is called; with a password it is unlocked first.
func startKeyring(t *testing.T, s session, password string) (stop func()) {
	t.Helper()
	args := []string{"--foreground", "--components=secrets"}
	if password != "" {
		args = append(args, "--unlock")
	}
	c := exec.CommandContext(context.WithoutCancel(t.Context()), "gnome-keyring-daemon", args...)
	c.Env, c.Stdin = s.env(), strings.NewReader(password)
	c.Stdout, c.Stderr = io.Discard, io.Discard
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	stop = func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	}
	t.Cleanup(stop)
	eventually(t, "gnome-keyring on the bus", func() bool {
		said, _ := ask(t, "check", t.TempDir(), s.env()...)
		return said != string(KeyUnreachable)
	})
	return stop
}

// eventually waits for what another program does in its own time.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !done(); {
		if time.Now().After(end) {
			t.Fatalf("not within 10 s: %s", what)
		}
		<-time.After(50 * time.Millisecond)
	}
}

func TestGnomeKeyring(t *testing.T) {
	needPrograms(t)
	home := t.TempDir()
	dir := filepath.Join(home, "o365mail")
	t.Run("session", func(t *testing.T) {
		s := startSession(t, home)
		wantSaid(t, "check", dir, string(KeyUnreachable), s.env()) // a bus without a keyring
		stop := startKeyring(t, s, "password")
		useUnlocked(t, s, dir)
		stop()
		eventually(t, "the name on the bus free again", func() bool {
			said, _ := ask(t, "check", dir, s.env()...)
			return said == string(KeyUnreachable)
		})
		startKeyring(t, s, "")
		useLocked(t, s, dir)
	})
	eventually(t, "no process left in "+home, func() bool { return left(t, home) == 0 })
}

// useUnlocked walks through the life of a key.
func useUnlocked(t *testing.T, s session, dir string) {
	t.Helper()
	wantSaid(t, "choose", dir, "ok keychain", s.env())
	wantSaid(t, "check", dir, string(KeyAbsent), s.env())
	wantSaid(t, "write", dir, string(KeyAbsent), s.env())
	wantSaid(t, "create", dir, "ok true", s.env())
	wantSaid(t, "create", dir, "ok false", s.env())
	wantSaid(t, "write", dir, "ok", s.env())
	wantSaid(t, "read", dir, "ok payload", s.env())
	before := wantSaid(t, "check", dir, "ok ", s.env())
	wantSaid(t, "rotate", dir, "ok [alerts]", s.env())
	if after := wantSaid(t, "check", dir, "ok ", s.env()); after == before {
		t.Errorf("rotation kept key %s", after)
	}
	wantSaid(t, "read", dir, "ok payload", s.env())
	wantSaid(t, "leave", dir, "ok", s.env())
	wantSaid(t, "check", dir, string(KeyAbsent), s.env())
	wantSaid(t, "return", dir, "ok", s.env())
	wantSaid(t, "read", dir, "ok payload", s.env())
	elsewhere := dir + ".other"
	wantSaid(t, "check", elsewhere, string(KeyAbsent), s.env()) // each folder has its own key
	wantSaid(t, "create", elsewhere, "ok true", s.env())
	wantSaid(t, "remove", elsewhere, "ok", s.env())
	wantSaid(t, "check", elsewhere, string(KeyAbsent), s.env())
	wantSaid(t, "read", dir, "ok payload", s.env())
}

// useLocked wants every use refused in time, and no new key.
func useLocked(t *testing.T, s session, dir string) {
	t.Helper()
	path := filepath.Join(s.home, "keyrings", "login.keyring")
	keyring, file := readFile(t, path), readFile(t, filepath.Join(dir, "alerts.store"))
	for _, role := range []string{"check", "create", "read", "write", "rotate", "leave"} {
		wantSaid(t, role, dir, string(KeyLocked), s.env())
	}
	wantSaid(t, "create", dir+".third", string(KeyLocked), s.env())
	wantSaid(t, "choose", dir, "ok file:/key false true", s.env())
	if !bytes.Equal(readFile(t, path), keyring) || !bytes.Equal(readFile(t, filepath.Join(dir, "alerts.store")), file) {
		t.Error("the keyring or the sealed file was changed")
	}
}

// left counts the processes that carry the folder in their environment.
func left(t *testing.T, home string) int {
	t.Helper()
	found, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, name := range found {
		if environment, err := os.ReadFile(name); err == nil && bytes.Contains(environment, []byte("HOME="+home+"\x00")) {
			count++
		}
	}
	return count
}
