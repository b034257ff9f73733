package entra

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// numbered answers with access tokens token-1, token-2, ... of the given life in seconds.
func numbered(life int) func(http.ResponseWriter, url.Values) {
	n := 0
	return func(w http.ResponseWriter, _ url.Values) {
		n++
		writeJSON(w, 200, fmt.Sprintf(`{"token_type":"Bearer","expires_in":%d,"ext_expires_in":%d,"access_token":"token-%d"}`, life, life, n))
	}
}

func reveal(t *testing.T, get func(context.Context) (Token, error)) string {
	t.Helper()
	token, err := get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return token.Reveal()
}

func TestSecretCostsOneRequest(t *testing.T) {
	i := newIssuer(t, numbered(3600))
	s := source(t, i.config(secretCredential(t)))
	before := time.Now()
	token, err := s.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if token.Reveal() != "token-1" || token.ExpiresOn.Sub(before).Round(time.Minute) != time.Hour {
		t.Errorf("got %q until %v", token.Reveal(), token.ExpiresOn)
	}
	if got := i.requests(t); got != 1 {
		t.Errorf("got %d requests, want 1", got)
	}
	want := map[string]string{"grant_type": "client_credentials", "client_id": testClient, "client_secret": testSecret}
	for field, v := range want {
		if got := i.last().Get(field); got != v {
			t.Errorf("%s: got %q, want %q", field, got, v)
		}
	}
	if scope := i.last().Get("scope"); !strings.Contains(scope, testScope) {
		t.Errorf("scope: got %q, want it to hold %q", scope, testScope)
	}
}

func TestTokenIsKeptAndFreshIsNot(t *testing.T) {
	i := newIssuer(t, numbered(3600))
	s := source(t, i.config(secretCredential(t)))
	got := []string{reveal(t, s.Token), reveal(t, s.Token), reveal(t, s.Fresh), reveal(t, s.Token)}
	if want := []string{"token-1", "token-1", "token-2", "token-2"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if n := i.requests(t); n != 2 {
		t.Errorf("got %d requests, want 2", n)
	}
}

func TestShortTokensAreNotServedAgain(t *testing.T) {
	for _, c := range []struct {
		life     int
		minLife  time.Duration
		requests int
	}{
		{299, 0, 2},                 // MSAL's own bound
		{590, 0, 1},                 // beyond it
		{590, 600 * time.Second, 2}, // High Volume Email
		{900, 600 * time.Second, 1},
	} {
		i := newIssuer(t, numbered(c.life))
		config := i.config(secretCredential(t))
		config.MinLife = c.minLife
		s := source(t, config)
		reveal(t, s.Token)
		reveal(t, s.Token)
		if n := i.requests(t); n != c.requests {
			t.Errorf("life %d, at least %v: got %d requests, want %d", c.life, c.minLife, n, c.requests)
		}
	}
}

func TestFailedRenewalKeepsTheToken(t *testing.T) {
	n := 0
	i := newIssuer(t, func(w http.ResponseWriter, _ url.Values) {
		if n++; n == 2 {
			writeJSON(w, 503, `{"error":"temporarily_unavailable"}`)
			return
		}
		writeJSON(w, 200, fmt.Sprintf(`{"expires_in":3600,"access_token":"token-%d"}`, n))
	})
	s := source(t, i.config(secretCredential(t)))
	reveal(t, s.Token)
	if _, err := s.Fresh(t.Context()); err == nil {
		t.Fatal("got no error from the second request")
	}
	if got := reveal(t, s.Token); got != "token-1" {
		t.Errorf("got %q, want token-1", got)
	}
}

func TestConcurrentCallersShareOneRequest(t *testing.T) {
	i := newIssuer(t, numbered(3600))
	s := source(t, i.config(secretCredential(t)))
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if token, err := s.Token(t.Context()); err != nil || token.Reveal() != "token-1" {
				t.Errorf("got %v", err)
			}
		})
	}
	all.Wait()
	if n := i.requests(t); n != 1 {
		t.Errorf("got %d requests, want 1", n)
	}
}

func TestAnswersOfOtherIssuers(t *testing.T) {
	for name, body := range map[string]string{
		"numbers as text": `{"token_type":"bearer","expires_in":"3600","access_token":"token-1"}`,
		"another scope":   `{"expires_in":3600,"access_token":"token-1","scope":"email profile"}`,
		"no token_type":   `{"expires_in":3600,"access_token":"token-1"}`,
		"further members": `{"expires_in":3600,"access_token":"token-1","refresh_token":"r","id_token":"not a JWT","client_info":"!"}`,
	} {
		i := newIssuer(t, func(w http.ResponseWriter, _ url.Values) { writeJSON(w, 200, body) })
		s := source(t, i.config(secretCredential(t)))
		token, err := s.Token(t.Context())
		if err != nil || token.Reveal() != "token-1" {
			t.Errorf("%s: got %v", name, err)
		}
		kept, err := s.Token(t.Context())
		if err != nil || strings.Join(kept.Scopes, " ") != strings.Join(token.Scopes, " ") {
			t.Errorf("%s: got scopes %v, want %v", name, kept.Scopes, token.Scopes)
		}
		if name == "another scope" && strings.Join(token.Scopes, " ") != "email profile" {
			t.Errorf("got scopes %v, want those of the issuer", token.Scopes)
		}
	}
}

