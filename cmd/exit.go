package cmd

import (
	"context"
	"errors"
	"fmt"
	"syscall"
)

// Exit statuses. They are an interface: scripts, Postfix's pipe and cron wrappers act on them.
// Numbers from 64 on are those of sysexits(3). 2 is never used: a Go panic exits 2.
const (
	exitOK            = 0
	exitFindings      = 1
	exitUsage         = 64
	exitData          = 65
	exitNoInput       = 66
	exitRecipient     = 67
	exitNoHost        = 68
	exitUnavailable   = 69
	exitInternal      = 70
	exitCannotCreate  = 73
	exitIO            = 74
	exitTemporary     = 75
	exitUncertain     = 76
	exitNoPermission  = 77
	exitConfiguration = 78
	exitInterrupt     = 130
	exitTerminated    = 143
)

// ExitCode is a row of the table of exit statuses printed in every manual page.
type ExitCode struct {
	Code    int
	Meaning string
}

// ExitCodes lists every exit status that the program can end with, in numeric order.
func ExitCodes() []ExitCode {
	return []ExitCode{
		{exitOK, "done"},
		{exitFindings, "a check found something"},
		{exitUsage, "usage: unknown flag, missing or contradictory arguments"},
		{exitData, "bad message or address"},
		{exitNoInput, "an input file is missing or cannot be read"},
		{exitRecipient, "a recipient was refused"},
		{exitNoHost, "a host name is unknown"},
		{exitUnavailable, "service unavailable for good, or it broke the protocol"},
		{exitInternal, "internal error"},
		{exitCannotCreate, "a file cannot be created"},
		{exitIO, "input or output error"},
		{exitTemporary, "temporary failure: nothing was sent, the same call may be repeated safely"},
		{exitUncertain, "uncertain: the message may have been accepted, do not repeat blindly"},
		{exitNoPermission, "refused: sign-in, permission or policy"},
		{exitConfiguration, "configuration error"},
		{exitInterrupt, "interrupted (SIGINT) before the message was handed over"},
		{exitTerminated, "terminated (SIGTERM) before the message was handed over"},
	}
}

// InterruptedError is the cause of a context that a signal ended.
type InterruptedError struct{ Signal syscall.Signal }

// Error names the signal.
func (i InterruptedError) Error() string { return fmt.Sprintf("stopped by signal: %v", i.Signal) }

// interruption reports whether a signal ended ctx, and the exit status that the shell expects of it.
func interruption(ctx context.Context) (int, bool) {
	var i InterruptedError
	if !errors.As(context.Cause(ctx), &i) {
		return 0, false
	}
	if i.Signal == syscall.SIGTERM {
		return exitTerminated, true
	}
	return exitInterrupt, true
}
