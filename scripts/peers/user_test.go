//go:build peers

package peers_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// user is an ordinary one of the private host.
type user struct {
	name string
	id   int
	home string
}

// newUser enters a user into the host's files.
func newUser(t *testing.T) user {
	t.Helper()
	u := user{"jobs", 20001, openFolder(t)}
	if err := os.Chown(u.home, u.id, u.id); err != nil {
		t.Fatal(err)
	}
	bind(t, "/etc/passwd", fmt.Appendf(readFile(t, "/etc/passwd"), "%s:x:%d:%d::%s:/bin/sh\n", u.name, u.id, u.id, u.home))
	bind(t, "/etc/shadow", fmt.Appendf(nil, "root:*:20000:0:99999:7:::\n%s:*:20000:0:99999:7:::\n", u.name))
	return u
}

// path is a file in the user's home folder.
func (u user) path(elements ...string) string {
	return filepath.Join(append([]string{u.home}, elements...)...)
}

// write makes a file of the user's own.
func (u user) write(t *testing.T, name, text string) {
	t.Helper()
	if err := errors.Join(os.WriteFile(u.path(name), []byte(text), 0o600), os.Chown(u.path(name), u.id, u.id)); err != nil {
		t.Fatal(err)
	}
}

// run runs a command as the user, in an environment such as a login from a terminal makes.
func (u user) run(t *testing.T, command ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, command[0], command[1:]...)
	c.Dir = u.home
	c.Env = []string{"HOME=" + u.home, "LOGNAME=" + u.name, "USER=" + u.name, "SHELL=/bin/sh", "PATH=" + u.searchPath()}
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(u.id), Gid: uint32(u.id)}}
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr, c.WaitDelay = &out, &errs, time.Second
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%q: %v\n%s", command, err, errs.String())
	}
	return outcome{c.ProcessState.ExitCode(), out.String(), errs.String()}
}

func (user) searchPath() string { return program.Folder + ":/usr/bin:/bin" }

// login makes a profile of the user's.
func (u user) login(t *testing.T, args ...string) {
	t.Helper()
	if o := u.run(t, append([]string{program.Path(), "login"}, args...)...); o.status != 0 {
		t.Fatalf("login %q: status %d\n%s%s", args, o.status, o.stdout, o.stderr)
	}
}

// inSession runs a shell command in a desktop session whose keyring is unlocked by a password, or
// locked without one.
func (u user) inSession(t *testing.T, password, command string) outcome {
	t.Helper()
	for _, name := range []string{"run", "bus.conf"} { // the user need not be able to read this tree
		u.write(t, name, string(readFile(t, "testdata/session", name)))
	}
	return u.run(t, "sh", u.path("run"), password, command)
}

// processes are the command lines of what runs as the user.
func (u user) processes(t *testing.T) []string {
	t.Helper()
	folders, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		t.Fatal(err)
	}
	var running []string
	for _, folder := range folders {
		var s syscall.Stat_t
		if syscall.Stat(folder, &s) == nil && int(s.Uid) == u.id {
			line, err := os.ReadFile(filepath.Join(folder, "cmdline"))
			if err == nil && len(line) > 0 { // else it has ended; the private host has no init that clears it away
				running = append(running, string(bytes.ReplaceAll(line, []byte{0}, []byte{' '})))
			}
		}
	}
	return running
}

// leavesNothing wants every process of the user's to end: what a session or a job started.
func (u user) leavesNothing(t *testing.T) {
	t.Helper()
	var running []string
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); <-time.After(50 * time.Millisecond) {
		if running = u.processes(t); len(running) == 0 {
			return
		}
	}
	t.Errorf("still running: %q", running)
}
