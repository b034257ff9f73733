package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// maxPassphrase bounds a passphrase, in bytes.
const maxPassphrase = 1 << 10

// weakPassphrase is the length below which a passphrase is likely to be guessed by whoever has the
// file, in characters.
const weakPassphrase = 12

// passphrase reads one from a file or a prompt, never from an argument. A new one is asked for twice.
func (d *deps) passphrase(ctx context.Context, file string, isNew bool) (string, error) {
	if file != "" {
		text, err := d.smallInput(file, maxPassphrase)
		if err != nil {
			return "", err
		}
		line, _, _ := strings.Cut(string(text), "\n")
		return checkPassphrase(strings.TrimSuffix(line, "\r"))
	}
	text, err := d.prompt(ctx, "passphrase of the backup")
	if err == nil {
		text, err = checkPassphrase(text)
	}
	if err != nil || !isNew {
		return text, err
	}
	switch again, err := d.prompt(ctx, "the same again"); {
	case err != nil:
		return "", err
	case again != text:
		return "", usagef("the two passphrases differ")
	}
	return text, nil
}

func checkPassphrase(text string) (string, error) {
	if text == "" {
		return "", noInputError{errors.New("the passphrase is empty")}
	}
	return text, nil
}

// prompt asks at the terminal, without an echo. When the context ends the terminal gets its echo
// back, and the read is left behind.
func (d *deps) prompt(ctx context.Context, what string) (string, error) {
	f, ok := d.Stdin.(*os.File)
	if !ok || !isTerminal(f) {
		return "", usagef("no terminal to ask for the %s: give --passphrase-file, or keys of age", what)
	}
	before, err := term.GetState(int(f.Fd()))
	if err != nil {
		return "", fmt.Errorf("terminal: %w", err)
	}
	type answer struct {
		text []byte
		err  error
	}
	answered := make(chan answer, 1)
	_, _ = fmt.Fprintf(d.Stderr, "%s: ", what)
	go func() {
		text, err := term.ReadPassword(int(f.Fd()))
		answered <- answer{text, err}
	}()
	defer func() { _, _ = fmt.Fprintln(d.Stderr) }()
	select {
	case a := <-answered:
		return string(a.text), a.err
	case <-ctx.Done():
		_ = term.Restore(int(f.Fd()), before)
		return "", context.Cause(ctx)
	}
}

// smallInput reads a file, or stdin, of at most limit bytes.
func (d *deps) smallInput(file string, limit int64) ([]byte, error) {
	in := d.input
	if file != "-" {
		f, err := os.Open(file) //nolint:gosec // the caller's own setting
		if err != nil {
			return nil, noInputError{err}
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, limit+1))
	switch {
	case err != nil:
		return nil, noInputError{err}
	case int64(len(text)) > limit:
		return nil, noInputError{fmt.Errorf("%s is larger than %d bytes", nameOf(file), limit)}
	}
	return text, nil
}
