package migrate

import (
	"bytes"
	"strings"
	"testing"
)

func TestBaselineHidesWhatIsKnown(t *testing.T) {
	old := sampleAnswer("")
	var file bytes.Buffer
	if err := WriteBaseline(&file, old.Findings); err != nil {
		t.Fatal(err)
	}
	b, err := ReadBaseline(bytes.NewReader(file.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	now := sampleAnswer("")
	now.Known, now.Gone = 0, 0
	now.Findings[0].Line += 40 // other lines came in above
	fresh := now.Findings[0]
	fresh.Mailbox = "new@contoso.example"
	again := now.Findings[0]
	now.Findings = append(now.Findings[:3], fresh, again) // one is gone, one new, one doubled
	now.TakeKnown(b)
	if now.Known != 3 || now.Gone != 1 || len(now.Findings) != 2 || now.Findings[0].Mailbox != "new@contoso.example" {
		t.Errorf("known %d, gone %d, left %+v", now.Known, now.Gone, now.Findings)
	}
	if now.Summary.High != 2 || now.Summary.Medium != 0 || !now.Fails() {
		t.Errorf("summary %+v", now.Summary)
	}
	old.Usage = nil // a report can show Basic in use whatever the files say
	old.TakeKnown(b)
	if old.Fails() || len(old.Findings) != 0 {
		t.Error("what is known fails all the same")
	}
}

func TestFilesThatAreNoBaseline(t *testing.T) {
	for _, text := range []string{"", "x", "[]", "{}", `{"schema":2,"findings":[]}`, `{"schema":1}`, `{"schema":1,"findings":[7]}`, strings.Repeat(" ", maxBaseline+1)} {
		if _, err := ReadBaseline(strings.NewReader(text)); err == nil {
			t.Errorf("%.20q is taken for a baseline", text)
		}
	}
}

func TestFailsOnlyOnPasswords(t *testing.T) {
	for severity, want := range map[Severity]bool{High: true, Medium: true, Low: false, Info: false} {
		a := &Answer{Result: Result{Findings: []Finding{{Severity: severity}}}}
		a.count()
		if a.Fails() != want {
			t.Errorf("%s: fails %v", severity, a.Fails())
		}
	}
}

func TestJoinKeepsTheOrderOfOneScan(t *testing.T) {
	got := Join(
		&Result{Findings: []Finding{{Path: "b", Line: 2}}, Unread: []Unread{{"z", ""}}, Summary: Summary{Files: 1, High: 1, Unread: 1}},
		&Result{Findings: []Finding{{Path: "b", Line: 1}, {Path: "a", Line: 9}}, Unread: []Unread{{"y", ""}}, Summary: Summary{Files: 2, High: 2, Unread: 1}},
	)
	if got.Findings[0].Path != "a" || got.Findings[1].Line != 1 || got.Unread[0].Path != "y" || got.Summary != (Summary{Files: 3, High: 3, Unread: 2}) {
		t.Errorf("got %+v", got)
	}
}

// A baseline fits wherever the search began, and only the same file.
func TestBaselineFromAnotherFolder(t *testing.T) {
	finding := func(path string) []Finding {
		return []Finding{{Rule: "msmtp", Path: path, Mailbox: "a@contoso.example", Host: "smtp.office365.com", Severity: High}}
	}
	for path, want := range map[string]int{"etc/msmtprc": 1, "./etc/msmtprc": 1, "/srv/x/etc/msmtprc": 1, "x/etc/msmtprc": 1, "msmtprc": 1, "old/msmtprc": 0, "x/setc/msmtprc": 0} {
		var file bytes.Buffer
		if err := WriteBaseline(&file, finding("etc/msmtprc")); err != nil {
			t.Fatal(err)
		}
		b, err := ReadBaseline(&file)
		if err != nil {
			t.Fatal(err)
		}
		a := Answer{Result: Result{Findings: append(finding(path), finding(path)...)}}
		a.TakeKnown(b)
		if a.Known != want || a.Gone != 1-want || len(a.Findings) != 2-want {
			t.Errorf("%s: known %d, gone %d, left %d", path, a.Known, a.Gone, len(a.Findings))
		}
	}
}
