package cmd

import (
	"context"
	"errors"
	"os/exec"
	"runtime"
)

// hasBrowser reports whether a browser can open here: on Unix there has to be a display, and over
// ssh it would open at the wrong end.
func (d *deps) hasBrowser() bool {
	if d.Getenv("SSH_CONNECTION") != "" || d.Getenv("SSH_TTY") != "" {
		return false
	}
	switch runtime.GOOS {
	case "windows", "darwin":
		return true
	}
	return d.Getenv("DISPLAY") != "" || d.Getenv("WAYLAND_DISPLAY") != "" || d.Getenv("BROWSER") != ""
}

// browserCommand opens an address: $BROWSER, else the system's opener.
func (d *deps) browserCommand(address string) (string, []string) {
	if b := d.Getenv("BROWSER"); b != "" {
		return b, []string{address}
	}
	switch runtime.GOOS {
	case "windows":
		return "rundll32", []string{"url.dll,FileProtocolHandler", address}
	case "darwin":
		return "open", []string{address}
	}
	return "xdg-open", []string{address}
}

// openBrowser shows the address too: the opener can succeed without anything opening.
func (l *loginRun) openBrowser(ctx context.Context, address string) error {
	l.talk.say("o365mail: a browser opens for the sign-in; if none does, open this address in one on this machine:\n%s", address)
	name, args := l.browserCommand(address)
	c := exec.CommandContext(ctx, name, args...) //nolint:gosec // the user's own browser
	err := c.Run()
	var exit *exec.ExitError
	switch {
	case err == nil || ctx.Err() != nil || errors.As(err, &exit):
		return nil //nolint:nilerr // a browser that was open already can end with any status
	case isTerminal(l.Stderr):
		l.talk.warn("no browser can be started here (%v); open the address yourself, or stop this and use --use-device-code", err)
		return nil
	}
	return noBrowserError{err}
}

// noBrowserError ends a sign-in that nobody sees and no browser shows.
type noBrowserError struct{ error }

func (e noBrowserError) Unwrap() error { return e.error }
