//go:build peers

package peers_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/o365mail/o365mail/scripts/peers"
)

// program is built once for all tests.
var program peers.Program

func TestMain(m *testing.M) {
	if folder := os.Getenv(insideVariable); folder != "" {
		program.Folder = folder
		os.Exit(m.Run())
	}
	dir, err := os.MkdirTemp("", "o365mail-program-")
	if err == nil {
		err = os.Chmod(dir, 0o755) // cron and Postfix's users call it too
	}
	if err == nil {
		program, err = peers.Build(context.Background(), "../..", dir)
	}
	status := 1
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	} else {
		status = m.Run()
	}
	_ = os.RemoveAll(dir)
	os.Exit(status)
}

// tokenSize is that of an access token of Entra's: with it the line of AUTH is longer than 2048.
const tokenSize = 2000

// peer is a running Postfix and the environment of a user who is signed in to it.
type peer struct {
	*peers.Server
	settings map[string]string
}

func startPeer(t *testing.T) peer {
	t.Helper()
	s, err := peers.Start(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Log(tail(s.Log(), 40))
		}
		_ = os.RemoveAll(s.Dir)
	})
	token, err := s.Token(peers.User, tokenSize)
	if err != nil {
		t.Fatal(err)
	}
	return peer{s, s.Settings(token)}
}

func tail(text string, lines int) string {
	all := strings.Split(text, "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

// with is the settings and some others.
func (p peer) with(changes map[string]string) map[string]string {
	all := maps.Clone(p.settings)
	maps.Copy(all, changes)
	return all
}

// mail returns exactly n delivered messages.
func (p peer) mail(t *testing.T, n int) [][]byte {
	t.Helper()
	mail, err := p.Mail(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	if len(mail) != n {
		t.Fatalf("%d messages delivered, want %d", len(mail), n)
	}
	return mail
}

// outcome is how a call ended.
type outcome struct {
	status         int
	stdout, stderr string
}

// run calls o365mail with the settings as its environment.
func run(t *testing.T, settings map[string]string, stdin []byte, args ...string) outcome {
	t.Helper()
	environment, err := program.Environment(t.TempDir(), settings)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, program.Path(), args...)
	var out, errs bytes.Buffer
	c.Env, c.Stdin, c.Stdout, c.Stderr = environment, bytes.NewReader(stdin), &out, &errs
	err = c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return outcome{c.ProcessState.ExitCode(), out.String(), errs.String()}
}

// receipt is what we look at of `send --json`.
type receipt struct {
	State   string `json:"state"`
	QueueID string `json:"queue_id"`
}

// accepted fails the test unless the call succeeded and its receipt says so.
func accepted(t *testing.T, o outcome) {
	t.Helper()
	var r receipt
	if err := json.Unmarshal([]byte(o.stdout), &r); err != nil {
		t.Fatalf("status %d, %v: %s%s", o.status, err, o.stdout, o.stderr)
	}
	if o.status != 0 || r.State != "accepted" || r.QueueID == "" {
		t.Fatalf("status %d, receipt %+v, want 0 and accepted with a queue id\n%s", o.status, r, o.stderr)
	}
}

func readFile(t *testing.T, elements ...string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(elements...))
	if err != nil {
		t.Fatal(err)
	}
	return text
}
