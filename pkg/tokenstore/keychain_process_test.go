package tokenstore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// playOnce does one thing to the store and prints how it went: "ok", with what was had, or the
// reason why there is no key. The keychain's client library connects once in a process and reads
// the process's own environment, so each question is asked by a process of its own.
func playOnce(ctx context.Context, role string, s *Store) error {
	said, err := once(ctx, role, s)
	if e, ok := errors.AsType[*KeyError](err); ok {
		said, err = string(e.Reason), nil
	}
	if err == nil {
		fmt.Print(said)
	}
	return err
}

func once(ctx context.Context, role string, s *Store) (string, error) {
	switch role {
	case "check":
		id, err := s.CheckKey(ctx)
		return "ok " + id.String(), err
	case "create":
		created, err := s.CreateKey(ctx)
		return fmt.Sprint("ok ", created), err
	case "write":
		return "ok", writeAs(ctx, s, []byte("payload"))
	case "read":
		payload, err := s.Read(ctx)
		return "ok " + string(payload), err
	case "rotate":
		done, err := Rotate(ctx, s.dir, s.holder, s.env)
		return fmt.Sprint("ok ", done.Sealed), err
	case "remove":
		l, err := s.Lock(ctx)
		if err != nil {
			return "", err
		}
		defer l.Unlock()
		return "ok", errors.Join(l.Remove(), s.ForgetKey(ctx))
	case "leave", "return":
		return "ok", moveKeychain(ctx, s, role == "leave")
	case "choose":
		h, why := Choose(ctx, s.dir, Holder{KeyFile, "/key"}, s.env)
		return fmt.Sprint("ok ", h, " ", isReason(why, KeyUnreachable), " ", isReason(why, KeyLocked)), nil
	}
	return "", fmt.Errorf("no role %q", role)
}

// moveKeychain moves the profile from the keychain to a key file, or back.
func moveKeychain(ctx context.Context, s *Store, leave bool) error {
	other, err := Open(s.dir, s.profile, Holder{KeyFile, s.dir + ".key"}, s.env)
	if err != nil {
		return err
	}
	from, to := other, s
	if leave {
		from, to = s, other
	}
	if _, err := to.CreateKey(ctx); err != nil {
		return err
	}
	if _, err := from.Rekey(ctx, to.holder); err != nil {
		return err
	}
	return from.ForgetKey(ctx)
}

// ask plays a role in a process with exactly this environment.
func ask(t *testing.T, role, dir string, env ...string) (said string, took time.Duration) {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0], dir, "alerts", "keychain")
	c.Env = append(slices.Clone(env), roleVariable+"="+role, fastExit)
	begun := time.Now()
	out, err := c.Output()
	if err != nil {
		var stderr []byte
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			stderr = exit.Stderr
		}
		t.Fatalf("%s: %v: %s", role, err, stderr)
	}
	return string(out), time.Since(begun)
}

func needBus(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" {
		t.Skip("skipped: the keychain of this system is not asked over D-Bus")
	}
}

// TestSilentBus has a real connection to a bus that never answers.
func TestSilentBus(t *testing.T) {
	needBus(t)
	path := filepath.Join(t.TempDir(), "bus")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	said, took := ask(t, "check", t.TempDir(), "DBUS_SESSION_BUS_ADDRESS=unix:path="+path)
	if said != string(KeyLocked) || took > 4*time.Second {
		t.Errorf("got %q after %v, want %q within 4 s", said, took, KeyLocked)
	}
}

func TestBusThatIsGone(t *testing.T) {
	needBus(t)
	said, took := ask(t, "check", t.TempDir(), "DBUS_SESSION_BUS_ADDRESS=unix:path="+filepath.Join(t.TempDir(), "bus"))
	if said != string(KeyUnreachable) || took >= keychainLimit {
		t.Errorf("got %q after %v, want %q at once", said, took, KeyUnreachable)
	}
}

// TestCronLaunchesNoBus has cron's environment and a dbus-launch that tells when it is run: the
// real one leaves two daemons behind.
func TestCronLaunchesNoBus(t *testing.T) {
	needBus(t)
	if reachable(nil) == nil {
		t.Skip("skipped: somebody is logged in here, so that cron too has a bus")
	}
	bin := t.TempDir()
	script := "#!/bin/sh\necho \"$@\" >" + filepath.Join(bin, "launched") + "\n"
	if err := os.WriteFile(filepath.Join(bin, "dbus-launch"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"", "autolaunch:"} {
		for role, want := range map[string]string{"check": string(KeyUnreachable), "create": string(KeyUnreachable), "choose": "ok file:/key true false"} {
			env := []string{"PATH=" + bin + ":/usr/bin:/bin", "HOME=" + t.TempDir(), "SHELL=/bin/sh", "DBUS_SESSION_BUS_ADDRESS=" + address}
			dir := filepath.Join(t.TempDir(), "data")
			if said, _ := ask(t, role, dir, env...); said != want {
				t.Errorf("%s: got %q, want %q", role, said, want)
			}
		}
	}
	if _, err := os.Stat(filepath.Join(bin, "launched")); err == nil {
		t.Error("dbus-launch was run")
	}
}

// wantSaid plays a role and wants the answer to begin so, within the limit for a keychain.
func wantSaid(t *testing.T, role, dir, want string, env []string) string {
	t.Helper()
	said, took := ask(t, role, dir, env...)
	if !strings.HasPrefix(said, want) || took > 4*time.Second {
		t.Errorf("%s: got %q after %v, want %q within 4 s", role, said, took, want)
	}
	return said
}
