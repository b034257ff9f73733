package migrate

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
)

// reported is an answer of reports alone: one sender uses Basic, one may, one has moved.
func reported(t *testing.T) *Answer {
	t.Helper()
	var l Ledger
	read(t, &l, "cas.csv", mailboxCSV)
	read(t, &l, "clients.csv", smtpClients)
	return &Answer{Result: Join(), Usage: l.Usage(nil)}
}

// A sender that only a report shows is told in every format, and a check that passes is not.
func TestSendersWithoutFileAreToldEverywhere(t *testing.T) {
	a := reported(t)
	if !a.Fails() {
		t.Error("Basic in use is no reason to fail")
	}
	for format := range writers() {
		got := render(t, format, a)
		for _, want := range []string{"alerts@contoso.example", "1204 messages", "scanner@contoso.example"} {
			if format == "json" && want == "1204 messages" {
				want = `"basic_messages": 1204`
			}
			if !strings.Contains(got, want) {
				t.Errorf("%s lacks %q", format, want)
			}
		}
		if strings.Contains(got, "no sender uses a password") {
			t.Errorf("%s says that nobody uses a password", format)
		}
	}
	junit := render(t, "junit", a)
	if !strings.Contains(junit, `tests="2" failures="1" errors="0" skipped="0"`) || !strings.Contains(junit, `file="clients.csv"`) {
		t.Errorf("%s", junit)
	}
	rows, err := csv.NewReader(strings.NewReader(render(t, "csv", a))).ReadAll()
	if err != nil || len(rows) != 3 || rows[1][0] != "medium" || rows[1][3] != "clients.csv" || rows[2][0] != "low" {
		t.Errorf("%v, %v", rows, err)
	}
}

// The plan says who does what by when; whom a report alone shows is in it.
func TestPlanSaysWhoAndWhen(t *testing.T) {
	tasks := reported(t).Plan()
	if len(tasks) != 1 || tasks[0].Mailbox != "alerts@contoso.example" || tasks[0].Kind != "find" || tasks[0].Used != 1204 {
		t.Fatalf("%+v", tasks)
	}
	for _, task := range append(tasks, sampleAnswer("").Plan()...) {
		if task.Who == "" || task.By == "" || !strings.Contains(task.title(), "; who: "+task.Who+"; by: "+task.By) {
			t.Errorf("%+v: %s", task, task.title())
		}
	}
	var doc struct {
		Plan []struct {
			Who, By string
			Places  []string
		}
	}
	if err := json.Unmarshal([]byte(render(t, "json", reported(t))), &doc); err != nil || len(doc.Plan) != 1 || doc.Plan[0].Who == "" || doc.Plan[0].By == "" || doc.Plan[0].Places[0] != "clients.csv" {
		t.Errorf("%+v, %v", doc, err)
	}
}

// Each kind of replacement of a rule has its words.
func TestEveryKindHasItsWords(t *testing.T) {
	for _, r := range rules() {
		if k := kindByID(r.Kind); k == nil || k.Remedy == "" || k.Who == "" {
			t.Errorf("%s: kind %s", r.ID, r.Kind)
		}
		for _, s := range r.advice() {
			if strings.HasPrefix(s, "see ") || strings.Contains(s, "/usr/local/bin") {
				t.Errorf("%s: %s", r.ID, s)
			}
		}
	}
}

// A spreadsheet must not take a value for a formula, in the letters of any keyboard.
func TestCellsAreNoFormulas(t *testing.T) {
	for _, s := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x"} {
		if got := cell(s); got != "'"+s {
			t.Errorf("%q becomes %q", s, got)
		}
	}
	for _, s := range []string{"", "a=1", "1", "'=1", "\u00e4"} {
		if got := cell(s); got != s {
			t.Errorf("%q becomes %q", s, got)
		}
	}
	if got := cell("\t=1"); strings.HasPrefix(got, "\t") || strings.HasPrefix(got, "=") {
		t.Errorf("a tab before a formula becomes %q", got)
	}
}

// A date never stands alone: beside it are its source and the day on which that was compared.
func TestEveryDateHasItsSource(t *testing.T) {
	a := sampleAnswer("")
	for format := range writers() {
		got := render(t, format, a)
		for _, f := range a.Findings {
			if c := f.Deadline(); f.urgent() && (!strings.Contains(strings.ToLower(got), strings.ToLower(c.When)) || !strings.Contains(got, c.cite())) {
				t.Errorf("%s: %s without %s", format, c.When, c.cite())
			}
		}
	}
}
