package migrate

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// A fixture is the files of testdata/programs/RULE.txtar below one folder of it, and the lines
//
//	want PATH:LINE SEVERITY [MAILBOX] [rule=OTHER]
//
// of its comment that are about them. Files without such a line must be silent.
type fixture struct {
	rule  string
	name  string // "basic", "oauth", "positive2", ...
	files []txtar.File
	want  []Finding // Path, Line, Severity, Mailbox and Rule only
}

func fixtures(tb testing.TB) []fixture {
	tb.Helper()
	names, err := filepath.Glob("testdata/programs/*.txtar")
	if err != nil || len(names) == 0 {
		tb.Fatalf("no fixtures: %v", err)
	}
	var all []fixture
	for _, name := range names {
		all = append(all, readFixtures(tb, name)...)
	}
	return all
}

func readFixtures(tb testing.TB, file string) []fixture {
	tb.Helper()
	a, err := txtar.ParseFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	rule := strings.TrimSuffix(filepath.Base(file), ".txtar")
	byName := map[string]*fixture{}
	var order []string
	for _, f := range a.Files {
		name, rest, _ := strings.Cut(f.Name, "/")
		if byName[name] == nil {
			byName[name] = &fixture{rule: rule, name: name}
			order = append(order, name)
		}
		byName[name].files = append(byName[name].files, txtar.File{Name: rest, Data: f.Data})
	}
	for line := range strings.Lines(string(a.Comment)) {
		if words := strings.Fields(line); len(words) > 2 && words[0] == "want" {
			name, f := parseWant(tb, rule, words[1:])
			if byName[name] == nil {
				tb.Fatalf("%s: no files for %s", file, line)
			}
			byName[name].want = append(byName[name].want, f)
		}
	}
	var all []fixture
	for _, name := range order {
		all = append(all, *byName[name])
	}
	return all
}

func parseWant(tb testing.TB, rule string, words []string) (string, Finding) {
	tb.Helper()
	name, place, _ := strings.Cut(words[0], "/")
	at, number, _ := strings.Cut(place, ":")
	line, err := strconv.Atoi(number)
	if err != nil {
		tb.Fatalf("%s: %v: %v", rule, words, err)
	}
	f := Finding{Rule: rule, Path: at, Line: line, Severity: Severity(words[1])}
	for _, w := range words[2:] {
		if other, ok := strings.CutPrefix(w, "rule="); ok {
			f.Rule = other
		} else {
			f.Mailbox = w
		}
	}
	return name, f
}

// scanFiles writes files below a folder of its own and scans it. Paths come back relative to it.
func scanFiles(tb testing.TB, files []txtar.File) *Result {
	tb.Helper()
	dir := tb.TempDir()
	for _, f := range files {
		full := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(full, f.Data, 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	r, err := Scan(context.Background(), []string{dir}, Options{})
	if err != nil {
		tb.Fatal(err)
	}
	for i := range r.Findings {
		r.Findings[i].Path = filepath.ToSlash(strings.TrimPrefix(r.Findings[i].Path, dir+string(filepath.Separator)))
	}
	return r
}

// told is what a fixture compares of a finding.
func told(all []Finding) []string {
	var lines []string
	for _, f := range all {
		lines = append(lines, f.Path+":"+strconv.Itoa(f.Line)+" "+string(f.Severity)+" "+f.Mailbox+" "+f.Rule)
	}
	slices.Sort(lines)
	return lines
}

func TestPrograms(t *testing.T) {
	for _, f := range fixtures(t) {
		t.Run(f.rule+"/"+f.name, func(t *testing.T) {
			got, want := told(scanFiles(t, f.files).Findings), told(f.want)
			if !slices.Equal(got, want) {
				t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
			}
		})
	}
}

// TestEveryRuleHasFixtures holds the number of fixtures of each rule: a sample, and texts that look
// like one and must be silent or no more than an information.
func TestEveryRuleHasFixtures(t *testing.T) {
	positive, negative := map[string]int{}, map[string]int{}
	for _, f := range fixtures(t) {
		hit := false
		for _, w := range f.want {
			hit = hit || w.Rule == f.rule && w.Severity != Info || ruleByID(w.Rule).Local
		}
		if hit {
			positive[f.rule]++
		} else {
			negative[f.rule]++
		}
	}
	for _, r := range rules() {
		leastPositive, leastNegative := 1, 2
		if slices.Contains(mostUsed(), r.ID) {
			leastPositive, leastNegative = 3, 3
		}
		if positive[r.ID] < leastPositive || negative[r.ID] < leastNegative {
			t.Errorf("%s: %d fixtures that are found and %d that are not, want %d and %d", r.ID, positive[r.ID], negative[r.ID], leastPositive, leastNegative)
		}
	}
}

// mostUsed are the programs that a scan meets most.
func mostUsed() []string {
	return []string{
		"msmtp", "postfix-main", "postfix-sasl-passwd", "ssmtp", "exim-passwd-client", "mutt", "git-send-email", "curl-smtp", "swaks", "powershell-send-mailmessage",
		"dotnet-appsettings", "dotnet-system-net-mail-config", "dotnet-smtpclient", "python-smtplib", "django", "nodemailer", "phpmailer", "laravel", "symfony",
		"rails-action-mailer", "spring-mail", "javamail-properties", "grafana", "alertmanager", "generic-env",
	}
}

// passwordsIn are the passwords that fixtures use. Each holds a digit between letters, so that none
// is part of other text.
func passwordsIn(files []txtar.File) []string {
	var found []string
	for _, p := range []string{"Example-Pa55word", "Sp4rrow-Hill", "w1nter&Gl4ss", "k3ttle:Lamp/9", "Qu1et River 7"} {
		for _, f := range files {
			if strings.Contains(string(f.Data), p) {
				found = append(found, p)
				break
			}
		}
	}
	return found
}
