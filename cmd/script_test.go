package cmd_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/o365mail/o365mail/cmd"
)

var update = flag.Bool("update", false, "rewrite the expected output in the scripts")

// program is main of the real binary, on the test binary's process.
func program() {
	ctx, cancel := context.WithCancelCause(context.Background())
	interrupts := func() {
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
		go func() {
			if s, ok := (<-signals).(syscall.Signal); ok {
				cancel(cmd.InterruptedError{Signal: s})
			}
		}()
	}
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	os.Exit(cmd.Main(ctx, cmd.Process{
		Executable: self, Interrupts: interrupts,
		Args: os.Args, Getenv: os.Getenv, Environ: os.Environ,
		Stdin: os.Stdin, Stdout: guarded(os.Stdout), Stderr: guarded(os.Stderr),
		Version: "test", Now: time.Now,
	}))
}

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"o365mail": program, "sendmail": program, "mailq": program, "newaliases": program,
	})
}

func TestScripts(t *testing.T) {
	scripts, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts found: %v", err)
	}
	testscript.Run(t, testscript.Params{
		Files:               scripts,
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", filepath.Join(e.WorkDir, "home"))
			e.Setenv("TMPDIR", e.WorkDir)
			return os.MkdirAll(filepath.Join(e.WorkDir, "home"), 0o700)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
	})
}

// exits runs a command and compares its exit status: exits CODE COMMAND ARGUMENT...
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARGUMENT...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%s: %v", args[1], err)
	}
	if got != want {
		ts.Fatalf("%s: exit status %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}
