package migrate

import (
	"strings"
	"testing"
)

// The plan goes by severity, then by use; a date that has passed is not one to be done by.
func TestPlanOrder(t *testing.T) {
	finding := func(program, mailbox, host string, s Severity) Finding {
		return Finding{Rule: "msmtp", Program: program, Mailbox: mailbox, Host: host, Severity: s, Path: program, Line: 1, OAuth: TokenCommand, Source: "manual", Checked: "2026-11-23", Confidence: "documented", Replacement: Replacement{Kind: "token-helper"}}
	}
	a := Answer{Result: Result{Findings: []Finding{
		finding("a", "used@contoso.example", "smtp.office365.com", Medium), finding("b", "idle@contoso.example", "smtp-mail.outlook.com", High), finding("c", "busy@contoso.example", "smtp.office365.com", High),
	}, Summary: Summary{High: 2, Medium: 1}}}
	var l Ledger
	l.Read("clients.csv", strings.NewReader("Sender address,Authentication Protocol,Messages sent\nused@contoso.example,Basic,700\nbusy@contoso.example,Basic,7\n"))
	a.Usage = l.Usage(a.Findings)
	var order string
	for _, task := range a.Plan() {
		order += task.Program
	}
	if order != "cba" {
		t.Errorf("order %s", order)
	}
	got := render(t, "text", &a)
	if !strings.Contains(got, "who: the user whose file it is; ended on 16 September 2024") || strings.Contains(got, "by: ended") {
		t.Error(got)
	}
	// A source is told where it is needed first.
	if strings.Count(got, "[documented: manual; checked 2026-11-23]") != 1 || strings.Count(got, "  when      end of December 2026") != 2 || strings.Count(got, "  when      end of December 2026 [") != 1 {
		t.Error(got)
	}
}
