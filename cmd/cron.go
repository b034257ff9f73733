package cmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/o365mail/o365mail/pkg/tokenstore"
)

// unattendedTime bounds a call that must be silent. A keychain gets three seconds.
const unattendedTime = 30 * time.Second

// unattendedEnvironment is what cron gives to a job: crontab(5) sets HOME, LOGNAME, SHELL and
// PATH. There is no display, no bus and nothing that a login shell exports. On Windows the Task
// Scheduler gives the whole environment of the user.
func (d *deps) unattendedEnvironment(home, user string) []string {
	if runtime.GOOS == "windows" {
		return d.Environ()
	}
	return []string{"HOME=" + home, "LOGNAME=" + user, "USER=" + user, "SHELL=/bin/sh", "PATH=/usr/bin:/bin"}
}

// unattended runs this program anew as cron would. The error holds what it said on stderr; its
// stdout, which may be a token, goes nowhere.
func (d *deps) unattended(ctx context.Context, who service, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, unattendedTime)
	defer cancel()
	var said bytes.Buffer
	c := exec.CommandContext(ctx, d.Executable, args...) //nolint:gosec // this very program
	c.Args[0] = "o365mail"
	c.Dir = workingFolder(who.home)
	c.Env = d.unattendedEnvironment(who.home, who.name)
	c.Stderr = &said
	runAs(c, who)
	err := c.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && said.Len() > 0 {
		first, _, _ := strings.Cut(strings.TrimPrefix(said.String(), "o365mail: "), "\n")
		return errors.New(first)
	}
	if err != nil {
		return fmt.Errorf("start %s: %w", d.Executable, err)
	}
	return nil
}

// workingFolder is where cron starts a job: in the home folder, if there is one.
func workingFolder(home string) string {
	if info, err := os.Stat(home); err == nil && info.IsDir() {
		return home
	}
	return string(filepath.Separator)
}

// proveUnattended shows that a job at night finds what was stored. The sign-in is good all the
// same, so a job that would not is a warning that says what to do.
func (l *loginRun) proveUnattended(ctx context.Context) error {
	holder, err := tokenstore.ParseHolder(l.profile.Keyring)
	if err != nil || l.Executable == "" {
		return err
	}
	file, err := l.keyFile()
	if err != nil {
		return err
	}
	cure := fmt.Sprintf("o365mail login --rekey --keyring %s -p %s", file, l.profile.Name)
	switch holder.Kind {
	case tokenstore.Variable:
		l.talk.warn("cron gives its jobs no %s: set it in the job's environment, or: %s", holder.Place, cure)
		return nil
	case tokenstore.Systemd:
		l.talk.say("o365mail: only units that load the credential find the key; for other jobs: %s", cure)
		return nil
	case tokenstore.Auto, tokenstore.Keychain, tokenstore.KeyFile:
	}
	if err := l.unattended(ctx, l.whoSends(), l.unattendedArguments()...); err != nil {
		l.talk.warn("a job of cron could not use this sign-in: %v; try: %s", err, cure)
		return nil
	}
	if holder.Kind == tokenstore.Keychain && runtime.GOOS == "linux" {
		l.talk.warn("the keychain answers now because somebody is logged in; for jobs that run at any time: %s", cure)
		return nil
	}
	l.talk.fact("a process with cron's environment got a token silently")
	return nil
}

// unattendedArguments name the configuration only where this call had to.
func (l *loginRun) unattendedArguments() []string {
	args := []string{"token", "-p", l.profile.Name}
	named := first(l.global.config, l.Getenv("O365MAIL_CONFIG"))
	if path, err := filepath.Abs(named); err == nil && named != "" && l.system == nil {
		args = append(args, "--config", path)
	}
	return args
}

// whoSends is the user whose jobs will use the sign-in.
func (l *loginRun) whoSends() service {
	if l.system != nil {
		return *l.system
	}
	return l.caller()
}

// caller is the user who runs this program.
func (d *deps) caller() service {
	home, _ := d.home()
	return service{name: first(d.Getenv("LOGNAME"), d.Getenv("USER")), uid: os.Geteuid(), home: home}
}
