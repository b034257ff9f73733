package doctor_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/o365mail/o365mail/pkg/doctor"
	"github.com/o365mail/o365mail/pkg/explain"
	"github.com/o365mail/o365mail/pkg/sandbox"
)

// exempt are the checks that never fail, with the reason.
var exempt = map[string]string{"basic.retirement": "it tells dates and judges nothing"}

// inTables are the checks and the codes that the tables of faults lead to.
func inTables(t *testing.T) (checks, codes map[string]bool) {
	t.Helper()
	checks, codes = map[string]bool{}, map[string]bool{"doctor.crash": true, "doctor.timeout": true}
	note := func(check, code string) { checks[check], codes[code] = true, true }
	for _, r := range readMatrix(t) {
		note(r.check, r.code)
	}
	for _, a := range append(ailments(), storeAilments()...) {
		for _, want := range a.want {
			switch fields := strings.Fields(want); len(fields) {
			case 3:
				note(strings.TrimSuffix(fields[1], ":"), fields[2])
			case 2:
				codes[fields[1]] = true
			}
		}
	}
	delete(codes, "")
	return checks, codes
}

// Every check has a fault that it finds, and every cause has a meaning.
func TestTablesAreWhole(t *testing.T) {
	checks, codes := inTables(t)
	s, err := doctor.New(doctor.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range s.Checks() {
		if _, is := exempt[c.ID]; !is && !checks[c.ID] {
			t.Errorf("no fault in the tables fails %s", c.ID)
		}
	}
	for code := range codes {
		if e, ok := doctor.Meaning(base, code); !ok || e.Cause == "" || len(e.Fixes) == 0 || e.Who == "" {
			t.Errorf("%s has no cause, no fix or nobody to do it", code)
		}
	}
}

// unplayed tells why an entry has neither a fault of the sandbox nor a place in our tables.
func unplayed(e *explain.Entry) string {
	switch {
	case e.Stage == "post":
		return "it comes as a bounce, after the server has accepted the message"
	case e.Class == explain.Topic:
		return "it is no fault"
	case slices.Contains([]explain.Class{explain.Content, explain.Address}, e.Class):
		return "it is about a message or an address, and doctor has none of its own"
	case strings.HasPrefix(e.ID, "oauth."):
		return "an error without a number: the kinds are known by those with one"
	}
	return notDoctors[e.ID]
}

// notDoctors are the causes that doctor words otherwise, or never comes to.
var notDoctors = map[string]string{
	"aadsts-50056":               "only a sign-in with a password meets it",
	"aadsts-50064":               "only a sign-in with a password meets it",
	"aadsts-50126":               "only a sign-in with a password meets it",
	"aadsts-90010":               "only a sign-in with a password meets it",
	"dns.mx-elsewhere":           "a filter before Exchange is no fault: it is told as a fact",
	"dns.autodiscover-elsewhere": "alone it is no fault: a hybrid has it; with others it is dns.not-exchange",
	"sessions":                   "the limit of this machine holds back sendings only",
	"internal":                   "in a check it is doctor.crash",
	"no-browser":                 "only login opens one",
	"usage":                      "the command line is refused before anything is examined",
	"input":                      "it is about the files of a sending; those of the settings are config.file",
	"output":                     "it is about the files that a command writes",
	"io":                         "it is about the files that a command reads and writes",
	"interrupted":                "it ends the examination itself",
	"sasl.no-mechanism":          "only other programs have a library for it",
	"net.broken":                 "of a session each step has a cause of its own",
	"smtp.unknown-reply":         "no fault has words that are unknown: see TestUnknownReply",
}

// Every entry of the knowledge base can be played, or it is known why not.
func TestEntriesCanBeMet(t *testing.T) {
	_, codes := inTables(t)
	faults := map[string]bool{}
	for _, f := range sandbox.Faults() {
		faults[f.ID] = true
	}
	for _, e := range base.All() {
		if !codes[e.ID] && !faults[e.ID] && unplayed(e) == "" {
			t.Errorf("%s (%s) can neither be played, nor is it known why not", e.ID, e.Class)
		}
	}
}
