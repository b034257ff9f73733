package entra

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// GitHubActions is the token service of a workflow run: a job with the permission "id-token: write"
// gets an assertion from it for each request (GitHub, "OpenID Connect reference").
type GitHubActions struct {
	URL       string            // ACTIONS_ID_TOKEN_REQUEST_URL
	Bearer    string            // ACTIONS_ID_TOKEN_REQUEST_TOKEN
	Audience  string            // empty means api://AzureADTokenExchange
	Transport http.RoundTripper // nil means a direct connection
}

// Format hides the bearer token from every verb.
func (g GitHubActions) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "GitHub Actions") }

// MarshalText hides the bearer token from encoders.
func (g GitHubActions) MarshalText() ([]byte, error) { return []byte("GitHub Actions"), nil }

// Credential is the assertion as a credential of Config. Its error is a *ConfigError.
func (g GitHubActions) Credential() (Credential, error) {
	u, err := url.Parse(g.URL)
	switch {
	case err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil:
		return Credential{}, &ConfigError{"Credential", "ACTIONS_ID_TOKEN_REQUEST_URL is not an https address"}
	case !isBearer(g.Bearer):
		return Credential{}, &ConfigError{"Credential", "ACTIONS_ID_TOKEN_REQUEST_TOKEN is not a token"}
	}
	query := u.Query()
	query.Set("audience", first(g.Audience, "api://AzureADTokenExchange"))
	u.RawQuery = query.Encode()
	if g.Transport == nil {
		g.Transport = NewTransport(Config{})
	}
	return Assertion(func(ctx context.Context) (string, error) { return g.assertion(ctx, u.String()) }), nil
}

func (g GitHubActions) assertion(ctx context.Context, address string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return "", err
	}
	req.Header.Set("Authorization", "Bearer "+g.Bearer)
	req.Header.Set("Accept", "application/json; api-version=2.0")
	a, err := exchangeOnce(g.Transport, req, StepAssertion, []string{g.Bearer}, time.Now)
	if err != nil {
		return "", err
	}
	var b struct{ Value string }
	if json.Unmarshal(a.body, &b) != nil || !isBearer(b.Value) {
		return "", a.unusable("no assertion in it")
	}
	return b.Value, nil
}
