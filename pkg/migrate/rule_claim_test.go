package migrate

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestClaimsAreComplete holds what a person reads about a program: what it can do, how, how that is
// known and what to do, in words that lead on without another page of this program.
func TestClaimsAreComplete(t *testing.T) {
	support := []OAuth{Native, TokenCommand, StaticToken, Library, Plugin, None, Unknown}
	empty := regexp.MustCompile(`(?i)from memory|not (?:verified|checked|looked up)|pattern only|see the detector|\bdetector\b|^see |^local relay$|^x$`)
	for _, r := range rules() {
		if r.Detail == "" || r.Source == "" || len(r.Steps) == 0 {
			t.Errorf("%s: no detail, source or step", r.ID)
		}
		if !slices.Contains(support, OAuth(r.Support)) || !slices.Contains([]string{"documented", "reported", "unverified"}, r.Confidence) {
			t.Errorf("%s: support %q, confidence %q", r.ID, r.Support, r.Confidence)
		}
		if _, err := time.Parse(time.DateOnly, r.Checked); err != nil {
			t.Errorf("%s: %v", r.ID, err)
		}
		for _, text := range slices.Concat([]string{r.Since, r.Detail, r.Source}, r.advice()) {
			if empty.MatchString(text) {
				t.Errorf("%s: %q says too little", r.ID, text)
			}
		}
		if r.Support == string(Unknown) && r.Since != "" {
			t.Errorf("%s: a version since which something is not known", r.ID)
		}
	}
}

// TestUnverifiedSaysWhy wants of a claim nobody could check that it says what was looked at.
func TestUnverifiedSaysWhy(t *testing.T) {
	for _, r := range rules() {
		if r.Confidence != "unverified" {
			continue
		}
		told := strings.HasPrefix(r.Source, "not found in ") || strings.HasPrefix(r.Source, "told by ") || strings.HasPrefix(r.Source, "RFC ")
		if r.Support != string(Unknown) || !told && !strings.Contains(r.Source, "github.com/") && !strings.Contains(r.Source, "in part only") {
			t.Errorf("%s: %s, source %q", r.ID, r.Support, r.Source)
		}
	}
}

// TestStepsCallTheProgramRightly refuses calls that the program refuses or takes for something else:
// -i needs a whole message on stdin, and recipients of a whole message need --message or -t.
func TestStepsCallTheProgramRightly(t *testing.T) {
	call := regexp.MustCompile(`o365mail send( [^,;:)|]*)?`)
	var texts []string
	for _, r := range rules() {
		texts = append(texts, r.advice()...)
	}
	for _, text := range texts {
		for _, m := range call.FindAllStringSubmatch(text, -1) {
			words := strings.Fields(strings.NewReplacer(`"`, " ", "'", " ").Replace(m[1]))
			whole := slices.Contains(words, "-t") || slices.Contains(words, "--message")
			if slices.Contains(words, "-i") && !whole || slices.Contains(words, "-f") && !whole {
				t.Errorf("%q: no whole message", m[0])
			}
		}
	}
}

// TestDetailIsTold finds the sentence about a program in what a person and a program read.
func TestDetailIsTold(t *testing.T) {
	r := ruleByID("mattermost")
	a := &Answer{Result: Result{Findings: []Finding{{
		Rule: r.ID, Program: r.Name, Path: "config.json", Line: 1, Severity: High, OAuth: OAuth(r.Support), Detail: r.Detail,
		Source: r.Source, Checked: r.Checked, Confidence: r.Confidence, Host: "smtp.office365.com", Replacement: Replacement{Kind: r.Kind},
	}}}}
	for _, format := range []string{"text", "json", "html"} {
		if got := render(t, format, a); !strings.Contains(got, "LOGIN, or PLAIN where the server offers it") {
			t.Errorf("%s does not tell %q", format, r.Detail)
		}
	}
}
