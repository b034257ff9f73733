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

// timetable is the claims: when, what, the source and how sure it is.
const timetable = `end of December 2026|Basic authentication for SMTP AUTH is disabled by default in existing tenants, and administrators can enable it again.|Exchange team blog 4489835 (2026-01-27, version 3 of 2026-01-29)|documented
after December 2026|Tenants made after December 2026 have it unavailable by default.|Exchange team blog 4489835 (2026-01-27, version 3 of 2026-01-29)|documented
second half of 2027|The date of the final removal is to be announced in the second half of 2027.|Exchange team blog 4489835 (2026-01-27, version 3 of 2026-01-29)|documented
at any time|App passwords are Basic too.|Disable Basic authentication in Exchange Online (Microsoft documentation)|documented
after the final removal|The reply will be 550 5.7.30 Basic authentication is not supported for Client Submission.|Exchange team blog 4114750 (state of 2025-06-11)|documented
until then|Pages that name September 2025, or March and April 2026, predate the revision of 2026-01-27.|Exchange team blog 4489835 (2026-01-27, version 3 of 2026-01-29)|reported
`

// Retirement is the timetable of Basic authentication for SMTP AUTH in Exchange Online: what a
// person who plans needs of it, in the order of time. The sentences are those of the entry
// basic-auth-retirement of the knowledge base.
func Retirement() []Claim { return claims(timetable) }

// otherWays is what a program can use that o365mail does not fit.
const otherWays = `mail to the own organization only|High Volume Email: smtp.hve.mx.microsoft, port 587, an account of its own, whose password is taken until September 2028; nothing goes outside.|MC786329; petri.com|reported
bulk mail to customers|Azure Communication Services: smtp.azurecomm.net, port 587, with a user name and secret of its own; answers reach no mailbox.|Azure Communication Services documentation|documented
many devices behind one fixed public address|A connector: port 25 of the tenant's MX host, where the address or a certificate stands for a password.|Exchange documentation on multifunction devices (2021-07)|documented
a device that writes to own mailboxes only|Direct Send: port 25 of the tenant's MX host, no password; refused where RejectDirectSend is on.|Exchange documentation on multifunction devices (2021-07)|documented
new code, or a tenant in which SMTP AUTH stays off|Graph sendMail, over HTTPS; as an application it reaches every mailbox unless RBAC for Applications narrows it.|office365itpros.com (2026-02-17)|reported
`

// Alternatives are the ways of sending without o365mail, each with what it is for.
func Alternatives() []Claim { return claims(otherWays) }

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
	case strings.HasPrefix(host, "smtp-mail.outlook."), strings.HasPrefix(host, "smtp.live."), strings.HasPrefix(host, "smtp.hotmail."):
		return claims("16 September 2024|Personal Outlook.com accounts take no passwords of this kind since then.|patriotmail.ai (2026-03-25)|reported")[0]
	}
	return offByDefault()
}

// cite is a claim's source in brackets.
func (c Claim) cite() string {
	return "[" + c.Confidence + ": " + c.Source + "; checked " + c.Checked + "]"
}
