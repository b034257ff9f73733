package cmd

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"time"

	"github.com/o365mail/o365mail/pkg/entra"
)

// notifyTime bounds the command that is run when a sign-in was refused.
const notifyTime = 30 * time.Second

// notifyPrefix begins the variables that tell the command what happened.
const notifyPrefix = "O365MAIL_NOTIFY_"

// notify runs the profile's notify_command when a token was refused for good: a job at night has
// nobody who reads its output. The words go to its stdin, what a program needs into its
// environment. It is split at spaces and no shell sees it.
func (d *deps) notify(a *account, err error) {
	words := strings.Fields(a.NotifyCommand)
	refused := errors.As(err, new(*entra.Error)) || errors.Is(err, entra.ErrNotSignedIn) || errors.As(err, new(*entra.ValidityError))
	if len(words) == 0 || !refused {
		return
	}
	f := d.describe(context.Background(), err)
	if f.exit == exitTemporary {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), notifyTime)
	defer cancel()
	c := exec.CommandContext(ctx, words[0], words[1:]...) //nolint:gosec // the user's own command
	c.Env = append(d.Environ(), notifyPrefix+"PROFILE="+a.Name, notifyPrefix+"ADDRESS="+a.Address, notifyPrefix+"CODE="+f.code)
	c.Stdin = strings.NewReader("o365mail: " + f.what + " of " + a.Address + ": " + f.line() + "\ntry: " + f.try + "\n")
	c.Stdout, c.Stderr = d.Stderr, d.Stderr
	if err := c.Run(); err != nil {
		if t, colorErr := d.talk(); colorErr == nil {
			t.warn("notify_command: %v", err)
		}
	}
}
