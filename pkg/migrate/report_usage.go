package migrate

import (
	"sort"
	"time"
)

// Usage is what administrators' reports say, joined with the findings of a scan.
type Usage struct {
	Reports      []ReportRead  `json:"reports"`
	Tenant       Tenant        `json:"tenant"`
	Senders      []Sender      `json:"senders"`              // by address
	Applications []Application `json:"applications"`         // that signed in with their own token
	Others       int           `json:"others"`               // senders and mailboxes beyond the bound, which were not kept
	Unmatched    Places        `json:"files_without_sender"` // findings whose mailbox no report names
}

// ReportRead is one report and how well it could be read.
type ReportRead struct {
	Path    string       `json:"path"`
	Kinds   []ReportKind `json:"kinds"`             // in order of their names
	Rows    int          `json:"rows"`              // understood
	Foreign int          `json:"foreign_rows"`      // understood, and about something else: other clients, other settings
	Before  int          `json:"rows_before_since"` // older than the day that was asked for
	Undated int          `json:"undated_rows"`      // without a date that can be read; they were counted
	Bad     int          `json:"bad_rows"`          // not understood
	BadRows []BadRow     `json:"bad_row_list"`      // the first of them
	Broken  string       `json:"broken,omitempty"`  // why the rest could not be read
	NoDates bool         `json:"no_dates"`          // a day was asked for, and the report has none
	More    bool         `json:"next_page"`         // it ends with a link to a next page
}

// BadRow is a row that was left out.
type BadRow struct {
	Row int    `json:"row"` // line of the file; number of the element in JSON
	Why string `json:"why"`
}

// Tenant is what the settings of the organization say.
type Tenant struct {
	SMTPAuth      Switch `json:"smtp_auth"`
	DefaultPolicy string `json:"default_authentication_policy"` // of users that have none of their own
	DirectSend    Switch `json:"direct_send"`                   // whether unauthenticated mail of the own domains is taken
	OAuth         Switch `json:"modern_authentication"`         // OAuth2ClientProfileEnabled
}

// Switch is on, off or unknown.
type Switch string

// The states of a switch.
const (
	SwitchUnknown Switch = ""
	SwitchOn      Switch = "on"
	SwitchOff     Switch = "off"
)

// Exposure is whether a mailbox can be signed in to over SMTP AUTH.
// Microsoft: Enable or disable authenticated client SMTP submission in Exchange Online.
type Exposure string

// The exposures. A mailbox without a value of its own follows the tenant's switch; asking for
// "-eq $false" alone therefore misses those that are open because the tenant is.
const (
	ExposureUnknown Exposure = ""
	Open            Exposure = "open"
	OpenByTenant    Exposure = "open-by-tenant"
	Closed          Exposure = "closed"
	ClosedByTenant  Exposure = "closed-by-tenant"
	FollowsTenant   Exposure = "follows-tenant"    // whose switch no report tells
	BlockedByPolicy Exposure = "blocked-by-policy" // Basic only: AllowBasicAuthSmtp is false
)

// What a ledger keeps at the most; a tenant can be large, a file can be made to hurt.
const (
	maxSenders      = 200_000
	maxClients      = 1_000
	maxBadRows      = 20
	maxPolicies     = 10_000
	maxApplications = 10_000
)

// Exposed reports whether Basic authentication is let through as far as the reports tell.
func (e Exposure) Exposed() bool { return e == Open || e == OpenByTenant }

