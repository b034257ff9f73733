package explain

import (
	"slices"
	"strings"
	"testing"
)

func TestParseFix(t *testing.T) {
	for text, want := range map[string]Fix{
		"Check the address": {Step, "Check the address", ""},
		"or: Use IPv4":      {Alternative, "Use IPv4", ""},
		"note: It takes up to an hour: wait for it":                                 {Note, "It takes up to an hour: wait for it", ""},
		"Look at it: Get-Mailbox -Identity a@b.c":                                   {Step, "Look at it", "Get-Mailbox -Identity a@b.c"},
		"or: In two steps: look at it: Get-Mailbox":                                 {Alternative, "In two steps: look at it", "Get-Mailbox"},
		"Get-Mailbox | Format-List A,B":                                             {Step, "", "Get-Mailbox | Format-List A,B"},
		"Find it: Get-MessageTraceV2 -StartDate (Get-Date).AddDays(-2)":             {Step, "Find it", "Get-MessageTraceV2 -StartDate (Get-Date).AddDays(-2)"},
		"o365mail setup, then o365mail login":                                       {Step, "o365mail setup, then o365mail login", ""},
		"Portal: Entra admin center > App registrations":                            {Step, "Portal: Entra admin center > App registrations", ""},
		"Open https://login.microsoftonline.com: it shows a page":                   {Step, "Open https://login.microsoftonline.com: it shows a page", ""},
		"On Linux: timedatectl set-ntp true":                                        {Step, "On Linux", "timedatectl set-ntp true"},
		"":                                                                          {Step, "", ""},
		"orange: Get-Mailbox":                                                       {Step, "orange", "Get-Mailbox"},
		"Lower-case words are no command: multi-factor authentication: pre-consent": {Step, "Lower-case words are no command: multi-factor authentication: pre-consent", ""},
	} {
		if got := ParseFix(text); got != want {
			t.Errorf("%q: got %+v, want %+v", text, got, want)
		}
	}
}

func TestFixLabels(t *testing.T) {
	var got []string
	begun := false
	for _, f := range ParseFixes([]string{"note: a", "b", "c", "or: d", "e", "note: f"}) {
		got = append(got, f.Label(begun))
		begun = begun || f.Kind != Note
	}
	if want := []string{"note", "do", "then", "or", "then", "note"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What an entry tells people to do begins with a step, and what is a command can be copied whole.
func TestFixesAreWellFormed(t *testing.T) {
	for _, e := range New().All() {
		lists := map[string][]string{e.ID: e.Fixes, e.ID + " (own)": e.OwnFixes}
		for _, v := range e.Variants {
			lists[e.ID+"/"+v.ID] = v.Fixes
		}
		for id, texts := range lists {
			for i, f := range ParseFixes(texts) {
				checkFix(t, id, i, f)
			}
		}
	}
}

func checkFix(t *testing.T, id string, i int, f Fix) {
	t.Helper()
	if i == 0 && f.Kind != Step {
		t.Errorf("%s begins with %+v", id, f)
	}
	for _, wrong := range []string{"Or ", "or ", "Note", "note:", "or:"} {
		if strings.HasPrefix(f.Text, wrong) {
			t.Errorf("%s: %q is marked by its words, not by its kind", id, f.Text)
		}
	}
	switch {
	case strings.HasSuffix(f.Text, ", or"), strings.HasSuffix(f.Text, "."), strings.TrimSpace(f.Text) != f.Text, f.Line() == "":
		t.Errorf("%s: %q ends oddly", id, f.Text)
	case strings.Contains(f.Command, " > "), strings.Contains(f.Command, ", then "), strings.HasSuffix(f.Command, "."):
		t.Errorf("%s: %q is no command only", id, f.Command)
	case f.Kind == Note && f.Command != "":
		t.Errorf("%s: the note %q is to be done", id, f.Command)
	}
	for _, pair := range []string{"()", "{}", "<>", "''", `""`} {
		if a, b := strings.Count(f.Command, pair[:1]), strings.Count(f.Command, pair[1:]); a != b || pair[0] == pair[1] && a%2 != 0 {
			t.Errorf("%s: %q is not closed", id, f.Command)
		}
	}
}

// No cause is told for certain that Microsoft or a standard does not confirm.
func TestStatedTellsHowSureACauseIs(t *testing.T) {
	for _, e := range New().All() {
		if marked := strings.HasSuffix(e.Stated(), "(Reported by others; not documented.)"); marked != (e.Confidence == "reported") || !strings.HasPrefix(e.Stated(), e.Cause) {
			t.Errorf("%s, which is %s: %s", e.ID, e.Confidence, e.Stated())
		}
	}
}
