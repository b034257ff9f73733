// Command o365mail sends mail through Exchange Online with OAuth2 and says why it could not.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/o365mail/o365mail/cmd"
)

// version is set by the release build.
var version = "devel"

// gcPercent keeps the heap small: little of it lives long here, and a job in a small container
// must not be killed for the garbage of one sign-in.
const gcPercent = 50

func main() {
	debug.SetGCPercent(gcPercent)
	os.Exit(run())
}

// interrupts makes the end of the context of what would end the process.
func interrupts(cancel context.CancelCauseFunc) {
	// A reader of stdout that went away must not end us between acceptance and exit status.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		if s, ok := (<-signals).(syscall.Signal); ok {
			cancel(cmd.InterruptedError{Signal: s})
		}
	}()
}

// executable is empty when the system does not tell: then only what starts this program anew is
// left out.
func executable() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	return path
}

func run() int {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	return cmd.Main(ctx, cmd.Process{
		Args:    os.Args,
		Getenv:  os.Getenv,
		Environ: os.Environ,
		Stdin:   os.Stdin,
		Stdout:  os.Stdout,
		Stderr:  os.Stderr,
		Version: version,
		Now:     time.Now,

		Executable: executable(),
		Interrupts: func() { interrupts(cancel) },
	})
}
