package cmd_test

import (
	"io"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/o365mail/o365mail/pkg/sandbox"
)

// howManyKills is how many renewals end with SIGKILL: 200 as every_cut of scripts/test runs it. Under
// the race detector each takes ten times as long.
func howManyKills() int {
	if raceDetector() {
		return 20
	}
	return 200
}

// TestKilledRenewal ends the process at random moments of a renewal. What is stored can be read
// after each of them, nothing is set aside, and a token can be had in the end.
func TestKilledRenewal(t *testing.T) {
	program, err := exec.LookPath("o365mail") // of testscript
	if err != nil {
		t.Fatal(err)
	}
	s, err := sandbox.Start(t.Context(), sandbox.Config{Dir: t.TempDir(), PollInterval: time.Millisecond, SignInAs: sandbox.Ada})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	n := tenantOf(t, s)
	if status, _, errs := n.run(t, strings.NewReader(""), nil, "login", sandbox.Ada, "--use-device-code", "--client-id", sandbox.PublicClientID); status != 0 {
		t.Fatalf("status %d\n%s", status, errs)
	}
	renew := []string{"token", "--min-validity", "2h"} // longer than any token lives
	whole := n.time(t, program, renew)
	moments := rand.New(rand.NewPCG(1, 2)) // the same moments in each run, as far as the machine lets
	ended, kills := 0, howManyKills()
	for range kills {
		c := n.start(t, program, renew)
		timer := time.AfterFunc(time.Duration(moments.Int64N(int64(whole))), func() { _ = c.Process.Kill() })
		if c.Wait() != nil {
			ended++
		}
		timer.Stop()
		if status, out, errs := n.run(t, strings.NewReader(""), nil, "profiles"); status != 0 || !strings.Contains(out, "signed in") {
			t.Fatalf("after %d kills: status %d\n%s%s", ended, status, out, errs)
		}
	}
	if ended < kills/4 {
		t.Errorf("only %d of %d renewals were killed", ended, kills)
	}
	aside, _ := filepath.Glob(filepath.Join(n.home, ".local/share/o365mail/*-2*"))
	if len(aside) > 0 {
		t.Errorf("set aside: %q", aside)
	}
	n.time(t, program, renew)
}

// start begins a call of the real program.
func (n *tenant) start(t *testing.T, program string, args []string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), program, args...)
	for name, value := range n.env {
		c.Env = append(c.Env, name+"="+value)
	}
	slices.Sort(c.Env)
	c.Stderr = io.Discard
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return c
}

// time is how long a call takes that nobody disturbs.
func (n *tenant) time(t *testing.T, program string, args []string) time.Duration {
	t.Helper()
	begun := time.Now()
	if err := n.start(t, program, args).Wait(); err != nil {
		t.Fatal(err)
	}
	return time.Since(begun)
}
