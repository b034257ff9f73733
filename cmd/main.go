// Package cmd is the command line: flags, words and exit statuses. It is the only place that turns
// the typed errors of the packages into sentences, and the only one that knows Cobra.
package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// Main runs one call of the program and returns its exit status.
func Main(ctx context.Context, p Process) (status int) {
	defer func() {
		if r := recover(); r != nil {
			status = crashed(p, r)
		}
	}()
	d := newDeps(p)
	d.input = &interruptible{ctx: ctx, r: p.Stdin}
	err := d.dispatch(ctx)
	return d.finish(ctx, err)
}

// dispatch runs what argv asks for.
func (d *deps) dispatch(ctx context.Context) error {
	switch personalityOf(d.Args[0]) {
	case asSendmail:
		d.interrupts()
		return d.sendAsSendmail(ctx, d.Args[1:])
	case asMailq, asNewaliases:
		d.noQueue()
		return nil
	case asO365mail:
	}
	d.called = calledCommand(d.Args[1:])
	root := newRoot(d)
	root.SetArgs(rewriteArguments(d.Args[1:]))
	c, err := root.ExecuteContextC(ctx)
	d.command = c.CommandPath()
	return err
}

// interrupts is called by what can be stopped at a wrong moment.
func (d *deps) interrupts() {
	if d.Interrupts != nil {
		d.Interrupts()
	}
}

// rewriteArguments translates sendmail's tokens behind the command send, which may stand behind
// flags for every command.
func rewriteArguments(args []string) []string {
	i := commandAt(args)
	if i == len(args) || args[i] != "send" {
		return args
	}
	return append(slices.Clone(args[:i+1]), rewriteSendmailTokens(args[i+1:])...)
}

// commandAt is the place of the command's name, the length when there is none.
func commandAt(args []string) int {
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case slices.Contains([]string{"-p", "--profile", "--config", "--color", "--timeout", "--log-level"}, a):
			i++ // its value
		case !strings.HasPrefix(a, "-"):
			return i
		}
	}
	return len(args)
}

// calledCommand names the one command that runs. Help and completion may look at any.
func calledCommand(args []string) string {
	i := commandAt(args)
	if i == len(args) || strings.HasPrefix(args[i], "__complete") || args[i] == "help" || args[i] == "completion" {
		return ""
	}
	return args[i]
}

// calls reports whether the flags and subcommands of c are needed. Making those of every command
// is a good part of the time of a short call.
func (d *deps) calls(c *cobra.Command) bool { return d.called == "" || d.called == c.Name() }

// finish prints an error, in JSON when that was asked for, and picks the exit status.
func (d *deps) finish(ctx context.Context, err error) int {
	if err == nil {
		return exitOK
	}
	if status, ok := errors.AsType[commandStatusError](err); ok {
		return int(status)
	}
	if told, ok := errors.AsType[reported](err); ok {
		return told.exit
	}
	if readerLeft(err) {
		return exitIO
	}
	f := d.describe(ctx, err)
	t, colorErr := d.talk()
	if colorErr != nil {
		t.stderr = d.Stderr
	}
	if d.global.json {
		_ = writeJSON(d.Stdout, struct {
			Schema int            `json:"schema"`
			Error  *errorDocument `json:"error"`
		}{1, f.document()})
	}
	f.print(t)
	return f.exit
}

// readerLeft reports whether whoever reads stdout has had enough of it, as head(1) does, which is
// nothing to talk about.
func readerLeft(err error) bool {
	written, ok := errors.AsType[*fs.PathError](err)
	return ok && written.Path == "/dev/stdout" && errors.Is(written, syscall.EPIPE)
}

// reported is an error that the command has printed itself.
type reported struct{ exit int }

func (r reported) Error() string { return fmt.Sprintf("reported with status %d", r.exit) }

// crashed reports a bug. The value of a panic can hold anything, a secret too, so only its type
// and the places in the code are shown.
func crashed(p Process, value any) int {
	_, _ = fmt.Fprintf(p.Stderr, "o365mail: internal error (%T); this is a bug, please report it with these lines:\n", value)
	_, _ = io.WriteString(p.Stderr, places(string(debug.Stack())))
	return exitInternal
}
