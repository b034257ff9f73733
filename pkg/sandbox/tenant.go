package sandbox

import (
	"crypto/x509"
	"slices"
	"strings"
	"time"
)

// Tenant is what an administrator can set up, as far as sending mail depends on it.
type Tenant struct {
	ID               string // GUID
	Domain           string // the accepted domain, in lower case
	Name             string
	SMTPAuthDisabled bool // Set-TransportConfig -SmtpClientAuthenticationDisabled
	Users            []User
	Mailboxes        []Mailbox
	Apps             []App // the first is the one that Settings names
}

// User is a person who can sign in.
type User struct {
	ID   string // object id, GUID
	UPN  string // sign-in name; here always the address of the mailbox, too
	Name string
}

// SMTPAuth is the switch for SMTP AUTH of one mailbox (Set-CASMailbox
// -SmtpClientAuthenticationDisabled). A value of its own beats the tenant's.
type SMTPAuth string

// The positions of the switch.
const (
	Inherit  SMTPAuth = "" // $null: as the tenant
	Enabled  SMTPAuth = "enabled"
	Disabled SMTPAuth = "disabled"
)

// DefaultMaxSendSize is the limit of a mailbox's messages in octets, 35 MB (Set-MailboxPlan).
const DefaultMaxSendSize = 35 << 20

// DefaultRecipientLimit is how many recipients a message may have (Set-Mailbox -RecipientLimits).
const DefaultRecipientLimit = 500

// Mailbox is a place that mail is sent from. Trustees are named by address or object id.
type Mailbox struct {
	Address        string // in lower case
	Name           string
	SMTPAuth       SMTPAuth
	FullAccess     []string // Add-MailboxPermission; the owner needs none
	SendAs         []string // Add-RecipientPermission; the mailbox itself needs none
	MaxSendSize    int64    // octets; 0 is DefaultMaxSendSize
	RecipientLimit int      // 0 is DefaultRecipientLimit
}

// App is a registration with its enterprise application.
type App struct {
	ClientID     string // GUID
	ObjectID     string // of the enterprise application (service principal), GUID
	Name         string
	Secrets      []Secret
	Certificates []*x509.Certificate
	Federated    []FederatedCredential
	Roles        []string // consented application permissions: SMTP.SendAsApp
	RegisteredAs string   // -ObjectId of New-ServicePrincipal in Exchange; empty: never registered
	RBAC         []string // addresses in the scope of its role "Application SMTP.SendAsApp"

	Public          bool     // "Allow public client flows": no secret or assertion is asked for
	RedirectURIs    []string // of mobile and desktop applications; the port of http://localhost is ignored
	Delegated       []string // delegated permissions on Exchange, which the scope .default stands for
	ManagedIdentity bool     // of the host: the first one is its system-assigned identity
}

// Secret is a client secret of a fake application. It protects nothing and is shown on purpose.
type Secret struct {
	Value   string
	Expires time.Time // zero: never
}

// FederatedCredential is trust in the tokens of an outside issuer (workload identity federation).
type FederatedCredential struct {
	Issuer, Subject, Audience string
}

// named reports whether a path segment or a realm names the tenant.
func (t *Tenant) named(s string) bool {
	return strings.EqualFold(s, t.ID) || strings.EqualFold(s, t.Domain)
}

func (t *Tenant) app(clientID string) (*App, bool) {
	i := slices.IndexFunc(t.Apps, func(a App) bool { return strings.EqualFold(a.ClientID, clientID) })
	if i < 0 {
		return nil, false
	}
	return &t.Apps[i], true
}

func (t *Tenant) user(upn string) (*User, bool) {
	i := slices.IndexFunc(t.Users, func(u User) bool { return strings.EqualFold(u.UPN, upn) })
	if i < 0 {
		return nil, false
	}
	return &t.Users[i], true
}

func (t *Tenant) mailbox(address string) (*Mailbox, bool) {
	i := slices.IndexFunc(t.Mailboxes, func(m Mailbox) bool { return strings.EqualFold(m.Address, address) })
	if i < 0 {
		return nil, false
	}
	return &t.Mailboxes[i], true
}

func (m *Mailbox) maxSendSize() int64 {
	if m.MaxSendSize > 0 {
		return m.MaxSendSize
	}
	return DefaultMaxSendSize
}

func (m *Mailbox) recipientLimit() int {
	if m.RecipientLimit > 0 {
		return m.RecipientLimit
	}
	return DefaultRecipientLimit
}

// listed reports whether one of the names stands in a list of trustees or addresses.
func listed(list []string, names ...string) bool {
	return slices.ContainsFunc(list, func(entry string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return n != "" && strings.EqualFold(n, entry) })
	})
}
