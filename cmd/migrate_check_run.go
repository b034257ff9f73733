package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/fatih/color"

	"github.com/o365mail/o365mail/pkg/migrate"
)

// migration is one call of migrate-check.
type migration struct {
	*deps
	talk    talk
	options migrateOptions
	ledger  migrate.Ledger
	results []*migrate.Result
	strange []string // named, and not recognized as a report
}

func (d *deps) migrateCheck(ctx context.Context, o migrateOptions) error {
	t, err := d.talk()
	if err != nil {
		return err
	}
	if err := o.check(d.global.json, d.Now()); err != nil {
		return err
	}
	m := &migration{deps: d, talk: t, options: o, ledger: migrate.Ledger{Since: o.sinceDay}}
	if err := m.read(ctx); err != nil {
		return during{"migrate-check", err}
	}
	answer, err := m.answer()
	if err != nil {
		return during{"migrate-check", err}
	}
	var refused error
	if o.probe {
		answer.Probe, refused = m.ask(ctx)
	}
	return m.tell(ctx, answer, refused)
}

// answer joins what was read, and takes out what is known.
func (m *migration) answer() (*migrate.Answer, error) {
	a := &migrate.Answer{Result: migrate.Join(m.results...), Version: m.Version}
	m.unrecognized(a)
	migrate.Settle(a.Findings)
	a.Usage = m.ledger.Usage(a.Findings)
	if m.options.writeBaseline != "" {
		if err := writeFile(m.options.writeBaseline, func(w io.Writer) error { return migrate.WriteBaseline(w, a.Findings) }); err != nil {
			return nil, err
		}
	}
	if m.options.baseline == "" {
		return a, nil
	}
	known, err := readBaseline(m.options.baseline)
	if err != nil {
		return nil, noInputError{fmt.Errorf("--baseline: %w", err)}
	}
	a.TakeKnown(known)
	return a, nil
}

func readBaseline(path string) (*migrate.Baseline, error) {
	f, err := os.Open(path) //nolint:gosec // the caller's own file
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	b, err := migrate.ReadBaseline(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return b, nil
}

// writeFile makes a file anew, or leaves an error that says that it could not.
func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644) //nolint:gosec // no secret: it is meant to be committed
	if err != nil {
		return cannotCreateError{err}
	}
	return errors.Join(write(f), f.Close())
}

// tell writes the scripts and the answer, and picks the exit status.
func (m *migration) tell(ctx context.Context, a *migrate.Answer, refused error) error {
	if m.options.patch != "" {
		if err := m.patch(a); err != nil {
			return during{"migrate-check", err}
		}
	}
	fails := a.Fails()
	if m.options.redact {
		a.Redact()
	}
	if err := m.write(a); err != nil {
		return during{"print the answer", err}
	}
	switch {
	case fails && m.options.exitCode != exitOK:
		return reported{m.options.exitCode}
	case refused != nil:
		// The answer is on stdout already, and with --json it is the only document there.
		f := m.describe(ctx, refused)
		f.what = "ask the server"
		f.print(m.talk)
		return reported{f.exit}
	}
	return nil
}

func (m *migration) write(a *migrate.Answer) error {
	switch m.options.format {
	case "json":
		return migrate.WriteJSON(m.Stdout, a)
	case "sarif":
		return migrate.WriteSARIF(m.Stdout, a)
	case "csv":
		return migrate.WriteCSV(m.Stdout, a)
	case "html":
		return migrate.WriteHTML(m.Stdout, a)
	case "junit":
		return migrate.WriteJUnit(m.Stdout, a)
	}
	return migrate.WriteText(m.Stdout, a, migrate.TextOptions{Paint: m.paint})
}

// paint colors the severity, on a terminal or on a wish.
func (m *migration) paint(s migrate.Severity, word string) string {
	on, err := useColor(m.global.color, m.Getenv, isTerminal(m.Stdout))
	if err != nil || !on {
		return word
	}
	t := talk{colored: true}
	switch s {
	case migrate.High:
		return t.paint(word, color.FgRed, color.Bold)
	case migrate.Medium:
		return t.paint(word, color.FgYellow)
	case migrate.Low, migrate.Info:
	}
	return t.paint(word, color.FgCyan)
}

// patch writes the scripts; a finding whose lines cannot be one is named and left out.
func (m *migration) patch(a *migrate.Answer) error {
	files, refused := migrate.Patches(a.Findings)
	if refused != nil {
		m.talk.warn("no script for %s", visible(refused.Error()))
	}
	if len(files) == 0 {
		m.talk.say("no finding has lines that can be written for it: %s was not made", visible(m.options.patch))
		return nil
	}
	if err := migrate.WritePatches(m.options.patch, files); err != nil {
		if errors.Is(err, fs.ErrExist) {
			err = fmt.Errorf("--patch takes a new folder: %w", err)
		}
		return cannotCreateError{err}
	}
	m.talk.say("scripts for ed written into %s: %d; %s there says how to apply them", visible(m.options.patch), len(files), migrate.PatchIndex)
	return nil
}
