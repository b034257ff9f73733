package migrate

import (
	"cmp"
	"slices"
	"sort"
)

// An Answer is everything that a run has to say, for the writers.
type Answer struct {
	Result
	Usage   *Usage // nil without reports
	Probe   *Probe // nil when no server was asked
	Known   int    // findings that the baseline holds; they are not among Findings
	Gone    int    // entries of the baseline that were not found again
	Version string // of this program
}

// Join adds the results of several scans, in the order in which one scan gives them.
func Join(results ...*Result) Result {
	var all Result
	for _, r := range results {
		all.Findings = append(all.Findings, r.Findings...)
		all.Unread = append(all.Unread, r.Unread...)
		all.Summary = all.Summary.plus(r.Summary)
	}
	sort.SliceStable(all.Findings, func(i, j int) bool {
		a, b := &all.Findings[i], &all.Findings[j]
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Rule, b.Rule)) < 0
	})
	sort.SliceStable(all.Unread, func(i, j int) bool { return all.Unread[i].Path < all.Unread[j].Path })
	return all
}

func (s Summary) plus(o Summary) Summary {
	s.Files += o.Files
	s.Bytes += o.Bytes
	s.High += o.High
	s.Medium += o.Medium
	s.Low += o.Low
	s.Info += o.Info
	s.Allowed += o.Allowed
	s.Unread += o.Unread
	return s
}

// count sets the numbers of findings anew after some were taken out.
func (r *Result) count() {
	n := map[Severity]int{}
	for _, f := range r.Findings {
		n[f.Severity]++
	}
	r.Summary.High, r.Summary.Medium, r.Summary.Low, r.Summary.Info = n[High], n[Medium], n[Low], n[Info]
}

// Fails reports whether somebody still uses a password: a finding of severity high or medium, or a
// sender whom a report shows with Basic authentication.
func (a *Answer) Fails() bool {
	return a.Summary.High+a.Summary.Medium > 0 || a.Usage != nil && slices.ContainsFunc(a.Usage.Senders, Sender.UsesBasic)
}

// all lists the findings, and behind them the senders that reports show and that no file was found of.
func (a *Answer) all() []Finding {
	list := slices.Clip(a.Findings)
	if a.Usage != nil {
		for _, s := range a.Usage.WithoutFile() {
			list = append(list, a.Usage.unfound(&s))
		}
	}
	return list
}

// unfound is a sender of a report in the form of a finding; its place is the report.
func (u *Usage) unfound(s *Sender) Finding {
	f := Finding{
		Rule: "report", Program: "a program that was not found", Mailbox: s.Mailbox, Severity: Low, OAuth: Unknown,
		Why: "a report shows " + s.line(true), Replacement: Replacement{Kind: "find", Steps: kindByID("find").Before},
	}
	if s.UsesBasic() {
		f.Severity = Medium
	}
	f.Path = s.Report
	return f
}

// urgent reports whether a finding counts as a sender that uses a password.
func (f *Finding) urgent() bool { return f.Severity == High || f.Severity == Medium }
