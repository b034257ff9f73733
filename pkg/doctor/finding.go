package doctor

import "github.com/o365mail/o365mail/pkg/explain"

// Status is the outcome of a check.
type Status string

// The outcomes. Blocked never ran: something it needs failed. Skip did not apply or was not asked
// for, and blocks nothing.
const (
	Pass    Status = "pass"
	Warn    Status = "warn"
	Fail    Status = "fail"
	Skip    Status = "skip"
	Blocked Status = "blocked"
)

// A Finding is what a check observed. The zero Finding is a plain pass.
type Finding struct {
	Status Status `json:"status"`
	Detail string `json:"detail,omitempty"` // one line, no secrets
	Code   string `json:"code,omitempty"`   // an ID of package explain
	Facts  []Fact `json:"facts,omitempty"`  // evidence, in display order
	Fixes  []Fix  `json:"fixes,omitempty"`  // most likely first

	// What follows goes into the causes of the report.
	Cause      string      `json:"-"` // what Code means, in a sentence
	Who        string      `json:"-"` // who can repair it
	Candidates []Candidate `json:"-"` // where Code alone does not tell: at most three, likeliest first
}

// skip is the answer of a check that does not apply, or was not asked for.
func skip(why string) *Finding { return &Finding{Status: Skip, Detail: why} }

// seen is a pass with what was found.
func seen(detail string, facts ...Fact) *Finding { return &Finding{Detail: detail, Facts: facts} }

// keep leaves only the fixes that are wanted.
func (f *Finding) keep(wanted func(*Fix) bool) {
	all := f.Fixes
	f.Fixes = nil
	for i := range all {
		if wanted(&all[i]) {
			f.Fixes = append(f.Fixes, all[i])
		}
	}
}

// A Fact is one observation with its name, as "tls_version" and "TLS 1.3".
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// A Fix is one thing somebody can do.
type Fix struct {
	Who         string `json:"who"` // user, entra-admin or exchange-admin, as package explain names them
	explain.Fix        // a step, another way or a note
}

// A Candidate is one of a few causes that look alike from outside.
type Candidate struct {
	Code     string `json:"code"`  // an ID of package explain
	Cause    string `json:"cause"` // what it means
	Question string `json:"question"`
	Fixes    []Fix  `json:"fixes,omitempty"`
}

// who can repair it, empty when that is not known.
func (c Candidate) who() string {
	if len(c.Fixes) == 0 {
		return ""
	}
	return c.Fixes[0].Who
}
