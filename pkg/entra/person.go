package entra

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/cache"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"
)

// person is the flow of somebody who signed in before, through a Login.
type person struct {
	config    Config
	authority authority
	transport http.RoundTripper
}

func newPerson(c Config, transport http.RoundTripper) (person, error) {
	at, err := newAuthority(c.Authority, c.Tenant)
	if err != nil {
		return person{}, err
	}
	p := person{c, at, transport}
	switch {
	case c.Cache == nil:
		return p, &ConfigError{"Cache", "not set: there is no sign-in without it"}
	case !isBearer(c.ClientID):
		return p, &ConfigError{"ClientID", "want a client id without spaces"}
	case len(p.scopes()) == 0:
		return p, &ConfigError{"Scope", "none of a resource"}
	}
	return p, c.checkScopes(maxClaims)
}

// openIDScopes come with every request of a person: for the account and for the refresh token.
var openIDScopes = [...]string{"openid", "offline_access", "profile"}

// scopes are those of the resource; MSAL adds the others.
func (p person) scopes() []string {
	return slices.DeleteFunc(strings.Split(p.config.Scope, " "), func(s string) bool { return slices.Contains(openIDScopes[:], s) })
}

// client gives MSAL's client for an authority.
func (p person) client(at authority, contract *contract) (public.Client, error) {
	client, err := public.New(p.config.ClientID,
		public.WithAuthority(at.String()),
		public.WithHTTPClient(&http.Client{Transport: tokenTransport{p.transport, at, p.config.Now, p.config.Report}}),
		public.WithInstanceDiscovery(false),
		public.WithCache(contract),
	)
	if err != nil {
		return client, &ConfigError{"Authority", "MSAL does not take it"}
	}
	return client, nil
}

// acquire spends the refresh token. The state changes only when the answer is complete.
func (p person) acquire(ctx context.Context, s *state) (grant, error) {
	if err := p.check(s); err != nil {
		return grant{}, err
	}
	kept := &contract{data: s.MSAL}
	client, err := p.client(p.authority.in(s.Account.TenantID), kept)
	if err != nil {
		return grant{}, err
	}
	x := &exchange{person: true, account: s.Account.Account}
	ctx = x.context(ctx)
	_, err = client.AcquireTokenSilent(ctx, p.scopes(), public.WithSilentAccount(public.Account{
		HomeAccountID: s.Account.HomeAccountID, Environment: p.authority.host, PreferredUsername: s.Account.Username,
	}))
	if err = x.result(ctx, p.authority.host, err); err != nil {
		return grant{}, err
	}
	s.MSAL = kept.data
	return x.grant, nil
}

func (p person) purpose(s *state) string {
	who := ""
	if s.Account != nil {
		who = s.Account.HomeAccountID
	}
	return purpose("person", p.authority.host, p.config.ClientID, who, p.config.Scope)
}

func (p person) check(s *state) error {
	if s.Account == nil || s.Account.Host != p.authority.host || s.Account.ClientID != p.config.ClientID {
		return ErrNotSignedIn
	}
	return nil
}

func (p person) host() string { return p.authority.host }

// purpose joins what a token is good for. None of the parts has a space but the scopes, which come last.
func purpose(parts ...string) string { return strings.Join(parts, " ") }

// contract is MSAL's cache without its access tokens: our own record has them, and MSAL renews only
// when it finds none.
type contract struct{ data json.RawMessage }

// Replace hands the cache to MSAL.
func (c *contract) Replace(_ context.Context, to cache.Unmarshaler, _ cache.ReplaceHints) error {
	if len(c.data) == 0 {
		return nil
	}
	return to.Unmarshal(c.data)
}

// Export takes the cache back.
func (c *contract) Export(_ context.Context, from cache.Marshaler, _ cache.ExportHints) error {
	data, err := from.Marshal()
	if err != nil {
		return err
	}
	var sections map[string]json.RawMessage
	if err := json.Unmarshal(data, &sections); err != nil {
		return err
	}
	delete(sections, "AccessToken")
	c.data, err = json.Marshal(sections)
	return err
}
