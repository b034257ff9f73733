package cmd

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// secret reads a secret from a file, a variable or a prompt, never from an argument.
func (l *loginRun) secret(file, variable, prompt string) (string, error) {
	switch {
	case file == "-":
		return firstLine(l.input)
	case file != "":
		f, err := os.Open(file) //nolint:gosec // the caller's own setting
		if err != nil {
			return "", noInputError{err}
		}
		defer func() { _ = f.Close() }()
		return firstLine(f)
	case l.Getenv(variable) != "":
		return l.Getenv(variable), nil
	}
	f, ok := l.Stdin.(*os.File)
	if !ok || !isTerminal(f) {
		return "", usagef("no %s: give it by a file, or by %s", prompt, variable)
	}
	_, _ = fmt.Fprintf(l.Stderr, "%s: ", prompt)
	text, err := term.ReadPassword(int(f.Fd()))
	_, _ = fmt.Fprintln(l.Stderr)
	return string(text), err
}

func firstLine(r io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxTokenFile))
	line, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	if err == nil && line == "" {
		err = noInputError{errors.New("the secret is empty")}
	}
	return strings.TrimSpace(line), err
}

// secretExpiry reads --secret-expires.
func (l *loginRun) secretExpiry() (time.Time, error) {
	if l.options.expires == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateOnly, l.options.expires)
	if err != nil {
		return t, usagef("--secret-expires %s: it takes a date such as 2027-12-31", l.options.expires)
	}
	return t, nil
}
