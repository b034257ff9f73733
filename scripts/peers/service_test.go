//go:build peers

package peers_test

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/o365mail/o365mail/pkg/sandbox"
)

// hide puts an empty folder over one of the machine's, or in its place.
func hide(t *testing.T, folder string) {
	t.Helper()
	made := os.Mkdir(folder, 0o755) == nil
	if err := syscall.Mount("none", folder, "tmpfs", 0, "mode=755"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		err := syscall.Unmount(folder, 0)
		if err == nil && made {
			err = os.Remove(folder)
		}
		if err != nil {
			t.Error(err)
		}
	})
}

// TestService: root makes the profile of a service, whose processes have no home folder. They send,
// renew for themselves, and nobody else can read what they store.
func TestService(t *testing.T) {
	if !onPrivateHost(t) {
		return
	}
	hide(t, "/etc/o365mail")
	hide(t, "/var/lib/o365mail")
	c, u := startCloud(t), newUser(t)
	c.run(t, sandbox.AppSecret+"\n", "o365mail", "login", alerts, "--system", "--service-user", u.name, "--tenant", tenantDomain,
		"--client-id", sandbox.AppClientID, "--client-secret-file", "-", "-v")
	for path, want := range map[string]struct {
		mode os.FileMode
		uid  int
	}{
		"/etc/o365mail/config.toml":            {0o644, 0},
		"/var/lib/o365mail/20001":              {os.ModeDir | 0o700, u.id},
		"/var/lib/o365mail/20001/key":          {0o600, u.id},
		"/var/lib/o365mail/20001/alerts.store": {0o600, u.id},
		"/var/lib/o365mail/20001/log.jsonl":    {0o600, u.id},
	} {
		info, err := os.Stat(path)
		if err != nil {
			t.Error(err)
			continue
		}
		if stat, ok := info.Sys().(*syscall.Stat_t); !ok || info.Mode() != want.mode || int(stat.Uid) != want.uid {
			t.Errorf("%s: %v of %d, want %v of %d", path, info.Mode(), stat.Uid, want.mode, want.uid)
		}
	}
	for _, home := range []string{"HOME=/nonexistent", "HOME=/dev/null", "NOTHING=1"} {
		before := len(c.Messages())
		job := exec.CommandContext(t.Context(), program.Path(), "send", "-v", "ops@contoso.com", "-s", "Service")
		job.Stdin, job.Env, job.Dir = strings.NewReader("from a service"), []string{"PATH=/usr/bin:/bin", home}, "/"
		job.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(u.id), Gid: uint32(u.id)}}
		if said, err := job.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", home, err, said)
			continue
		}
		c.arrived(t, before, "from a service")
	}
	if o := u.run(t, program.Path(), "token", "--min-validity", "2h"); o.status != 0 {
		t.Errorf("renewal: %+v", o)
	}
	// Root's own processes find the profile, and say that they are not signed in.
	root := exec.CommandContext(t.Context(), program.Path(), "token")
	root.Env = []string{"PATH=/usr/bin:/bin", "HOME=/nonexistent"}
	said, err := root.CombinedOutput()
	if err == nil || !strings.Contains(string(said), "this profile is not signed in") {
		t.Errorf("as root: %v\n%s", err, said)
	}
}
