package doctor

import (
	"slices"
	"strings"
	"time"
)

// A Comparison is what changed between two runs.
type Comparison struct {
	Schema  int           `json:"schema"`
	Profile string        `json:"profile,omitempty"` // of the later run
	Before  ComparisonEnd `json:"before"`
	After   ComparisonEnd `json:"after"`
	Changes []Change      `json:"changes"` // in the order of the later run, what is gone last

	reports []Report // the later one and the earlier one: they tell what is private
}

// A ComparisonEnd is one of the two runs.
type ComparisonEnd struct {
	Time   time.Time `json:"time"`
	Status Status    `json:"status"`
}

// ChangeKind says what of a check changed.
type ChangeKind string

// The kinds of changes.
const (
	ChangedProfile ChangeKind = "profile" // the runs examined different profiles
	ChangedStatus  ChangeKind = "status"
	ChangedCause   ChangeKind = "cause" // the check is as bad as before, for another reason
	ChangedFact    ChangeKind = "fact"
	AddedCheck     ChangeKind = "added"   // was not in the earlier run
	RemovedCheck   ChangeKind = "removed" // is not in the later run
)

// A Change is one difference.
type Change struct {
	Kind   ChangeKind `json:"kind"`
	Check  string     `json:"check,omitempty"`
	Fact   string     `json:"fact,omitempty"` // its name, for ChangedFact
	Before string     `json:"before,omitempty"`
	After  string     `json:"after,omitempty"`
	Worse  bool       `json:"worse,omitempty"` // a check failed or warned that did not do so before
}

// Compare tells what changed from one run to a later one. What differs between any two runs is no
// change: how long a check took, the clock, the ids of requests, and that what expires has come
// nearer.
func Compare(before, after Report) Comparison {
	c := Comparison{
		Schema: Schema, Profile: after.Profile, Changes: []Change{},
		Before: ComparisonEnd{before.Time, before.Status}, After: ComparisonEnd{after.Time, after.Status},
		reports: []Report{after, before},
	}
	if before.Profile != after.Profile {
		c.Changes = append(c.Changes, Change{Kind: ChangedProfile, Before: before.Profile, After: after.Profile})
	}
	for _, now := range after.Results {
		then, ok := before.result(now.ID)
		if !ok {
			c.Changes = append(c.Changes, Change{Kind: AddedCheck, Check: now.ID, After: string(now.Status), Worse: now.badness() > 0})
			continue
		}
		c.Changes = append(c.Changes, compareResults(then, &now)...)
	}
	for _, then := range before.Results {
		if _, ok := after.result(then.ID); !ok {
			c.Changes = append(c.Changes, Change{Kind: RemovedCheck, Check: then.ID, Before: string(then.Status)})
		}
	}
	return c
}

func (r *Report) result(id string) (*Result, bool) {
	i := slices.IndexFunc(r.Results, func(one Result) bool { return one.ID == id })
	if i < 0 {
		return nil, false
	}
	return &r.Results[i], true
}

// badness orders the outcomes; to be blocked is the failure of another check.
func (r *Result) badness() int {
	switch r.Status {
	case Warn:
		return 1
	case Fail:
		return 2
	case Pass, Skip, Blocked:
	}
	return 0
}

func compareResults(then, now *Result) []Change {
	var changes []Change
	switch {
	case keptToken(then, now):
	case then.Status != now.Status:
		changes = append(changes, Change{
			Kind: ChangedStatus, Check: now.ID, Before: withCode(then), After: withCode(now), Worse: now.badness() > then.badness(),
		})
	case then.Code != now.Code:
		changes = append(changes, Change{Kind: ChangedCause, Check: now.ID, Before: then.Code, After: now.Code})
	}
	if then.saw() && now.saw() || then.Status == Fail && now.Status == Fail {
		changes = append(changes, compareFacts(then, now)...)
	}
	return changes
}

func withCode(r *Result) string { return string(r.Status) + inBrackets(r.Code) }

// saw says whether a check saw what it looks for. One that failed has other facts, and what a check
// did not see has not gone away.
func (r *Result) saw() bool { return r.Status == Pass || r.Status == Warn }

func compareFacts(then, now *Result) []Change {
	var changes []Change
	names := append(now.factNames(), then.factNames()...)
	for i, name := range names {
		was, is := then.values(name), now.values(name)
		if !slices.Contains(names[:i], name) && !sameWords(was, is) && !passing(name, was, is) {
			changes = append(changes, Change{Kind: ChangedFact, Check: now.ID, Fact: name, Before: was, After: is})
		}
	}
	return changes
}

func (r *Result) factNames() []string {
	var names []string
	for _, f := range r.Facts {
		names = append(names, f.Name)
	}
	return names
}

// values joins the facts of one name.
func (r *Result) values(name string) string {
	var all []string
	for _, f := range r.Facts {
		if f.Name == name {
			all = append(all, f.Value)
		}
	}
	return strings.Join(all, ", ")
}

// sameWords leaves the order aside: a name server gives addresses in any.
func sameWords(a, b string) bool {
	words := func(text string) []string {
		list := strings.FieldsFunc(text, func(c rune) bool { return c == ' ' || c == ',' })
		slices.Sort(list)
		return list
	}
	return slices.Equal(words(a), words(b))
}
