package doctor

import (
	"strings"

	"github.com/o365mail/o365mail/pkg/explain"
)

// Report returns a copy of a report without what is private.
func (x *Redactor) Report(r Report) Report {
	if r.Profile != "" {
		r.Profile = x.placeholder(PrivateProfile, r.Profile)
	}
	results := make([]Result, len(r.Results))
	for i, one := range r.Results {
		one.Title, one.Detail, one.Cause = x.text(one.Title), x.text(one.Detail), x.text(one.Cause)
		one.Facts, one.Fixes, one.Candidates = x.facts(one.Facts), x.fixes(one.Fixes), x.candidates(one.Candidates)
		results[i] = one
	}
	causes := make([]Cause, len(r.Causes))
	for i, c := range r.Causes {
		c.Text, c.Fixes, c.Candidates = x.text(c.Text), x.fixes(c.Fixes), x.candidates(c.Candidates)
		causes[i] = c
	}
	r.Results, r.Causes = results, causes
	return r
}

// Comparison returns a copy of a comparison without what is private.
func (x *Redactor) Comparison(c Comparison) Comparison {
	if c.Profile != "" {
		c.Profile = x.placeholder(PrivateProfile, c.Profile)
	}
	changes := make([]Change, len(c.Changes))
	for i, one := range c.Changes {
		kind := factKind(one.Fact)
		if one.Kind == ChangedProfile {
			kind = PrivateProfile
		}
		one.Before, one.After = x.value(kind, one.Before), x.value(kind, one.After)
		changes[i] = one
	}
	c.Changes = changes
	return c
}

func (x *Redactor) facts(facts []Fact) []Fact {
	shown := make([]Fact, len(facts))
	for i, f := range facts {
		shown[i] = Fact{f.Name, x.value(factKind(f.Name), f.Value)}
	}
	return shown
}

// value hides a value that is private by its name also where its form tells nothing.
func (x *Redactor) value(kind PrivateKind, value string) string {
	shown := x.text(value)
	if kind != "" && shown == value && value != "" && !isPublic(Private{kind, value}) {
		return x.placeholder(kind, value)
	}
	return shown
}

func (x *Redactor) fixes(fixes []Fix) []Fix {
	shown := make([]Fix, len(fixes))
	for i, f := range fixes {
		shown[i] = Fix{f.Who, explain.Fix{Kind: f.Kind, Text: x.text(f.Text), Command: x.text(f.Command)}}
	}
	return shown
}

func (x *Redactor) candidates(candidates []Candidate) []Candidate {
	shown := make([]Candidate, len(candidates))
	for i, c := range candidates {
		shown[i] = Candidate{c.Code, x.text(c.Cause), x.text(c.Question), x.fixes(c.Fixes)}
	}
	return shown
}

// texts calls see with everything in a report that somebody else may have written.
func (r Report) texts(see func(string)) {
	seeFixes := func(fixes []Fix) {
		for _, f := range fixes {
			see(f.Text)
			see(f.Command)
		}
	}
	seeCandidates := func(candidates []Candidate) {
		for _, c := range candidates {
			see(c.Cause)
			see(c.Question)
			seeFixes(c.Fixes)
		}
	}
	for _, one := range r.Results {
		see(one.Title)
		see(one.Detail)
		see(one.Cause)
		for _, f := range one.Facts {
			see(f.Value)
		}
		seeFixes(one.Fixes)
		seeCandidates(one.Candidates)
	}
	for _, c := range r.Causes {
		see(c.Text)
		seeFixes(c.Fixes)
		seeCandidates(c.Candidates)
	}
}

// learnFacts finds the values that are private by the name of their fact.
func learnFacts(r Report) []Private {
	var found []Private
	for _, one := range r.Results {
		for _, f := range one.Facts {
			if kind := factKind(f.Name); kind != "" {
				found = append(found, factValues(kind, f.Value)...)
			}
		}
	}
	return found
}

// factValues takes lists apart, and distinguished names such as "CN=Contoso Root CA,O=Contoso" (RFC 4514).
func factValues(kind PrivateKind, value string) []Private {
	var all []Private
	for part := range strings.SplitSeq(value, ",") {
		if _, name, ok := strings.Cut(part, "="); ok && kind == PrivateOrg {
			part = name
		}
		all = append(all, Private{kind, part})
	}
	return all
}
