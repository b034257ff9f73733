package entra

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Config is who asks, whom and for what. A Source needs Credential and Scope, and Authority and
// ClientID unless a managed identity stands in for them; a Login needs Cache instead of Credential.
type Config struct {
	Authority  string // https://HOST[:PORT]/TENANT, or the host alone with Tenant
	Tenant     string // tenant id or domain; for a person also organizations, common or consumers
	ClientID   string // application id
	Scope      string // such as https://outlook.office365.com/.default; a person's may be several, with spaces
	Credential Credential

	MinLife time.Duration // what a served token must have left; five minutes at least
	Cache   Cache         // what outlives the process; nil keeps tokens in memory only
	Report  func(Event)   // told what happens beside the result; must not call the Source; nil means nobody is

	RootCAs     *x509.CertPool                                                    // nil means those of the system
	Proxy       func(*http.Request) (*url.URL, error)                             // nil means a direct connection
	DialContext func(ctx context.Context, network, addr string) (net.Conn, error) // nil means net.Dialer
	Now         func() time.Time                                                  // nil means time.Now
}

// ConfigError is a setting of Config that cannot be.
type ConfigError struct {
	Field  string // of Config
	Reason string
}

// Error names the field and the reason.
func (e *ConfigError) Error() string { return fmt.Sprintf("entra: %s: %s", e.Field, e.Reason) }

// checkRequest refuses a client id or a scope that cannot go into a form as it is.
func (c Config) checkRequest() error {
	if !isBearer(c.ClientID) {
		return &ConfigError{"ClientID", "want a client id without spaces"}
	}
	return c.checkScopes(1)
}

func (c Config) checkScopes(most int) error {
	scopes := strings.Split(c.Scope, " ")
	if len(scopes) > most {
		return &ConfigError{"Scope", "want a scope without spaces"}
	}
	for _, scope := range scopes {
		if !isBearer(scope) {
			return &ConfigError{"Scope", "want scopes of visible ASCII with one space between them"}
		}
	}
	return nil
}

func (c Config) withDefaults() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Report == nil {
		c.Report = func(Event) {}
	}
	return c
}

// NewTransport reaches the endpoints as the settings say (RootCAs, DialContext, Proxy); it speaks TLS
// 1.2 or higher and bounds every header.
func NewTransport(c Config) *http.Transport {
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
