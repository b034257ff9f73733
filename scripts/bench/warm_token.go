//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/o365mail/o365mail/pkg/sandbox"
)

// warmToken compares the printing of a token that is valid with the least that the program can do.
// The service is stopped by then, so that a request would fail.
func (b *bench) warmToken(ctx context.Context, r *report) error {
	environment, err := b.signIn(ctx)
	if err != nil {
		return err
	}
	calls := [][]string{{b.program.Path(), "version"}, {b.program.Path(), "token"}}
	var runs [2][]time.Duration
	for range 101 {
		for i, call := range calls {
			u, err := execute(ctx, environment, "", call...)
			if err != nil {
				return err
			}
			runs[i] = append(runs[i], u.ended.Sub(u.began))
		}
	}
	for i, call := range calls {
		slices.Sort(runs[i])
		r.printf("%-30s %9.1f ms\n", "o365mail "+call[1], milliseconds(median(runs[i])))
	}
	r.atMost("a token that is valid, compared with version", float64(median(runs[1]))/float64(median(runs[0])), 2, "times")
	return nil
}

// signIn logs in at a sandbox that lives no longer, and gives the environment of later calls.
func (b *bench) signIn(ctx context.Context) ([]string, error) {
	dir := filepath.Join(b.dir, "tenant")
	s, err := sandbox.Start(ctx, sandbox.Config{Dir: dir})
	if err != nil {
		return nil, err
	}
	defer func() { _ = s.Close() }()
	home := filepath.Join(b.dir, "home")
	if err := os.MkdirAll(home, 0o700); err != nil {
		return nil, err
	}
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte(sandbox.AppSecret), 0o600); err != nil {
		return nil, err
	}
	environment := []string{"HOME=" + home, "PATH=" + os.Getenv("PATH")}
	login := environment
	for name, value := range s.Settings() {
		if strings.HasPrefix(name, "O365MAIL_") {
			login = append(login, fmt.Sprintf("%s=%s", name, value))
		}
	}
	_, err = execute(ctx, login, "", b.program.Path(), "login", sandbox.SharedMailbox, "--client-id", sandbox.AppClientID, "--client-secret-file", secret)
	return environment, err
}
