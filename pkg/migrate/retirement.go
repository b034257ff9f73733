package migrate

import "strings"

// A Claim is something that is told about Microsoft's side, with where it comes from.
type Claim struct {
	When       string `json:"when"` // the day as announced, in words
	What       string `json:"what"`
	Source     string `json:"source"`
	Checked    string `json:"checked"`    // the day on which the sources were compared, YYYY-MM-DD
	Confidence string `json:"confidence"` // documented, reported or unverified
}

// retirementChecked is the day of the last comparison with the sources of the claims below.
const retirementChecked = "2026-11-23"

// Retirement is the timetable of Basic authentication for SMTP AUTH in Exchange Online: what a
// person who plans needs of it, in the order of time. The sentences are those of the entry
// basic-auth-retirement of the knowledge base.
func Retirement() []Claim { return claims(texts().Timetable) }

// Alternatives are the ways of sending without o365mail, each with what it is for.
func Alternatives() []Claim { return claims(texts().Ways) }

func claims(lines string) []Claim {
	var all []Claim
	for line := range strings.Lines(lines) {
		part := strings.Split(strings.TrimSuffix(line, "\n"), "|")
		all = append(all, Claim{part[0], part[1], part[2], retirementChecked, part[3]})
	}
	return all
}

func offByDefault() Claim { return Retirement()[0] }

// Deadline is what is known about the end of Basic authentication at the host of this finding.
func (f *Finding) Deadline() Claim {
	switch host := f.Host; {
	case strings.Contains(host, "hve"):
		return claims("September 2028|High Volume Email takes passwords until then.|MC786329; petri.com|reported")[0]
	case isPersonal(host):
		return claims("ended on 16 September 2024|Personal Outlook.com accounts take no passwords of this kind since then.|patriotmail.ai (2026-03-25)|reported")[0]
	}
	return offByDefault()
}

// cite is a claim's source in brackets.
func (c Claim) cite() string {
	return "[" + c.Confidence + ": " + c.Source + "; checked " + c.Checked + "]"
}
