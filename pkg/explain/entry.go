// Package explain knows what a refusal means: its cause, who can repair it and how.
//
// The knowledge is data: smtp.toml for the replies of Exchange Online, entra.toml for the errors of
// the Entra token endpoint, local.toml for what goes wrong before any server has spoken. An entry,
// not the digits of a reply, decides whether a call may be repeated: Exchange answers 430 to a
// permanent lack of rights and 550 to a quota that lapses.
// Begin with New. Base.Match and Base.MatchToken find the Entry of one refusal, Base.Find those of
// any text that a person has at hand, and Entry.Outcome says what follows.
package explain

import (
	"strconv"
	"strings"
)

// Kind says who speaks in an entry.
type Kind string

// The values of Kind.
const (
	Reply        Kind = "reply" // an SMTP server
	TokenRefusal Kind = "token" // the token endpoint
	Local        Kind = "local" // nobody: it shows on this side, or is a topic
)

// Class is the kind of fault an entry stands for.
type Class string

// The classes of SMTP replies; Config, Policy and Transient are also classes of token errors.
const (
	Address    Class = "address"    // an address is wrong or unknown
	Auth       Class = "auth"       // the sign-in failed
	Config     Class = "config"     // a setting of the client, the server or the tenant
	Content    Class = "content"    // the message itself
	Permission Class = "permission" // the account lacks a right
	Policy     Class = "policy"     // a rule of an organization forbids it
	Quota      Class = "quota"      // an allowance is used up
	Reputation Class = "reputation" // the sender or its network is distrusted
	Throttle   Class = "throttle"   // too much at a time
	Transient  Class = "transient"  // a passing fault of the service
)

// The classes that only token errors have.
const (
	Consent    Class = "consent"    // nobody agreed to the permission
	Credential Class = "credential" // the secret, certificate or assertion is refused
	Expired    Class = "expired"    // a grant ran out
	Scope      Class = "scope"      // the permission asked for is wrong
	Tenant     Class = "tenant"     // wrong or unknown tenant
	User       Class = "user"       // the state of the user's account
)

// The classes that only local entries have.
const (
	Network Class = "network" // no connection, or a broken one
	TLS     Class = "tls"     // no trustworthy encrypted connection
	Store   Class = "store"   // the tokens at rest
	Clock   Class = "clock"   // the time of this machine
	Record  Class = "record"  // the DNS records of the sender's domain
	Topic   Class = "topic"   // no fault, but asked about
	Defect  Class = "defect"  // a fault of this program
)

// Retry says what must happen before the same call can succeed.
type Retry string

// The values of Retry.
const (
	Never       Retry = "never"       // change something first
	Later       Retry = "later"       // back off, then the same call
	Reauth      Retry = "reauth"      // a fresh token, then once more
	Interactive Retry = "interactive" // a person has to act in a browser
)

// Who names the person that can repair a fault.
type Who string

// The values of Who.
const (
	ByUser          Who = "user"
	ByEntraAdmin    Who = "entra-admin"
	ByExchangeAdmin Who = "exchange-admin"
	ByNetworkAdmin  Who = "network-admin"
	ByDNSAdmin      Who = "dns-admin" // local entries only
)

// Entry is one known refusal. Entries that Base returns are shared and must not be changed.
type Entry struct {
	ID         string   `toml:"id"`    // stable, printed, never reused
	Also       []string `toml:"also"`  // other IDs that lead here
	Kind       Kind     `toml:"-"`     // the file it stands in
	Title      string   `toml:"title"` // the cause in a few words
	Class      Class    `toml:"class"`
	Retry      Retry    `toml:"retry"`
	Who        Who      `toml:"who"`
	Cause      string   `toml:"cause"`
	Fixes      []string `toml:"fixes"`       // with placeholders, see Fill; for ParseFixes
	OwnCause   string   `toml:"own_cause"`   // in place of Cause where this program held the session
	OwnFixes   []string `toml:"own_fixes"`   // in place of Fixes, likewise: without what concerns other clients
	Confidence string   `toml:"confidence"`  // documented (a Microsoft page) or reported
	Source     string   `toml:"source"`      // where the knowledge comes from
	Checked    string   `toml:"checked"`     // month or day of the last comparison with Source
	Common     bool     `toml:"common"`      // met more often than its neighbors
	Sample     string   `toml:"sample"`      // the refusal as it was seen
	SampleKind string   `toml:"sample_kind"` // literal, documented-text, composed, secondhand, code-only

	// SMTP replies only (RFC 5321 section 4.2, RFC 3463).
	Basic            int       `toml:"basic"`             // the three-digit code
	Enhanced         string    `toml:"enhanced"`          // the enhanced status code
	EnhancedAlso     []string  `toml:"enhanced_also"`     // further codes or ranges with the same meaning
	CodesUnconfirmed bool      `toml:"codes_unconfirmed"` // the text was seen, the codes were not
	Stage            string    `toml:"stage"`             // where it usually occurs; "post" is a bounce
	Pattern          string    `toml:"pattern"`           // Go RE2, matched against the joined reply
	SampleNewer      string    `toml:"sample_newer"`      // a later wording of Sample
	RootClass        Class     `toml:"root_class"`        // what kind of fault started a throttle
	Wraps            bool      `toml:"wraps"`             // the reply quotes another one
	Fallback         bool      `toml:"fallback"`          // nothing more specific matched
	Overrides        []string  `toml:"overrides"`         // less specific entries that match Sample too
	Variants         []Variant `toml:"variant"`           // causes that share this text
	Hints            []string  `toml:"hints"`             // words, in lower case, that a translated or cut reply keeps

	// Token errors only (RFC 6749 section 5.2, Microsoft Entra error code reference).
	Codes       []string `toml:"codes"`        // AADSTS numbers without the letters
	Name        string   `toml:"name"`         // symbolic name on Microsoft's page
	OAuthErrors []string `toml:"oauth_errors"` // values of the field error
	Suberror    string   `toml:"suberror"`     // value of the field suberror
	Flows       []string `toml:"flows"`        // sign-in flows in which it is plausible

	// Local entries only. They may have a Pattern, for the words that programs print.
	Terms []string `toml:"terms"` // words by which people ask for it
	See   []string `toml:"see"`   // entries that are more specific, most likely first
	Tell  string   `toml:"tell"`  // the observation that tells it from its neighbors
}

// Variant is one of several causes that Exchange reports with one and the same text.
type Variant struct {
	ID         string   `toml:"id"`    // unique within its entry
	Check      string   `toml:"check"` // the observation that tells it from the others
	Cause      string   `toml:"cause"`
	Fixes      []string `toml:"fixes"`
	Who        Who      `toml:"who"`
	Retry      Retry    `toml:"retry"`
	Confidence string   `toml:"confidence"`
	Source     string   `toml:"source"`
}

// Code is what the refusal is known by: the status codes of a reply, the AADSTS number or the OAuth
// error of a token error. It is empty when there is none.
func (e *Entry) Code() string {
	switch {
	case e.Kind == Reply:
		return strings.TrimSpace(strconv.Itoa(e.Basic) + " " + e.Enhanced)
	case len(e.Codes) > 0:
		return "AADSTS" + e.Codes[0]
	case len(e.OAuthErrors) == 1:
		return e.OAuthErrors[0]
	case len(e.Terms) > 0 && e.Class != Topic:
		return e.Terms[0]
	}
	return ""
}
