package doctor_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/o365mail/o365mail/pkg/doctor"
	"github.com/o365mail/o365mail/pkg/sandbox"
)

// contoso finds what tells that a report is about the sandbox's tenant: its domain and name, the ids
// that all begin alike, its people and mailboxes, the home folder of the test.
var contoso = regexp.MustCompile(`(?i)contoso|c0a70500|\b(ada|lovelace|grace|hopper|alerts)\b|namprd|/home/`)

// TestReportsOfFaultsAreRedacted examines what replies and errors of every wording leave in the forms
// that get posted, for one fault of six. The caller tells nothing of what it knows.
func TestReportsOfFaultsAreRedacted(t *testing.T) {
	t.Parallel()
	for _, leg := range []string{"exchange", "entra"} {
		t.Run(leg, func(t *testing.T) {
			t.Parallel()
			var faults []string
			for i, r := range readMatrix(t) {
				if i%6 == 0 && slices.Contains([]string{"app", "send"}, r.scenario) && r.status == "fail" && legOf(r.fault) == leg && !isUntold(r.fault) && !waits(r.fault) {
					faults = append(faults, r.fault+"*1")
				}
			}
			if len(faults) == 0 {
				t.Fatal("no fault was chosen")
			}
			w := newWard(t, sandbox.Config{Faults: faults})
			for range faults {
				p := w.patient("send")
				p.Resolver = healthyZone().without("AAAA smtp.contoso.example").resolver(t)
				tellsNothing(t, w.examine(p))
			}
		})
	}
}

func tellsNothing(t *testing.T, r doctor.Report) {
	t.Helper()
	var markdown, page, open strings.Builder
	for _, err := range []error{
		doctor.WriteMarkdown(&markdown, r, doctor.DocumentOptions{}),
		doctor.WriteHTML(&page, r, doctor.DocumentOptions{}),
		doctor.WriteMarkdown(&open, r, doctor.DocumentOptions{NoRedact: true}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if !contoso.MatchString(open.String()) {
		t.Error("the report itself has nothing private in it")
	}
	for _, text := range []string{markdown.String(), page.String()} {
		if at := contoso.FindStringIndex(text); at != nil {
			t.Errorf("it tells %q: ...%s...", text[at[0]:at[1]], text[max(0, at[0]-200):min(len(text), at[1]+80)])
		}
	}
}
