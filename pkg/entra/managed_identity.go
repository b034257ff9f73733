package entra

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// ManagedIdentity is the identity that Azure gives to a machine or an app: the platform answers for
// it at a local address, and there is no secret to keep. The environment says which platform it is,
// as it does for Microsoft's own libraries: IDENTITY_ENDPOINT with IDENTITY_HEADER is App Service,
// IDENTITY_ENDPOINT with IMDS_ENDPOINT is Azure Arc, and none of them is a virtual machine (IMDS), whose
// fixed host only AZURE_POD_IDENTITY_AUTHORITY_HOST replaces.
type ManagedIdentity struct {
	ClientID  string              // of a user-assigned identity; empty means that of the system
	Getenv    func(string) string // nil means an empty environment
	Transport http.RoundTripper   // nil means a direct connection: no proxy reaches these addresses

	arcFolder string // where Arc puts its keys; empty means Microsoft's place
}

// Credential is the identity as a credential of Config, which then needs no Authority and no ClientID.
func (m ManagedIdentity) Credential() Credential {
	if m.Getenv == nil {
		m.Getenv = func(string) string { return "" }
	}
	if m.Transport == nil {
		m.Transport = NewTransport(Config{})
	}
	return Credential{kind: "managed identity", identity: &m}
}

// The fixed address and the versions of Microsoft's pages "How to use managed identities with Azure
// VMs to acquire an access token", "... App Service" and "... Azure Arc-enabled servers".
const (
	imdsHost      = "http://169.254.169.254"
	imdsPath      = "/metadata/identity/oauth2/token"
	imdsVersion   = "2018-02-01"
	appVersion    = "2019-08-01"
	arcVersion    = "2020-06-01"
	identityLimit = 10 * time.Second // the address is local or it is not there
)

// managedIdentity is the flow.
type managedIdentity struct {
	ManagedIdentity
	config   Config
	endpoint *url.URL
	version  string
	header   http.Header
	arc      bool
}

func newManagedIdentity(c Config) (managedIdentity, error) {
	m := managedIdentity{ManagedIdentity: *c.Credential.identity, config: c, version: imdsVersion, header: http.Header{"Metadata": {"true"}}}
	if err := c.checkScopes(1); err != nil {
		return m, err
	}
	address := m.Getenv("IDENTITY_ENDPOINT")
	switch key := m.Getenv("IDENTITY_HEADER"); {
	case address != "" && m.Getenv("IDENTITY_SERVER_THUMBPRINT") != "":
		return m, &ConfigError{"Credential", "the managed identity of Service Fabric is not supported"}
	case address != "" && key != "":
		m.version, m.header = appVersion, http.Header{"X-Identity-Header": {key}}
	case address != "" && m.Getenv("IMDS_ENDPOINT") != "":
		m.version, m.arc = arcVersion, true
	default:
		address = first(m.Getenv("AZURE_POD_IDENTITY_AUTHORITY_HOST"), imdsHost) + imdsPath
	}
	return m, m.parse(address)
}

func (m *managedIdentity) parse(address string) error {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		return &ConfigError{"Credential", "IDENTITY_ENDPOINT is not an address"}
	}
	if m.arc && m.ClientID != "" {
		return &ConfigError{"Credential", "Azure Arc has no user-assigned identities"}
	}
	query := u.Query()
	query.Set("api-version", m.version)
	query.Set("resource", strings.TrimSuffix(m.config.Scope, "/.default"))
	if m.ClientID != "" {
		query.Set("client_id", m.ClientID)
	}
	u.RawQuery = query.Encode()
	m.endpoint = u
	return nil
}

// identityPauses stand between the attempts while the endpoint is busy: after an update it can be
// away for more than a minute (Microsoft Learn, "How to use managed identities for Azure resources
// on an Azure VM to acquire an access token", retry guidance).
func identityPauses() []time.Duration {
	return []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second}
}

