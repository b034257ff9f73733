package entra

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
)

// Config is who asks, whom and for what. Authority, ClientID, Scope and Credential are needed.
type Config struct {
	Authority  string // https://HOST[:PORT]/TENANT, or the host alone with Tenant
	Tenant     string // tenant id or domain
	ClientID   string // application id
	Scope      string // such as https://outlook.office365.com/.default
	Credential Credential

	MinLife time.Duration // what a token must have left to be served again; MSAL's own bound is five minutes

	RootCAs     *x509.CertPool                                                    // nil means those of the system
	Proxy       func(*http.Request) (*url.URL, error)                             // nil means a direct connection
	DialContext func(ctx context.Context, network, addr string) (net.Conn, error) // nil means net.Dialer
	Now         func() time.Time                                                  // nil means time.Now
}

// Source gives an application's tokens. It keeps the last one in memory and is safe for concurrent
// use: callers that find no valid token wait for one request.
type Source struct {
	config    Config
	authority string // with the tenant
	host      string
	http      *http.Client
	turn      chan struct{} // holds the one turn to look at the fields below
	client    confidential.Client
	scopes    []string
}

// NewSource checks the configuration and makes no request. Its error is a *ConfigError.
func NewSource(c Config) (*Source, error) {
	host, tenant, err := splitAuthority(c.Authority, c.Tenant)
	if err != nil {
		return nil, err
	}
	switch {
	case !isBearer(c.ClientID):
		return nil, &ConfigError{"ClientID", "want a client id without spaces"}
	case !isBearer(c.Scope):
		return nil, &ConfigError{"Scope", "want a scope without spaces"}
	case c.Credential.IsZero():
		return nil, &ConfigError{"Credential", "not set"}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	s := &Source{
		config: c, authority: "https://" + host + "/" + tenant, host: host, turn: make(chan struct{}, 1),
	}
	s.http = &http.Client{Transport: tokenTransport{newTransport(c), s.authority, c.Now}}
	s.client, err = s.newClient()
	return s, err
}

func (s *Source) newClient() (confidential.Client, error) {
	client, err := confidential.New(s.authority, s.config.ClientID, s.config.Credential.msal,
		confidential.WithHTTPClient(s.http),
		confidential.WithInstanceDiscovery(false),
		// An inherited MSAL_FORCE_REGION would otherwise send requests to REGION.host.
		confidential.WithAzureRegion("DisableMsalForceRegion"),
	)
	if err != nil {
		return client, &ConfigError{"Credential", "MSAL does not take it"}
	}
	return client, nil
}

// newTransport speaks TLS 1.2 or higher and bounds every header.
func newTransport(c Config) *http.Transport {
	return &http.Transport{
		Proxy:                  c.Proxy,
		DialContext:            c.DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: c.RootCAs, MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		IdleConnTimeout:        30 * time.Second,
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
			if resp.StatusCode == http.StatusOK {
				return nil
			}
			return &ProxyError{sanitize(resp.Status, maxCode)}
		},
	}
}

// Token returns a token that is valid for MinLife at least: the last one if it is, else a new one
// by exactly one request. Its errors are *Error (refused), *ResponseError (an answer that is none),
// *TransportError (no answer) and *AssertionError.
func (s *Source) Token(ctx context.Context) (Token, error) {
	if err := s.lock(ctx); err != nil {
		return Token{}, err
	}
	defer s.unlock()
	t, kept, err := s.acquire(ctx, s.client)
	if kept && t.ExpiresOn.Sub(s.config.Now()) < s.config.MinLife {
		return s.renew(ctx)
	}
	return t, err
}

// Fresh returns a new token by one request, whatever is kept: for a server that refused the last
// one. The kept token is replaced only by success. Its errors are those of Token.
func (s *Source) Fresh(ctx context.Context) (Token, error) {
	if err := s.lock(ctx); err != nil {
		return Token{}, err
	}
	defer s.unlock()
	return s.renew(ctx)
}

// renew asks through a new client: MSAL has no other way past its cache.
func (s *Source) renew(ctx context.Context) (Token, error) {
	client, err := s.newClient()
	if err != nil {
		return Token{}, err
	}
	t, _, err := s.acquire(ctx, client)
	if err == nil {
		s.client = client
	}
	return t, err
}

// acquire tells as well whether the token was kept from an earlier request.
func (s *Source) acquire(ctx context.Context, client confidential.Client) (t Token, kept bool, err error) {
	ctx, x := withExchange(ctx)
	result, err := client.AcquireTokenByCredential(ctx, []string{s.config.Scope})
	switch {
	case x.err != nil:
		return Token{}, false, x.err
	case err != nil && ctx.Err() != nil:
		return Token{}, false, transportError(s.host, ctx.Err(), nil)
	case err != nil:
		// MSAL's text can hold the request and the response: only its type is told.
		return Token{}, false, transportError(s.host, fmt.Errorf("the sign-in library failed with %T", err), nil)
	}
	kept = result.Metadata.TokenSource == confidential.TokenSourceCache
	if !kept {
		s.scopes = x.scopes
	}
	return Token{result.AccessToken, result.ExpiresOn, s.scopes}, kept, nil
}

// lock waits for the turn, but not longer than the caller does.
func (s *Source) lock(ctx context.Context) error {
	select {
	case s.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return transportError(s.host, ctx.Err(), nil)
	}
}

func (s *Source) unlock() { <-s.turn }
