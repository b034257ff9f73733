package migrate

import (
	"cmp"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
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

// placePassword says where the password stands when it is not the line of the host.
func (d *document) placePassword(f *Finding, v *verdict) {
	c := v.sight.credential
	before, here := strings.CutSuffix(f.Why, " stands here")
	switch {
	case !here || c == nil || c.state != literal:
	case c.value.end == 0:
		f.Why = before + " stands in a file that this one reads"
	case d.line(c.value.start) != f.Line:
		f.Why = before + " is set on line " + strconv.Itoa(d.line(c.value.start))
	}
}

// Settle makes the findings of one answer fit together: a profile for each mailbox, though their names may be
// alike, and a word on the relay, which has one mailbox.
func Settle(findings []Finding) {
	names, relayed := map[string]string{}, map[string]bool{}
	taken := map[string]int{}
	for i := range findings {
		f := &findings[i]
		profile, mailbox := useProfile(f.Mailbox), strings.ToLower(f.Mailbox)
		if f.Replacement.Kind == "local-relay" && mailbox != "" {
			relayed[mailbox] = true
		}
		if profile == "" {
			continue
		}
		if _, ok := names[mailbox]; !ok {
			taken[profile]++
			names[mailbox] = strconv.Itoa(taken[profile])
		}
		if n := names[mailbox]; n != "1" {
			f.Replacement.rename(strings.TrimPrefix(profile, " -p "), n)
		}
	}
	for i := range findings {
		r := &findings[i].Replacement
		for at, step := range r.Steps {
			if len(relayed) > 1 && strings.Contains(step, "relay.env") {
				r.Steps = slices.Insert(r.Steps, at+1, strings.ReplaceAll(kindByID("local-relay").Shared, "{n}", strconv.Itoa(len(relayed))))
				break
			}
		}
	}
}

// rename numbers the profile in the commands of a replacement.
func (r *Replacement) rename(profile, number string) {
	p := regexp.MustCompile(`((?:token|send|login \S+)(?: |%20|", ")-p(?: |%20|", "))` + regexp.QuoteMeta(profile) + `([^\w.-]|$)`)
	lists := [][]string{r.Steps}
	for _, e := range r.Edit {
		lists = append(lists, e.New)
	}
	for _, lines := range lists {
		for i := range lines {
			lines[i] = p.ReplaceAllString(lines[i], "${1}"+profile+"-"+number+"${2}")
		}
	}
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
	return a.Summary.High+a.Summary.Medium > 0 || a.Usage != nil && len(a.Usage.which((*Sender).UsesBasic)) > 0
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
