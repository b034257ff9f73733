package migrate

import (
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// edited applies the edits of all findings, from the last line to the first, as ed does.
func edited(files []txtar.File, found []Finding) []txtar.File {
	out := slices.Clone(files)
	for i, file := range out {
		var all []Edit
		for _, f := range found {
			if f.Path == file.Name {
				all = append(all, f.Replacement.Edit...)
			}
		}
		slices.SortStableFunc(all, func(a, b Edit) int { return b.Line - a.Line })
		lines := strings.SplitAfter(string(file.Data), "\n")
		for _, e := range all {
			var next []string
			for _, line := range e.New {
				next = append(next, line+"\n")
			}
			lines = slices.Replace(lines, e.Line-1, e.EndLine, next...)
		}
		out[i].Data = []byte(strings.Join(lines, ""))
	}
	return out
}

// TestEditsEndTheFinding applies what the scan proposes and scans again: where new lines were
// written the password is gone, and nothing of the program is left but information.
func TestEditsEndTheFinding(t *testing.T) {
	written := map[string]bool{}
	all := fixtures(t)
	before, _ := settings(t)
	for name, file := range before {
		all = append(all, fixture{rule: "settings.txtar", name: name, files: []txtar.File{file}})
	}
	for _, f := range all {
		found := scanFiles(t, f.files).Findings
		if !slices.ContainsFunc(found, func(x Finding) bool { return len(x.Replacement.Edit) > 0 }) {
			continue
		}
		files := edited(f.files, found)
		for _, x := range scanFiles(t, files).Findings {
			before := slices.ContainsFunc(found, func(old Finding) bool {
				return old.Rule == x.Rule && old.Path == x.Path && len(old.Replacement.Edit) > 0
			})
			if before && x.Severity != Info && x.Severity != Low {
				t.Errorf("%s/%s: still %v in\n%s", f.rule, f.name, told([]Finding{x}), txtar.Format(&txtar.Archive{Files: files}))
			}
			written[x.Rule] = true
		}
		for _, x := range found {
			if len(x.Replacement.Edit) > 0 {
				written[x.Rule] = true
			}
		}
	}
	for _, r := range rules() {
		if editor(r.ID) != nil && !written[r.ID] {
			t.Errorf("%s has an editor and no fixture in which it writes a line", r.ID)
		}
	}
}

// TestWrittenLines holds the new lines themselves.
func TestWrittenLines(t *testing.T) {
	golden, err := txtar.ParseFile("testdata/edits.txtar")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, f := range golden.Files {
		want[f.Name] = string(f.Data)
	}
	for _, f := range samples(t) {
		found := scanFiles(t, f.files).Findings
		if !slices.ContainsFunc(found, func(x Finding) bool { return len(x.Replacement.Edit) > 0 }) {
			continue
		}
		for _, file := range edited(f.files, found) {
			name := f.rule + "/" + file.Name
			if got := string(file.Data); got != want[name] {
				t.Errorf("-- %s --\n%s", name, got)
			}
		}
	}
}