// Sender is one mailbox or address in the reports.
type Sender struct {
	Mailbox        string    `json:"mailbox"`                            // lower case
	BasicMessages  int64     `json:"basic_messages"`                     // SMTP AUTH clients, protocol Basic
	OAuthMessages  int64     `json:"oauth_messages"`                     // SMTP AUTH clients, protocol OAuth
	OtherMessages  int64     `json:"messages_of_unknown_authentication"` // SMTP AUTH clients without a protocol: unknown, not OAuth
	BasicSignIns   int64     `json:"basic_sign_ins"`                     // Entra, client app Authenticated SMTP, not refused
	RefusedSignIns int64     `json:"refused_sign_ins"`                   // the same, refused
	StoppedSignIns int64     `json:"stopped_sign_ins"`                   // of those, with the right password
	Traced         int64     `json:"traced_messages"`                    // of a trace, whatever their authentication
	OldTLS         bool      `json:"old_tls"`                            // sent with TLS 1.0 or 1.1
	Clients        []Client  `json:"addresses"`
	OtherClients   int       `json:"other_addresses"` // beyond the bound
	First          time.Time `json:"first,omitzero"`
	Last           time.Time `json:"last,omitzero"`
	Exposure       Exposure  `json:"exposure"`
	Policy         string    `json:"authentication_policy"` // in force, when known
	Report         string    `json:"report"`                // the first that shows a use of SMTP AUTH, or nothing
	Files          Places    `json:"files"`
}

// UsesBasic reports whether a report shows this sender with Basic authentication.
func (s *Sender) UsesBasic() bool { return s.BasicMessages > 0 || s.BasicSignIns > 0 }

// MayUseBasic is true also for traffic whose authentication no report tells, and for a right password that
// was not enough.
func (s *Sender) MayUseBasic() bool {
	return s.UsesBasic() || s.OtherMessages > 0 || s.StoppedSignIns > 0
}

// Client is an address that a sender came from.
type Client struct {
	Address string    `json:"address"`
	SignIns int64     `json:"sign_ins"` // successful, with Basic authentication
	Refused int64     `json:"refused"`
	Traced  int64     `json:"traced_messages"`
	Last    time.Time `json:"last,omitzero"`
}

// Application is a service principal that signed in: OAuth without a person.
type Application struct {
	Name    string `json:"name"`
	SignIns int64  `json:"sign_ins"`
}

// WithoutFile lists the senders that use Basic, or may, and that no finding belongs to.
func (u *Usage) WithoutFile() []Sender {
	return u.which(func(s *Sender) bool { return s.MayUseBasic() && len(s.Files) == 0 })
}

// Basic lists the senders that use Basic, or may: the busiest first.
func (u *Usage) Basic() []Sender {
	list := u.which((*Sender).MayUseBasic)
	sort.SliceStable(list, func(i, j int) bool {
		a, b := &list[i], &list[j]
		return a.BasicMessages+a.OtherMessages+a.BasicSignIns > b.BasicMessages+b.OtherMessages+b.BasicSignIns
	})
	return list
}

// Refused lists the mailboxes of which all sign-ins were refused, for a password that was not right.
func (u *Usage) Refused() []Sender {
	return u.which(func(s *Sender) bool { return s.RefusedSignIns > 0 && !s.MayUseBasic() })
}

// Following lists the mailboxes that follow the tenant's switch, which no report tells.
func (u *Usage) Following() []Sender {
	return u.which(func(s *Sender) bool { return s.Exposure == FollowsTenant })
}

// TellsBasic reports whether any report can tell who uses Basic authentication: one of the SMTP AUTH clients
// or of sign-ins, of which not all rows were too old.
func (u *Usage) TellsBasic() bool {
	for i := range u.Reports {
		if r := &u.Reports[i]; r.tellsBasic() && (r.Rows+r.Foreign > 0 || r.Before+r.Bad == 0 && r.Broken == "") {
			return true
		}
	}
	return false
}

// inFull reports whether everything of the reports was understood.
func (u *Usage) inFull() bool {
	for i := range u.Reports {
		if r := &u.Reports[i]; r.Bad > 0 || r.Broken != "" || r.More {
			return false
		}
	}
	return true
}

// Exposed lists the mailboxes that Basic authentication gets through to.
func (u *Usage) Exposed() []Sender {
	return u.which(func(s *Sender) bool { return s.Exposure.Exposed() })
}

func (u *Usage) which(is func(*Sender) bool) []Sender {
	var list []Sender
	for i := range u.Senders {
		if is(&u.Senders[i]) {
			list = append(list, u.Senders[i])
		}
	}
	return list
}