// acquire tries again while the endpoint says that it is not ready. One that is not there at all is
// not waited for.
func (m managedIdentity) acquire(ctx context.Context, _ *state) (grant, error) {
	for _, pause := range identityPauses() {
		g, err := m.attempt(ctx)
		if !isNotReady(err) || !rest(ctx, pause) {
			return g, err
		}
	}
	return m.attempt(ctx)
}

// isNotReady recognizes the answers after which to try again. One that says when is obeyed elsewhere.
func isNotReady(err error) bool {
	e, ok := errors.AsType[*ResponseError](err)
	if !ok || e.RetryAfter > 0 {
		return false
	}
	return isBusy(e.Status) || e.Status == http.StatusNotFound || e.Status == http.StatusGone
}

// rest waits, and reports whether there was time for it.
func rest(ctx context.Context, d time.Duration) bool {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= d {
		return false
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

func (m managedIdentity) attempt(ctx context.Context) (grant, error) {
	ctx, cancel := context.WithTimeout(ctx, identityLimit)
	defer cancel()
	header := m.header
	if m.arc {
		proof, err := m.arcProof(ctx)
		if err != nil {
			return grant{}, err
		}
		header = http.Header{"Metadata": {"true"}, "Authorization": {"Basic " + proof}}
	}
	asked := m.config.Now()
	a, err := exchangeOnce(m.Transport, m.request(ctx, header), StepManagedIdentity, headerSecrets(header), m.config.Now)
	if err != nil {
		return grant{}, m.refused(a, err)
	}
	g, err := parseIdentityGrant(a.body, asked)
	if err != nil {
		return grant{}, a.unusable(err.Error())
	}
	g.asked = asked
	return g, nil
}

func (m managedIdentity) request(ctx context.Context, header http.Header) *http.Request {
	return (&http.Request{Method: http.MethodGet, URL: m.endpoint, Host: m.endpoint.Host, Header: header, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}).WithContext(ctx)
}

// headerSecrets are what an answer may echo: the header of App Service, the key of Arc.
func headerSecrets(h http.Header) []string {
	var secrets []string
	for _, v := range []string{h.Get("X-Identity-Header"), strings.TrimPrefix(h.Get("Authorization"), "Basic ")} {
		if v != "" {
			secrets = append(secrets, v)
		}
	}
	return secrets
}

// refused understands App Service's own form of an error: {"statusCode":400,"message":"..."}.
func (m managedIdentity) refused(a answer, err error) error {
	var b refusalBody
	if _, unusable := err.(*ResponseError); !unusable || json.Unmarshal(a.body, &b) != nil || b.text("message") == "" { //nolint:errorlint // made by exchangeOnce, unwrapped
		return err
	}
	return &Error{
		Step: StepManagedIdentity, Code: "managed_identity_error", Status: a.response.StatusCode,
		Description: sanitize(scrub(b.text("message"), a.secrets), maxDescription), RetryAfter: retryAfter(a.response.Header, a.at),
	}
}

// parseIdentityGrant reads a token response that may have, instead of expires_in, only expires_on:
// seconds since 1970.
func parseIdentityGrant(body []byte, now time.Time) (grant, error) {
	var b struct {
		AccessToken string      `json:"access_token"`
		ExpiresIn   json.Number `json:"expires_in"`
		ExpiresOn   json.Number `json:"expires_on"`
	}
	if json.Unmarshal(body, &b) != nil || b.ExpiresIn != "" {
		return parseGrant(body)
	}
	ends, err := b.ExpiresOn.Int64()
	life := time.Unix(ends, 0).Sub(now).Truncate(time.Second)
	switch {
	case !isBearer(b.AccessToken):
		return grant{}, errors.New("no access_token in it")
	case err != nil || life <= 0 || life > maxLife*time.Second:
		return grant{}, errors.New("no usable expires_on in it")
	}
	return grant{access: b.AccessToken, life: life}, nil
}

func (m managedIdentity) purpose(*state) string {
	return purpose("managed-identity", m.endpoint.Host, m.ClientID, m.config.Scope)
}

func (managedIdentity) check(*state) error { return nil }

func (m managedIdentity) host() string { return m.endpoint.Host }
