package sandbox

import (
	"slices"
	"time"
)

// The cast of Contoso. All of it is invented, the same in each sandbox, and protects nothing.
const (
	ContosoTenantID = "c0a70500-0000-4000-8000-000000000001"
	ContosoDomain   = "contoso.example"

	// AppClientID is the application that Settings names: secret, certificate and federated
	// credential, the permission SMTP.SendAsApp, and full access to both mailboxes below.
	AppClientID = "c0a70500-0000-4000-8000-0000000000a1"
	// AppSecret is its client secret; ExpiredSecret is one that has run out.
	AppSecret     = "sandbox-secret-o365mail-0000000000000001"
	ExpiredSecret = "sandbox-secret-o365mail-0000000000000000"
	// ScopedAppClientID is an application without permissions in Entra. RBAC for Applications
	// gives it SharedMailbox only. Its secret is ScopedAppSecret.
	ScopedAppClientID = "c0a70500-0000-4000-8000-0000000000a3"
	ScopedAppSecret   = "sandbox-secret-o365mail-0000000000000003"

	// PublicClientID is the application of people, without a secret: device code, and a browser with
	// http://localhost and any port.
	PublicClientID = "c0a70500-0000-4000-8000-0000000000a5"
	// IdentityClientID is the managed identity of the host, with the rights of AppClientID on
	// SharedMailbox.
	IdentityClientID = "c0a70500-0000-4000-8000-0000000000a7"

	// SharedMailbox is the sender that Settings names. Ada may open it and send as it; Grace may
	// open it only.
	SharedMailbox = "alerts@contoso.example"
	Ada           = "ada@contoso.example"
	Grace         = "grace@contoso.example"

	// FederatedIssuer issues the token in the file that FederatedTokenFile names.
	FederatedIssuer   = "https://ci.contoso.example"
	FederatedSubject  = "repo:contoso/alerts:ref:refs/heads/main"
	FederatedAudience = "api://AzureADTokenExchange"
)

const (
	appObjectID       = "c0a70500-0000-4000-8000-0000000000a2"
	scopedAppObjectID = "c0a70500-0000-4000-8000-0000000000a4"
	publicObjectID    = "c0a70500-0000-4000-8000-0000000000a6"
	identityObjectID  = "c0a70500-0000-4000-8000-0000000000a8"
)

// Contoso is the tenant of every sandbox that is not given another one. Each call makes a new one,
// to be changed at will before Start.
func Contoso() *Tenant {
	return &Tenant{
		ID:        ContosoTenantID,
		Domain:    ContosoDomain,
		Name:      "Contoso",
		Users:     contosoUsers(),
		Mailboxes: contosoMailboxes(),
		Apps:      contosoApps(),
	}
}

func contosoUsers() []User {
	return []User{
		{"c0a70500-0000-4000-8000-0000000000b1", Ada, "Ada Lovelace"},
		{"c0a70500-0000-4000-8000-0000000000b2", Grace, "Grace Hopper"},
	}
}

func contosoMailboxes() []Mailbox {
	return []Mailbox{
		{Address: Ada, Name: "Ada Lovelace", FullAccess: []string{appObjectID}},
		{Address: Grace, Name: "Grace Hopper"},
		{
			Address: SharedMailbox, Name: "Alerts",
			FullAccess: []string{appObjectID, identityObjectID, Ada, Grace},
			SendAs:     []string{Ada},
		},
	}
}

func contosoApps() []App {
	return []App{
		{
			ClientID: AppClientID, ObjectID: appObjectID, Name: "o365mail",
			Secrets: []Secret{
				{Value: AppSecret},
				{Value: ExpiredSecret, Expires: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)},
			},
			Federated:    []FederatedCredential{{FederatedIssuer, FederatedSubject, FederatedAudience}},
			Roles:        []string{roleSendAsApp},
			RegisteredAs: appObjectID,
		},
		{
			ClientID: ScopedAppClientID, ObjectID: scopedAppObjectID, Name: "o365mail scoped",
			Secrets:      []Secret{{Value: ScopedAppSecret}},
			RegisteredAs: scopedAppObjectID,
			RBAC:         []string{SharedMailbox},
		},
		{
			ClientID: PublicClientID, ObjectID: publicObjectID, Name: "o365mail for people",
			Public:       true,
			RedirectURIs: []string{"http://localhost"},
			Delegated:    []string{scopeSend, scopeIMAP, scopePOP},
		},
		{
			ClientID: IdentityClientID, ObjectID: identityObjectID, Name: "o365mail host",
			ManagedIdentity: true,
			Roles:           []string{roleSendAsApp},
			RegisteredAs:    identityObjectID,
		},
	}
}

// clone copies what Start changes, so that one Tenant can serve several sandboxes.
func (t *Tenant) clone() *Tenant {
	c := *t
	c.Apps = slices.Clone(t.Apps)
	for i := range c.Apps {
		c.Apps[i].Certificates = slices.Clone(c.Apps[i].Certificates)
	}
	return &c
}
