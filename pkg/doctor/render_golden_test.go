package doctor

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// forms are all ways to write a report.
func forms() map[string]func(io.Writer, Report) error {
	return map[string]func(io.Writer, Report) error{
		"text":       func(w io.Writer, r Report) error { return WriteText(w, r, TextOptions{}) },
		"verbose":    func(w io.Writer, r Report) error { return WriteText(w, r, TextOptions{Verbose: true, Width: 72}) },
		"json":       WriteJSON,
		"markdown":   func(w io.Writer, r Report) error { return WriteMarkdown(w, r, DocumentOptions{}) },
		"html":       func(w io.Writer, r Report) error { return WriteHTML(w, r, DocumentOptions{}) },
		"nagios":     WriteNagios,
		"prometheus": func(w io.Writer, r Report) error { return WritePrometheus(w, r, r.Time) },
	}
}

// inForm writes a report that must not fail.
func inForm(t *testing.T, form string, r Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := forms()[form](&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "render", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got:\n%s", path, got)
	}
}

func TestForms(t *testing.T) {
	for form := range forms() {
		golden(t, "sample."+form, inForm(t, form, sampleReport()))
		golden(t, "healthy."+form, inForm(t, form, healthyReport()))
	}
}

// TestFormsOfHostileText looks at the octets alone: whatever a server says, a form has no control
// character but the line end, no direction mark, valid UTF-8, and a bounded size.
func TestFormsOfHostileText(t *testing.T) {
	for _, text := range hostile {
		for form := range forms() {
			out := inForm(t, form, hostileReport(text))
			if bad := unsafeRune(out); bad != "" {
				t.Errorf("%s of %.20q holds %s", form, text, bad)
			}
			if form != "json" && len(out) > 400_000 {
				t.Errorf("%s of %.20q has %d octets", form, text, len(out))
			}
		}
	}
}

func TestFormsOfNothing(t *testing.T) {
	for form := range forms() {
		if out := inForm(t, form, Report{}); !strings.HasSuffix(out, "\n") {
			t.Errorf("%s of an empty report: %q", form, out)
		}
	}
	if out := inForm(t, "text", Report{Status: Pass}); strings.Contains(out, "Nothing wrong") {
		t.Errorf("a run without checks praises the set-up:\n%s", out)
	}
}

// full is a disk on which nothing fits any more.
type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestFormsOnFullDisk(t *testing.T) {
	for form, write := range forms() {
		if err := write(full{}, sampleReport()); !errors.Is(err, errFull) {
			t.Errorf("%s: got %v, want %v", form, err, errFull)
		}
	}
}