// The assertion is verified here as Entra does: PS256 over the certificate's key, for this endpoint.
func TestCertificateAssertion(t *testing.T) {
	i := newIssuer(t, numbered(3600))
	own := currentIdentity(t)
	c, err := Certificate(append(own.certificatePEM(), own.keyPEM(t)...), "")
	if err != nil {
		t.Fatal(err)
	}
	reveal(t, source(t, i.config(c)).Token)
	form := i.last()
	if got := form.Get("client_assertion_type"); got != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
		t.Errorf("got assertion type %q", got)
	}
	parts := strings.Split(form.Get("client_assertion"), ".")
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err := rsa.VerifyPSS(&own.key.PublicKey, crypto.SHA256, digest[:], signature, nil); err != nil {
		t.Errorf("signature: %v", err)
	}
	var claims struct{ Aud, Iss, Sub string }
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil || json.Unmarshal(payload, &claims) != nil {
		t.Fatalf("payload %q: %v", payload, err)
	}
	if claims.Aud != i.URL+"/"+testTenant+"/oauth2/v2.0/token" || claims.Iss != testClient || claims.Sub != testClient {
		t.Errorf("got claims %+v", claims)
	}
	if form.Get("client_secret") != "" {
		t.Error("a secret went with the certificate")
	}
}

// The platform rewrites the file: each request reads it anew.
func TestAssertionFileIsReadForEachRequest(t *testing.T) {
	i := newIssuer(t, numbered(3600))
	path := filepath.Join(t.TempDir(), "token")
	s := source(t, i.config(AssertionFile(path)))
	for _, text := range []string{"first.assertion.jwt\n", "second.assertion.jwt"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		reveal(t, s.Fresh)
		if got := i.last().Get("client_assertion"); got != strings.TrimSpace(text) {
			t.Errorf("got assertion %q, want %q", got, text)
		}
	}
}

func TestAssertionFailures(t *testing.T) {
	i := newIssuer(t, numbered(3600))
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, []byte(" \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	large := filepath.Join(t.TempDir(), "large")
	if err := os.WriteFile(large, []byte(strings.Repeat("a", maxToken+1)), 0o600); err != nil {
		t.Fatal(err)
	}
	ours := errors.New("the metadata service is away")
	for name, c := range map[string]Credential{
		"no file":  AssertionFile(filepath.Join(t.TempDir(), "absent")),
		"empty":    AssertionFile(empty),
		"large":    AssertionFile(large),
		"callback": Assertion(func(context.Context) (string, error) { return "", ours }),
		"lines":    Assertion(func(context.Context) (string, error) { return "a\r\nb", nil }),
	} {
		_, err := source(t, i.config(c)).Token(t.Context())
		if _, ok := errors.AsType[*AssertionError](err); !ok {
			t.Errorf("%s: got %v, want an assertion error", name, err)
		}
		if name == "callback" && (!errors.Is(err, ours) || err.Error() != "federated assertion: "+ours.Error()) {
			t.Errorf("got %v, want it to wrap %v", err, ours)
		}
		if name == "no file" && !errors.Is(err, os.ErrNotExist) {
			t.Errorf("got %v, want it to wrap %v", err, os.ErrNotExist)
		}
	}
	if n := i.requests(t); n != 0 {
		t.Errorf("got %d requests without an assertion, want none", n)
	}
}

func TestRegionOfTheEnvironmentIsIgnored(t *testing.T) {
	t.Setenv("MSAL_FORCE_REGION", "westeurope")
	i := newIssuer(t, numbered(3600))
	reveal(t, source(t, i.config(secretCredential(t))).Token)
	if n := i.requests(t); n != 1 {
		t.Errorf("got %d requests, want 1", n)
	}
}

func TestConfigIsChecked(t *testing.T) {
	good := Config{Authority: "https://login.example", Tenant: testTenant, ClientID: testClient, Scope: testScope, Credential: secretCredential(t)}
	for _, c := range []struct {
		field string
		spoil func(*Config)
	}{
		{"Authority", func(c *Config) { c.Authority = "http://login.example" }},
		{"Authority", func(c *Config) { c.Authority = "https://u:p@login.example" }},
		{"Authority", func(c *Config) { c.Authority = "https://login.example?x=y" }},
		{"Authority", func(c *Config) { c.Authority = "" }},
		{"Tenant", func(c *Config) { c.Tenant = "" }},
		{"Tenant", func(c *Config) { c.Tenant = "common" }},
		{"Tenant", func(c *Config) { c.Tenant = "ADFS" }},
		{"Tenant", func(c *Config) { c.Tenant = "a/b" }},
		{"Tenant", func(c *Config) { c.Authority = "https://login.example/other.example" }},
		{"Tenant", func(c *Config) { c.Authority, c.Tenant = "https://login.example/a/b", "" }},
		{"ClientID", func(c *Config) { c.ClientID = "" }},
		{"ClientID", func(c *Config) { c.ClientID = "a b" }},
		{"Scope", func(c *Config) { c.Scope = "a\r\nb" }},
		{"Credential", func(c *Config) { c.Credential = Credential{} }},
	} {
		config := good
		c.spoil(&config)
		_, err := NewSource(config)
		var invalid *ConfigError
		if !errors.As(err, &invalid) || invalid.Field != c.field {
			t.Errorf("got %v, want %s refused", err, c.field)
		}
		if err != nil && strings.Contains(err.Error(), "u:p") {
			t.Errorf("the user information is in %q", err)
		}
	}
	for _, authority := range []string{"https://login.example", "https://login.example/", "https://LOGIN.example:8443/" + testTenant} {
		config := good
		config.Authority = authority
		if _, err := NewSource(config); err != nil {
			t.Errorf("%s: %v", authority, err)
		}
	}
}
