//go:build peers

package peers_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// terminal is where a person calls programs, always in the same folder and environment.
type terminal struct {
	env    []string
	folder string
}

func newTerminal(t *testing.T, settings map[string]string) terminal {
	t.Helper()
	env, err := program.Environment(t.TempDir(), settings)
	if err != nil {
		t.Fatal(err)
	}
	return terminal{env, ""}
}

// run calls o365mail; onLine is shown each line of its stderr as it comes.
func (n terminal) run(t *testing.T, stdin string, onLine func(string), args ...string) outcome {
	t.Helper()
	return n.command(t, strings.NewReader(stdin), onLine, append([]string{program.Path()}, args...)...)
}

// command is run for any command.
func (n terminal) command(t *testing.T, stdin io.Reader, onLine func(string), args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, args[0], args[1:]...)
	var out, errs strings.Builder
	r, w := io.Pipe()
	c.Env, c.Dir, c.Stdin, c.Stdout, c.Stderr, c.WaitDelay = n.env, n.folder, stdin, &out, w, time.Second
	read := make(chan struct{})
	go func() {
		defer close(read)
		for lines := bufio.NewScanner(r); lines.Scan(); {
			errs.WriteString(lines.Text() + "\n")
			if onLine != nil {
				onLine(lines.Text())
			}
		}
	}()
	err := c.Run()
	_ = w.Close()
	<-read
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%q: %v\n%s", args, err, errs.String())
	}
	return outcome{c.ProcessState.ExitCode(), out.String(), errs.String()}
}

// succeeds is run for a call that has to.
func (n terminal) succeeds(t *testing.T, stdin string, onLine func(string), args ...string) outcome {
	t.Helper()
	o := n.run(t, stdin, onLine, args...)
	if o.status != 0 {
		t.Fatalf("%q: status %d\n%s%s", args, o.status, o.stdout, o.stderr)
	}
	return o
}
