package profile

import (
	"net/url"
	"slices"
	"time"
)

// Flow is a way to sign in.
type Flow string

// The flows. The last four act for an application: no person signs in.
const (
	Browser         Flow = "browser"
	DeviceCode      Flow = "device-code"
	ClientSecret    Flow = "client-secret"
	Certificate     Flow = "certificate"
	Federated       Flow = "federated"
	ManagedIdentity Flow = "managed-identity"
)

// Flows lists the flows in the order of the manual.
func Flows() []Flow {
	return []Flow{Browser, DeviceCode, ClientSecret, Certificate, Federated, ManagedIdentity}
}

// AppOnly reports whether an application signs in for itself.
func (f Flow) AppOnly() bool {
	return slices.Contains([]Flow{ClientSecret, Certificate, Federated, ManagedIdentity}, f)
}

// TLS is when the submission connection becomes secure.
type TLS string

// The values of TLS.
const (
	STARTTLS TLS = "starttls" // RFC 3207
	Implicit TLS = "implicit" // RFC 8314 section 3.3
)

// SMTP is the submission server of a profile.
type SMTP struct {
	Host            string
	Port            int // 587, or 465 with implicit TLS, unless set
	TLS             TLS
	Chunking        bool
	InitialResponse bool // AUTH XOAUTH2 in one line even beyond 512 octets
}

// Profile is who sends and through what, with every layer applied. Its fields are settings of the
// same name (see Keys), all valid; what nobody set has the default of the cloud.
type Profile struct {
	Name          string // in the file, empty without one
	Address       string
	Flow          Flow
	Tenant        string
	ClientID      string
	Cloud         Cloud
	Keyring       string
	AuthAs        string
	Authority     string // https://HOST[:PORT]/TENANT; empty when no tenant is known
	CAFile        string
	Scope         string
	SMTP          SMTP
	Proxy         *url.URL          // nil when none is set; may hold a password
	Aliases       map[string]string // local recipients and their addresses
	SendAs        []string          // further authors, Exchange's Send As
	NotifyCommand string
	LogRecipients string // hashed or full

	// Credential is the application's own, when the AZURE_ variables hold one for this profile.
	Credential EnvironmentCredential

	origins map[string]Origin
	texts   map[string]string
}

// Origin tells where a setting came from.
func (p *Profile) Origin(key string) Origin { return p.origins[key] }

// Given reports whether a flag, a variable of ours or the file set it.
func (p *Profile) Given(key string) bool {
	_, given := p.texts[key]
	return given
}

// Value is the text that set it; empty if nobody did.
func (p *Profile) Value(key string) string { return p.texts[key] }

// MinTokenLife is how long a token must still be valid for the server to take it.
func (p *Profile) MinTokenLife() time.Duration { return p.Cloud.MinTokenLife }
