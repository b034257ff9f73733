package doctor

import "time"

// Schema is the version of the report's JSON form.
const Schema = 1

// A Report is what a run found.
type Report struct {
	Schema  int       `json:"schema"`
	Time    time.Time `json:"time"`              // when the run began, UTC
	Profile string    `json:"profile,omitempty"` // the name of the profile that was examined
	Status  Status    `json:"status"`            // Fail, Warn or Pass: the worst of the results
	Results []Result  `json:"results"`           // in the order of the suite
	Causes  []Cause   `json:"causes"`            // what is at the root of the failures, then of the warnings
}

// A Cause is the root of one or more bad results.
type Cause struct {
	Code       string      `json:"code"`   // an ID of package explain
	Check      string      `json:"check"`  // the check that found it
	Status     Status      `json:"status"` // Fail or Warn
	Text       string      `json:"text"`   // what is wrong, in a sentence
	Who        string      `json:"who"`    // who can repair it
	Fixes      []Fix       `json:"fixes"`
	Candidates []Candidate `json:"candidates,omitempty"` // where it cannot be told which: at most three
}

// Failed lists the results that failed themselves; what they blocked is not among them.
func (r Report) Failed() []Result {
	var failed []Result
	for _, one := range r.Results {
		if one.Status == Fail {
			failed = append(failed, one)
		}
	}
	return failed
}
