package migrate

import (
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// settings are the cases of testdata/settings.txtar: a file before and after.
func settings(t *testing.T) (before, after map[string]txtar.File) {
	t.Helper()
	a, err := txtar.ParseFile("testdata/settings.txtar")
	if err != nil {
		t.Fatal(err)
	}
	before, after = map[string]txtar.File{}, map[string]txtar.File{}
	for _, f := range a.Files {
		side, rest, _ := strings.Cut(f.Name, "/")
		name, path, _ := strings.Cut(rest, "/")
		into := map[string]map[string]txtar.File{"before": before, "after": after}[side]
		into[name] = txtar.File{Name: path, Data: f.Data}
	}
	return before, after
}

// The lines of other settings stay, those of mail change as a whole, and where one is not safe to write none is.
func TestSettingsAreReplaced(t *testing.T) {
	before, after := settings(t)
	for name, file := range before {
		found := scanFiles(t, []txtar.File{file}).Findings
		if len(found) != 1 {
			t.Errorf("%s: %d findings", name, len(found))
			continue
		}
		if got := string(edited([]txtar.File{file}, found)[0].Data); got != string(after[name].Data) {
			t.Errorf("-- %s (%s) --\n%s", name, found[0].Rule, got)
		}
		if same := string(file.Data) == string(after[name].Data); same != (len(found[0].Replacement.Edit) == 0) {
			t.Errorf("%s: %+v", name, found[0].Replacement.Edit)
		}
	}
}

// Each line of the table has a rule, a verb and what that takes.
func TestSettingTable(t *testing.T) {
	for line := range strings.Lines(texts().Settings) {
		words := strings.Fields(line)
		if len(words) < 3 || !slices.Contains([]string{"=", "!", ">", "+", "-"}, words[1]) || (words[1] == ">" || words[1] == "+") && len(words) < 4 {
			t.Errorf("%q", line)
			continue
		}
		if !slices.ContainsFunc(rules(), func(r *rule) bool { return r.ID == words[0] }) {
			t.Errorf("no rule %s", words[0])
		}
	}
}
