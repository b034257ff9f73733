package doctor

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"
)

// laterReport is the sample a day later: repaired, with what changes by itself and what does not.
func laterReport() Report {
	r := sampleReport()
	r.Time = r.Time.Add(24 * time.Hour)
	r.Results[2].Facts = []Fact{{"host", "smtp.office365.com"}, {"addresses", "2001:db8:77::9, 203.0.113.77"}, {"canonical_name", "mailer8.relay.northwind.co.uk"}}
	r.Results[3].Code = "tls-other"
	r.Results[5].Facts = []Fact{{FactTokenExpires, r.Time.Add(time.Hour).Format(time.RFC3339)}}
	r.Results[6] = Result{ID: "smtp.auth", Title: r.Results[6].Title, Millis: 99, Finding: Finding{Status: Pass}}
	r.Results[7].Status, r.Results[7].BlockedBy = Fail, ""
	r.Results[8] = Result{ID: "dns.spf", Title: "SPF names Exchange", Finding: Finding{Status: Warn, Code: "spf-missing"}}
	return r
}

func TestCompare(t *testing.T) {
	got := Compare(sampleReport(), laterReport()).Changes
	want := []Change{
		{Kind: ChangedFact, Check: "net.dns", Fact: "canonical_name", Before: "mailer7.relay.northwind.co.uk", After: "mailer8.relay.northwind.co.uk"},
		{Kind: ChangedCause, Check: "smtp.starttls", Before: "tls-intercepted", After: "tls-other"},
		{Kind: ChangedStatus, Check: "smtp.auth", Before: "fail (auth-unsuccessful)", After: "pass"},
		{Kind: ChangedStatus, Check: "smtp.sender", Before: "blocked", After: "fail", Worse: true},
		{Kind: AddedCheck, Check: "dns.spf", After: "warn", Worse: true},
		{Kind: RemovedCheck, Check: "smtp.send-as", Before: "skip"},
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("change %d:\ngot  %+v\nwant %+v", i, got, want)
		}
	}
}

func TestCompareOfTheSame(t *testing.T) {
	later := sampleReport()
	later.Time = later.Time.Add(time.Hour)
	for i := range later.Results {
		later.Results[i].Millis += 7
	}
	if got := Compare(sampleReport(), later).Changes; len(got) != 0 {
		t.Errorf("an hour later something changed: %+v", got)
	}
}

// TestComparePassing has two facts a row of one check and name, and whether they differ for good.
func TestComparePassing(t *testing.T) {
	for _, tt := range []struct {
		name, was, is string
		want          bool
	}{
		{"addresses", "192.0.2.1, 192.0.2.2", "192.0.2.2, 192.0.2.1", false},
		{"addresses", "52.96.0.1", "52.97.0.1", false},
		{"addresses", "192.0.2.1", "", true},
		{"address", "a@contoso.com", "b@contoso.com", true},
		{"canonical_name", "FRA-efz.ms-acdc.office.com.", "LHR-efz.ms-acdc.office.com", false},
		{"canonical_name", "FRA-efz.ms-acdc.office.com", "mail.contoso.com", true},
		{"greeting", "220 A ready at 10:00", "220 A ready at 11:00", false},
		{FactTokenExpires, "2026-11-24T10:00:00Z", "2026-11-24T11:00:00Z", false},
		{FactCredentialExpires, "2026-11-24T10:00:00Z", "2028-11-24T10:00:00Z", true},
		{"tls", "TLS 1.3 A", "TLS 1.2 A", true},
		{"scp", "SMTP.Send Mail.Read", "Mail.Read SMTP.Send", false},
	} {
		report := func(value string) Report {
			return Report{Results: []Result{{ID: "a.b", Finding: Finding{Status: Pass, Facts: []Fact{{tt.name, value}}}}}}
		}
		if got := len(Compare(report(tt.was), report(tt.is)).Changes) > 0; got != tt.want {
			t.Errorf("%s from %q to %q: a change %v, want %v", tt.name, tt.was, tt.is, got, tt.want)
		}
	}
}

// TestCompareBlocked does not say that facts have gone which nobody looked for.
func TestCompareBlocked(t *testing.T) {
	before, after := healthyReport(), healthyReport()
	after.Results[0] = Result{ID: "config.profile", BlockedBy: "x", Finding: Finding{Status: Blocked}}
	want := []Change{{Kind: ChangedStatus, Check: "config.profile", Before: "pass", After: "blocked"}}
	if got := Compare(before, after).Changes; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestCompareProfiles(t *testing.T) {
	after := healthyReport()
	after.Profile = "other"
	got := Compare(healthyReport(), after).Changes
	want := []Change{{Kind: ChangedProfile, Before: "treasury", After: "other"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func comparisonForms(t *testing.T, c Comparison) map[string]string {
	t.Helper()
	var text, document, markdown bytes.Buffer
	for _, err := range []error{
		WriteComparisonText(&text, c, TextOptions{}), WriteComparisonJSON(&document, c), WriteComparisonMarkdown(&markdown, c, DocumentOptions{}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return map[string]string{"text": text.String(), "json": document.String(), "markdown": markdown.String()}
}

func TestComparisonForms(t *testing.T) {
	for form, out := range comparisonForms(t, Compare(sampleReport(), laterReport())) {
		golden(t, "comparison."+form, out)
	}
	for form, out := range comparisonForms(t, Compare(sampleReport(), sampleReport())) {
		golden(t, "unchanged."+form, out)
	}
}

func TestComparisonFormsOfHostileText(t *testing.T) {
	for _, text := range hostile {
		for form, out := range comparisonForms(t, Compare(hostileReport(text), hostileReport(text+"2"))) {
			if bad := unsafeRune(out); bad != "" {
				t.Errorf("%s of %.20q holds %s", form, text, bad)
			}
		}
	}
}

// TestComparisonIsRedacted tells nothing, and names things as the later run's own report does.
func TestComparisonIsRedacted(t *testing.T) {
	out := comparisonForms(t, Compare(sampleReport(), laterReport()))["markdown"]
	if secret := holdsSecret(out, append(sampleSecrets, "mailer8")); secret != "" {
		t.Errorf("it tells %q:\n%s", secret, out)
	}
	if report := inForm(t, "markdown", laterReport()); !strings.Contains(report, "host-1.host-2.domain-1.example") || !strings.Contains(out, "host-1.host-2.domain-1.example") {
		t.Errorf("another name for the host in\n%s\nthan in\n%s", out, report)
	}
	var open bytes.Buffer
	if err := WriteComparisonMarkdown(&open, Compare(sampleReport(), laterReport()), DocumentOptions{NoRedact: true}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(open.String(), "mailer8") {
		t.Errorf("not as it is:\n%s", open.String())
	}
}
