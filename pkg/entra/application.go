package entra

import (
	"context"
	"net/http"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
)

// flow gets one token by one request. It may look at the state and change it, as far as the change
// belongs to the token.
type flow interface {
	acquire(ctx context.Context, s *state) (grant, error)
	// purpose names in a record what the tokens of the flow are good for.
	purpose(s *state) string
	// check tells whether the state has what the flow needs.
	check(s *state) error
	// host is who is asked.
	host() string
}

// application is the client-credentials flow.
type application struct {
	config    Config
	authority authority
	transport http.RoundTripper
}

// newApplication makes no request: it lets MSAL look at the credential once.
func newApplication(c Config, transport http.RoundTripper) (application, error) {
	at, err := newAuthority(c.Authority, c.Tenant)
	if err != nil {
		return application{}, err
	}
	a := application{c, at, tokenTransport{transport, at, c.Now, c.Report}}
	if err := at.checkOneTenant(); err != nil {
		return a, err
	}
	if err := c.checkRequest(); err != nil {
		return a, err
	}
	_, err = a.client()
	return a, err
}

func (a application) client() (confidential.Client, error) {
	client, err := confidential.New(a.authority.String(), a.config.ClientID, a.config.Credential.msal,
		confidential.WithHTTPClient(&http.Client{Transport: a.transport}),
		confidential.WithInstanceDiscovery(false),
		// An inherited MSAL_FORCE_REGION would otherwise send requests to REGION.host.
		confidential.WithAzureRegion("DisableMsalForceRegion"),
	)
	if err != nil {
		return client, &ConfigError{"Credential", "MSAL does not take it"}
	}
	return client, nil
}

// acquire asks through a new client: MSAL has no other way past its cache.
func (a application) acquire(ctx context.Context, _ *state) (grant, error) {
	client, err := a.client()
	if err != nil {
		return grant{}, err
	}
	x := &exchange{}
	ctx = x.context(ctx)
	_, err = client.AcquireTokenByCredential(ctx, []string{a.config.Scope})
	return x.grant, x.result(ctx, a.authority.host, err)
}

func (a application) purpose(*state) string {
	return purpose(a.config.Credential.kind, a.authority.String(), a.config.ClientID, a.config.Scope)
}

func (application) check(*state) error { return nil }

func (a application) host() string { return a.authority.host }
