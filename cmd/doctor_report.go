package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/fatih/color"
	"golang.org/x/term"

	"github.com/o365mail/o365mail/pkg/doctor"
)

// examineAll runs the suite; who looks on sees how far it has come.
func (d *deps) examineAll(ctx context.Context, t talk, s *doctor.Suite) doctor.Report {
	var looksOn *os.File
	if f, ok := d.Stderr.(*os.File); ok && isTerminal(f) && !t.quiet && t.verbose < 2 {
		looksOn = f
	}
	if looksOn == nil {
		return s.Run(ctx, nil)
	}
	p := doctor.NewProgress(looksOn, s.Checks(), width(looksOn))
	p.Begin()
	defer p.End()
	return s.Run(ctx, p.Ended)
}

// width is the columns of a terminal, 0 of anything else.
func width(stream any) int {
	f, ok := stream.(*os.File)
	if !ok {
		return 0
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return columns
}

// earlier are the records of earlier runs: the one that this run replaces, and the one to compare with.
type earlier struct{ replaced, compared doctor.Record }

// earlier reads both before anything is examined, so that a wrong file costs no run. A run that keeps its
// report where it looks for the one before has none to compare with the first time.
func (o *doctorOptions) earlier() (earlier, error) {
	var e earlier
	var err error
	if e.replaced, err = recordIn(o.save); err != nil || o.compare == "" {
		return e, err
	}
	if e.compared, err = doctor.LoadRecord(o.compare); err != nil {
		if o.compare != o.save || !errors.Is(err, fs.ErrNotExist) {
			return e, noInputError{err}
		}
		o.compare = ""
	}
	return e, nil
}

// tell prints and keeps the report, and picks the status.
func (d *deps) tell(o doctorOptions, t talk, config doctor.Config, before earlier, r doctor.Report) error {
	record := doctor.NewRecord(r, before.replaced)
	if err := d.print(o, t, config, before, record); err != nil {
		return err
	}
	if o.format == "text" {
		sayTrace(t, r)
	}
	if o.save != "" {
		if err := record.Save(o.save); err != nil {
			return cannotCreateError{fmt.Errorf("save the report: %w", err)}
		}
	}
	if status := o.status(r); status != exitOK {
		return reported{status}
	}
	return nil
}

// sayTrace tells how to follow a test message that was accepted.
func sayTrace(t talk, r doctor.Report) {
	for _, one := range r.Results {
		if one.ID == "send.test" && one.Status == doctor.Pass {
			t.say("o365mail: the test message was %s", one.Detail)
		}
	}
}

// recordIn is what a file holds of an earlier run; a file that is not there yet holds nothing.
func recordIn(path string) (doctor.Record, error) {
	if path == "" {
		return doctor.Record{}, nil
	}
	record, err := doctor.LoadRecord(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return doctor.Record{}, nil
	case err != nil:
		return record, noInputError{err}
	}
	return record, nil
}

// status is the exit status, or that of a monitoring plugin.
func (o *doctorOptions) status(r doctor.Report) int {
	if o.format == "nagios" {
		return doctor.NagiosStatus(r)
	}
	for _, c := range r.Causes {
		if c.Code == "doctor.crash" {
			return exitInternal
		}
	}
	if r.Status == doctor.Fail || o.strict && r.Status == doctor.Warn {
		return exitFindings
	}
	return exitOK
}

func (d *deps) print(o doctorOptions, t talk, config doctor.Config, before earlier, record doctor.Record) error {
	if o.compare != "" {
		return d.printComparison(o, t, config, doctor.Compare(before.compared.Report, record.Report), record.Report)
	}
	switch o.format {
	case "json":
		return doctor.WriteJSON(d.Stdout, record.Report)
	case "markdown":
		return doctor.WriteMarkdown(d.Stdout, record.Report, d.documentOptions(o, config))
	case "html":
		return doctor.WriteHTML(d.Stdout, record.Report, d.documentOptions(o, config))
	case "nagios":
		return doctor.WriteNagios(d.Stdout, record.Report)
	case "prometheus":
		return doctor.WritePrometheus(d.Stdout, record.Report, record.LastSuccess)
	}
	if t.quiet && record.Status == doctor.Pass {
		return nil
	}
	return doctor.WriteText(d.Stdout, record.Report, d.textOptions(t))
}

func (d *deps) printComparison(o doctorOptions, t talk, config doctor.Config, c doctor.Comparison, r doctor.Report) error {
	switch o.format {
	case "json":
		return doctor.WriteComparisonJSON(d.Stdout, c)
	case "markdown":
		return doctor.WriteComparisonMarkdown(d.Stdout, c, d.documentOptions(o, config))
	}
	if err := doctor.WriteText(d.Stdout, r, d.textOptions(t)); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(d.Stdout); err != nil {
		return err
	}
	return doctor.WriteComparisonText(d.Stdout, c, d.textOptions(t))
}

// textOptions color as on stderr, if stdout is a terminal too.
func (d *deps) textOptions(t talk) doctor.TextOptions {
	o := doctor.TextOptions{Verbose: t.verbose > 0, Width: width(d.Stdout)}
	if t.colored && (isTerminal(d.Stdout) || d.global.color == "always") {
		o.Color = func(s doctor.Status, word string) string { return t.paint(word, colorOf(s)) }
	}
	return o
}

func colorOf(s doctor.Status) color.Attribute {
	switch s {
	case doctor.Pass:
		return color.FgGreen
	case doctor.Warn:
		return color.FgYellow
	case doctor.Fail:
		return color.FgRed
	case doctor.Skip, doctor.Blocked:
	}
	return color.Faint
}

// documentOptions add what only this process knows to be private.
func (d *deps) documentOptions(o doctorOptions, config doctor.Config) doctor.DocumentOptions {
	documents := doctor.DocumentOptions{NoRedact: o.noRedact}
	add := func(kind doctor.PrivateKind, value string) {
		if value != "" {
			documents.Known = append(documents.Known, doctor.Private{Kind: kind, Value: value})
		}
	}
	if home, err := d.home(); err == nil {
		add(doctor.PrivateHome, home)
	}
	for _, file := range append(config.Files, doctor.File{Path: d.global.config}, doctor.File{Path: o.tokenFile}) {
		if strings.Contains(file.Path, "/") || strings.Contains(file.Path, `\`) {
			add(doctor.PrivatePath, file.Path)
		}
	}
	for _, address := range []string{config.From, config.To, config.SendTest} {
		add(doctor.PrivateMailbox, address)
	}
	if p := config.Profile; p != nil {
		add(doctor.PrivateMailbox, p.Address)
		add(doctor.PrivateTenant, p.Tenant)
		add(doctor.PrivateClient, p.ClientID)
		add(doctor.PrivateProfile, p.Name)
	}
	return documents
}
