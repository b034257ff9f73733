package cmd

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"github.com/o365mail/o365mail/pkg/profile"
)

// tokenAsCron runs this program as a job of cron would: in another process with cron's environment.
// It asks whether a token can be had, and hears no token.
func (d *deps) tokenAsCron(ctx context.Context, flags map[string]string) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	arguments := []string{"token", "--check", "--warn", "0d"}
	for flag, value := range map[string]string{"--profile": d.global.profile, "--config": d.global.config} {
		if value != "" {
			arguments = append(arguments, flag, value)
		}
	}
	for _, k := range profile.Keys() {
		if value, given := flags[k.Name]; given {
			arguments = append(arguments, "--"+k.Flag+"="+value)
		}
	}
	c := exec.CommandContext(ctx, program, arguments...) //nolint:gosec // this program itself
	c.Args[0] = "o365mail"
	c.Env = d.cronEnvironment()
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	if c.Run() == nil {
		return nil
	}
	line, _, _ := strings.Cut(strings.TrimSpace(said.String()), "\n")
	return errors.New("in cron's environment: " + strings.TrimPrefix(strings.TrimPrefix(line, "o365mail: "), "critical: "))
}

// cronEnvironment is what crontab(5) promises a job, and on Windows what its task scheduler leaves.
func (d *deps) cronEnvironment() []string {
	if runtime.GOOS == "windows" {
		return d.Environ()
	}
	home, _ := d.home()
	environment := []string{"HOME=" + home, "PATH=/usr/bin:/bin", "SHELL=/bin/sh"}
	for _, name := range []string{"LOGNAME", "USER"} {
		if v := d.Getenv(name); v != "" {
			environment = append(environment, name+"="+v)
		}
	}
	return environment
}
