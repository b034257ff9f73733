package sandbox_test

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	mi "github.com/AzureAD/microsoft-authentication-library-for-go/apps/managedidentity"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"

	"github.com/o365mail/o365mail/pkg/sandbox"
)

// Microsoft's own library is the peer here: what it takes, o365mail gets from Entra, too.

var sendMail = []string{"https://outlook.office.com/SMTP.Send"}

func startFor(t *testing.T, config sandbox.Config) (*sandbox.Sandbox, *http.Client) {
	t.Helper()
	config.Dir = t.TempDir()
	s, err := sandbox.Start(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	pem, err := os.ReadFile(s.CAFile())
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
	t.Cleanup(transport.CloseIdleConnections)
	return s, &http.Client{Transport: transport, Timeout: time.Minute}
}

func publicClient(t *testing.T, s *sandbox.Sandbox, tenant string, client *http.Client) public.Client {
	t.Helper()
	c, err := public.New(sandbox.PublicClientID, public.WithHTTPClient(client), public.WithInstanceDiscovery(false),
		public.WithAuthority(strings.Replace(s.AuthorityURL(), sandbox.ContosoTenantID, tenant, 1)))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func wantAccount(t *testing.T, got public.AuthResult, upn string) {
	t.Helper()
	if got.Account.PreferredUsername != upn || got.Account.Realm == "" || !strings.HasSuffix(got.Account.HomeAccountID, "."+sandbox.ContosoTenantID) {
		t.Errorf("got account %+v", got.Account)
	}
	if got.IDToken.TenantID != sandbox.ContosoTenantID || got.AccessToken == "" || len(got.DeclinedScopes) > 0 {
		t.Errorf("got %+v, declined %v", got.IDToken, got.DeclinedScopes)
	}
}

func TestMSALDeviceCode(t *testing.T) {
	s, client := startFor(t, sandbox.Config{PollInterval: time.Nanosecond})
	c := publicClient(t, s, "organizations", client)
	code, err := c.AcquireTokenByDeviceCode(t.Context(), sendMail)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.ApproveDevice(code.Result.UserCode, sandbox.Ada); err != nil {
		t.Fatal(err)
	}
	got, err := code.AuthenticationResult(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wantAccount(t, got, sandbox.Ada)
}

// TestMSALBrowser renews, too: the token is too short for MSAL to be kept.
func TestMSALBrowser(t *testing.T) {
	s, client := startFor(t, sandbox.Config{SignInAs: sandbox.Grace, TokenLife: 4 * time.Minute, Faults: []string{"entra.single-use"}})
	c := publicClient(t, s, sandbox.ContosoTenantID, client)
	const redirect, verifier = "http://localhost:49152", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	sum := sha256.Sum256([]byte(verifier))
	address, err := c.AuthCodeURL(t.Context(), sandbox.PublicClientID, redirect, sendMail)
	if err != nil {
		t.Fatal(err)
	}
	address += "&" + url.Values{"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"}}.Encode()
	got, err := c.AcquireTokenByAuthCode(t.Context(), signIn(t, client, address), redirect, sendMail, public.WithChallenge(verifier))
	if err != nil {
		t.Fatal(err)
	}
	wantAccount(t, got, sandbox.Grace)
	for range 3 {
		again, err := c.AcquireTokenSilent(t.Context(), sendMail, public.WithSilentAccount(got.Account))
		if err != nil {
			t.Fatal(err)
		}
		wantAccount(t, again, sandbox.Grace)
		if again.AccessToken == got.AccessToken {
			t.Error("the token was not renewed")
		}
	}
}

// signIn goes where a browser would, as far as the redirect, for the code.
func signIn(t *testing.T, client *http.Client, address string) string {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	to, err := resp.Location()
	if err != nil {
		t.Fatalf("%s: %v", resp.Status, err)
	}
	return to.Query().Get("code")
}

func TestMSALAppService(t *testing.T) {
	s, client := startFor(t, sandbox.Config{})
	for name, value := range s.AppServiceSettings() {
		t.Setenv(name, value)
	}
	wantIdentity(t, client)
}

// imdsRoute brings the fixed address of the metadata service to the sandbox.
type imdsRoute struct{ to string }

func (i imdsRoute) RoundTrip(r *http.Request) (*http.Response, error) {
	to, err := url.Parse(i.to + "?" + r.URL.RawQuery)
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.URL, r.Host = to, to.Host
	return http.DefaultTransport.RoundTrip(r)
}

func TestMSALIMDS(t *testing.T) {
	s, _ := startFor(t, sandbox.Config{})
	wantIdentity(t, &http.Client{Transport: imdsRoute{s.IMDSURL()}})
}

func wantIdentity(t *testing.T, client *http.Client) {
	t.Helper()
	c, err := mi.New(mi.UserAssignedClientID(sandbox.IdentityClientID), mi.WithHTTPClient(client))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	got, err := c.AcquireToken(ctx, "https://outlook.office365.com")
	if err != nil || got.AccessToken == "" || time.Until(got.ExpiresOn) < 50*time.Minute {
		t.Errorf("got %+v, %v", got, err)
	}
}
