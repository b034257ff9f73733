package migrate

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// PatchIndex is the file in a folder of patches that says which script belongs to which file.
const PatchIndex = "INDEX.txt"

// A PatchFile is an ed script for one file. It holds numbers of lines and new lines, and never a
// line that was there, so it can be sent to the owner of the file.
type PatchFile struct {
	Name   string // of the script
	Path   string // of the file that it changes
	Script string
	Steps  []string // of its findings, each once
}

// Patches makes the scripts for all findings that have new lines. Findings whose lines cannot be written as a
// script, or touch those of another, are named by the error; the others are made all the same.
func Patches(findings []Finding) ([]PatchFile, error) {
	scripts := map[string]*pendingScript{}
	var paths []string
	var refused []error
	for i := range findings {
		f := &findings[i]
		if len(f.Replacement.Edit) == 0 {
			continue
		}
		s, ok := scripts[f.Path]
		if !ok {
			s = &pendingScript{crlf: endsWithCRLF(f.Path)}
			scripts[f.Path] = s
			paths = append(paths, f.Path)
		}
		if err := s.add(f.Replacement.Edit); err != nil {
			refused = append(refused, fmt.Errorf("%s: %w", f.place(), err))
			continue
		}
		for _, step := range f.Replacement.Steps {
			if !slices.Contains(s.steps, step) {
				s.steps = append(s.steps, step)
			}
		}
	}
	slices.Sort(paths)
	var files []PatchFile
	for _, path := range paths {
		if s := scripts[path]; s.text != "" {
			files = append(files, PatchFile{patchName(path), path, s.text, s.steps})
		}
	}
	return files, errors.Join(refused...)
}

// pendingScript is the edits of one file that go together.
type pendingScript struct {
	edits []Edit
	steps []string
	text  string
	crlf  bool
}

// add takes the edits of one finding, all or none.
func (s *pendingScript) add(edits []Edit) error {
	all := append(slices.Clone(s.edits), edits...)
	text, err := edScript(all, s.crlf)
	if err == nil {
		s.edits, s.text = all, text
	}
	return err
}

// endsWithCRLF reports whether the first line of a file ends as on Windows; new lines then do too.
func endsWithCRLF(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	f, err := os.Open(path) //nolint:gosec // a file that was searched
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	line, _ := bufio.NewReader(io.LimitReader(f, maxReportLine)).ReadSlice('\n')
	return bytes.HasSuffix(line, []byte("\r\n"))
}

// edScript writes edits from the last line to the first, so that the numbers stay true.
func edScript(edits []Edit, crlf bool) (string, error) {
	backwards := slices.Clone(edits)
	sort.SliceStable(backwards, func(i, j int) bool {
		a, b := &backwards[i], &backwards[j]
		return a.Line > b.Line || a.Line == b.Line && a.EndLine > b.EndLine
	})
	var p page
	above := int(^uint(0) >> 1)
	for i, e := range backwards {
		if i > 0 && e.is(backwards[i-1]) {
			continue // two rules agree
		}
		if err := e.check(above); err != nil {
			return "", err
		}
		p.line(e.command())
		if len(e.New) > 0 {
			end := ""
			if crlf {
				end = "\r"
			}
			p.line(strings.Join(e.New, end+"\n"), end)
			p.line(".")
		}
		above = e.Line
	}
	p.line("w")
	p.line("q")
	return p.String(), nil
}

func (e Edit) is(o Edit) bool {
	return e.command() == o.command() && slices.Equal(e.New, o.New)
}

// check refuses what would make another script of it: a lone dot ends the input of ed.
func (e Edit) check(above int) error {
	if e.Line < 1 || e.EndLine < e.Line-1 || e.EndLine >= above {
		return fmt.Errorf("lines %d to %d overlap with others", e.Line, e.EndLine)
	}
	if e.EndLine < e.Line && len(e.New) == 0 {
		return fmt.Errorf("line %d: nothing to insert", e.Line)
	}
	for _, line := range e.New {
		if line == "." || strings.ContainsAny(line, "\r\n\x00") {
			return fmt.Errorf("line %d: the new line cannot be written in a script", e.Line)
		}
	}
	return nil
}

// command is the one of ed(1): append, change or delete.
func (e Edit) command() string {
	switch {
	case e.EndLine < e.Line:
		return fmt.Sprintf("%da", e.Line-1)
	case len(e.New) == 0:
		return fmt.Sprintf("%d,%dd", e.Line, e.EndLine)
	}
	return fmt.Sprintf("%d,%dc", e.Line, e.EndLine)
}

// patchName flattens a path; the hash keeps two paths apart that look alike once flattened.
func patchName(path string) string {
	flat := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '-', r == '.':
			return r
		}
		return '_'
	}, strings.Trim(filepath.ToSlash(path), "/."))
	sum := sha256.Sum256([]byte(path))
	return flat[max(0, len(flat)-100):] + "-" + hex.EncodeToString(sum[:4]) + ".ed"
}

// WritePatches writes the scripts and their index into a folder, and applies nothing. It makes the
// folder when there is none, and refuses to write over a file.
func WritePatches(folder string, files []PatchFile) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	var index page
	index.line("Scripts for ed(1). Each fits the file as it was when it was searched; apply it before that changes.")
	index.line("They hold new lines only. Look at each before you run it.")
	index.line("Install o365mail and sign in first, as the first steps of each file say: before that the new lines stop the mail.")
	index.line("Then run the command of the file, and take its other steps; the password is changed last.")
	index.line("The commands are for the folder in which the search was started.")
	for _, f := range files {
		index.line()
		index.line(printable(f.Path))
		for i, step := range f.Steps {
			index.line("  step ", strconv.Itoa(i+1), ": ", printable(step))
		}
		index.line("  ed -s ", shellQuote(edName(f.Path)), " < ", shellQuote(edName(filepath.Join(folder, f.Name))))
	}
	all := append(slices.Clone(files), PatchFile{Name: PatchIndex, Script: index.String()})
	for _, f := range all {
		if _, err := os.Lstat(filepath.Join(folder, f.Name)); err == nil {
			return &os.PathError{Op: "create", Path: filepath.Join(folder, f.Name), Err: os.ErrExist}
		}
	}
	for _, f := range all {
		if err := createFile(filepath.Join(folder, f.Name), f.Script); err != nil {
			return err
		}
	}
	return nil
}

// edName keeps ed from taking a name for an option, or for a command to run.
func edName(path string) string {
	if !filepath.IsAbs(path) && !strings.HasPrefix(path, "./") {
		path = "./" + path
	}
	return printable(path)
}

// shellQuote is for sh(1), whatever is in s.
func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

func createFile(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the caller's folder, a name of ours
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}
