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

// Sources of the claims.
const (
	timelinePost = "Exchange team blog 4489835 (2026-01-27, version 3 of 2026-01-29)"
	firstPost    = "Exchange team blog 4114750 (state of 2025-06-11)"
)

// Retirement is the timetable of Basic authentication for SMTP AUTH in Exchange Online: what a
// person who plans needs of it, in the order of time. The sentences are those of the entry
// basic-auth-retirement of the knowledge base.
func Retirement() []Claim {
	return []Claim{
		offByDefault(),
		newTenants(),
		finalRemoval(),
		{"at any time", "App passwords are Basic too.", "Disable Basic authentication in Exchange Online (Microsoft documentation)", retirementChecked, "documented"},
		{"after the final removal", "The reply will be 550 5.7.30 Basic authentication is not supported for Client Submission.", firstPost, retirementChecked, "documented"},
		{"until then", "Pages that name September 2025, or March and April 2026, predate the revision of 2026-01-27.", timelinePost, retirementChecked, "reported"},
	}
}

func offByDefault() Claim {
	return Claim{
		"end of December 2026",
		"Basic authentication for SMTP AUTH is disabled by default in existing tenants, and administrators can enable it again.",
		timelinePost, retirementChecked, "documented",
	}
}

func newTenants() Claim {
	return Claim{
		"after December 2026", "Tenants made after December 2026 have it unavailable by default.", timelinePost, retirementChecked, "documented",
	}
}

func finalRemoval() Claim {
	return Claim{
		"second half of 2027", "The date of the final removal is to be announced in the second half of 2027.", timelinePost, retirementChecked, "documented",
	}
}

// Deadline is what is known about the end of Basic authentication at the host of this finding.
func (f Finding) Deadline() Claim {
	switch host := f.Host; {
	case strings.Contains(host, "hve"):
		return Claim{"September 2028", "High Volume Email takes passwords until then.", "MC786329; petri.com", retirementChecked, "reported"}
	case strings.HasPrefix(host, "smtp-mail.outlook."), strings.HasPrefix(host, "smtp.live."), strings.HasPrefix(host, "smtp.hotmail."):
		return Claim{"16 September 2024", "Personal Outlook.com accounts take no passwords of this kind since then.", "patriotmail.ai (2026-03-25)", retirementChecked, "reported"}
	}
	return offByDefault()
}

// cite is a claim's source in brackets.
func (c Claim) cite() string {
	return "[" + c.Confidence + ": " + c.Source + "; checked " + c.Checked + "]"
}
