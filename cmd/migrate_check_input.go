package cmd

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/o365mail/o365mail/pkg/migrate"
)

// read takes every input: reports into the ledger, all else through the scanner.
func (m *migration) read(ctx context.Context) error {
	if m.options.staged {
		return m.readStaged(ctx)
	}
	paths := m.options.paths
	if len(paths) == 0 && !m.options.probe {
		paths = []string{"."}
	}
	var roots []string
	seen := map[string]bool{}
	for _, path := range paths {
		if place, err := filepath.Abs(path); err == nil && path != "-" {
			if seen[place] {
				continue // named twice, counted once
			}
			seen[place] = true
		}
		if path == "-" {
			if err := m.readStdin(ctx); err != nil {
				return err
			}
			continue
		}
		isReport, err := m.readReport(ctx, path)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil:
			return noInputError{err}
		}
		if !isReport {
			roots = append(roots, path)
		}
	}
	if len(roots) == 0 {
		return nil
	}
	return m.scan(ctx, roots)
}

func (m *migration) scan(ctx context.Context, roots []string) error {
	skipper, err := migrate.NewSkipper(roots, m.options.exclude, m.options.gitignore)
	if err != nil {
		return err
	}
	progress := m.newProgress()
	defer progress.end()
	o := m.scanOptions()
	o.Skip, o.Progress = skipper.Skip, progress.show
	result, err := migrate.Scan(ctx, roots, o)
	if err != nil {
		return err
	}
	m.results = append(m.results, result)
	return nil
}

func (m *migration) scanOptions() migrate.Options {
	return migrate.Options{MaxSize: m.options.maxBytes, Jobs: m.options.jobs, NoArchives: m.options.noArchives}
}

// readReport reads a file that was named, when it is a report. Files in folders are not asked: an
// export beside a configuration is not what was meant.
func (m *migration) readReport(ctx context.Context, path string) (bool, error) {
	info, err := os.Stat(path)
	if err != nil {
		return false, err
	}
	if !info.Mode().IsRegular() {
		return false, nil
	}
	f, err := os.Open(path) //nolint:gosec // the caller's own file
	if errors.Is(err, os.ErrPermission) {
		return false, nil // the scanner lists it as unread
	}
	if err != nil {
		return false, err
	}
	defer func() { _ = f.Close() }()
	return m.takeReport(path, bufio.NewReaderSize(&interruptible{ctx: ctx, r: f}, migrate.ReportHead)), context.Cause(ctx)
}

// takeReport reads a report and says how well; it is false, and nothing was read, when it is none.
func (m *migration) takeReport(name string, r *bufio.Reader) bool {
	head, _ := r.Peek(migrate.ReportHead)
	if migrate.RecognizeReport(name, head) == "" {
		if isTable(name) || isExport(head) {
			m.strange = append(m.strange, name)
			m.talk.warn("%s is searched as any other file; if it is meant to be a report, export it as CSV with its header in English", visible(name))
		}
		return false
	}
	if read := m.ledger.Read(name, r); read.Bad > 0 || read.Broken != "" {
		why := read.Broken
		if read.Bad > 0 {
			why = fmt.Sprintf("rows left out: %d; the answer says which and why", read.Bad)
		}
		m.talk.warn("%s could not be understood in full: %s", visible(name), visible(why))
	}
	return true
}

// isTable tells by its name a file that was surely meant to be a report.
func isTable(name string) bool {
	return slices.Contains([]string{".csv", ".tsv", ".xls", ".xlsx"}, strings.ToLower(filepath.Ext(name)))
}

// isExport tells by its beginning a list in JSON, which a configuration seldom is.
func isExport(head []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	rest, ok := bytes.CutPrefix(text, []byte("["))
	return ok && bytes.HasPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte("{")) || len(text) > 0 && text[0] == '{' && bytes.Contains(text[:min(200, len(text))], []byte(`"@odata.`))
}

// unrecognized lists as unread what was named as a report, and is neither one nor a file with a finding.
func (m *migration) unrecognized(a *migrate.Answer) {
	told := map[string]bool{}
	for i := range a.Findings {
		told[a.Findings[i].Path] = true
	}
	for i := range a.Unread {
		told[a.Unread[i].Path] = true
	}
	var result migrate.Result
	for _, name := range m.strange {
		if !told[name] {
			result.Unread = append(result.Unread, migrate.Unread{Path: name, Why: "not recognized as a report: export it as CSV with its header in English"})
		}
	}
	result.Summary.Unread = len(result.Unread)
	a.Result = migrate.Join(&a.Result, &result)
}

func (m *migration) readStdin(ctx context.Context) error {
	in := bufio.NewReaderSize(m.input, migrate.ReportHead)
	if m.takeReport("-", in) {
		return nil
	}
	return m.scanReader(ctx, "-", in)
}

func (m *migration) scanReader(ctx context.Context, name string, r io.Reader) error {
	result, err := migrate.ScanReader(ctx, name, r, m.scanOptions())
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	m.results = append(m.results, result)
	return nil
}
