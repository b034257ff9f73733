package entra_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/sandbox"
)

// memory is a cache that ends with the test.
type memory struct {
	mu   sync.Mutex
	turn sync.Mutex
	data []byte
}

func (m *memory) Load(context.Context) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.data, nil
}

func (m *memory) Save(_ context.Context, data []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.data = data
	return nil
}

func (m *memory) Lock(context.Context) (func(), error) {
	m.turn.Lock()
	return m.turn.Unlock, nil
}

func caOf(t *testing.T, s *sandbox.Sandbox) *x509.CertPool {
	t.Helper()
	ca, err := os.ReadFile(s.CAFile())
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(ca) {
		t.Fatal("no certificate in the CA file")
	}
	return roots
}

func startPeople(t *testing.T, c sandbox.Config) (*sandbox.Sandbox, entra.Config) {
	t.Helper()
	c.Dir = t.TempDir()
	s, err := sandbox.Start(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, entra.Config{
		Authority: strings.TrimSuffix(s.AuthorityURL(), sandbox.ContosoTenantID) + "organizations", ClientID: sandbox.PublicClientID,
		Scope: "https://outlook.office.com/SMTP.Send", Credential: entra.SignedIn(), Cache: &memory{}, RootCAs: caOf(t, s),
	}
}

func newLogin(t *testing.T, c entra.Config) *entra.Login {
	t.Helper()
	l, err := entra.NewLogin(c)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// visitor is a browser without scripts that knows the sandbox's CA and follows no redirect.
func visitor(c entra.Config) *http.Client {
	return &http.Client{
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{RootCAs: c.RootCAs}, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// checkAda proves that Ada's token is good, and that her refresh token brings another one.
func checkAda(t *testing.T, c entra.Config, got entra.SignIn, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
		return
	}
	claims, err := got.Token.Claims()
	if err != nil || claims.User != sandbox.Ada || !slices.Contains(claims.Scopes, "SMTP.Send") || got.Account.TenantID != sandbox.ContosoTenantID || got.Account.Username != sandbox.Ada {
		t.Errorf("got %+v of %+v, %v", claims, got.Account, err)
	}
	source, err := entra.NewSource(c)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := source.Token(t.Context())
	if err != nil || kept.Reveal() != got.Token.Reveal() {
		t.Errorf("got another token than that of the sign-in, %v", err)
	}
	for range 2 {
		fresh, err := source.Fresh(t.Context())
		if err != nil || fresh.Reveal() == kept.Reveal() {
			t.Errorf("got no fresh token: %v", err)
		}
	}
}

func TestSandboxDeviceCode(t *testing.T) {
	_, c := startPeople(t, sandbox.Config{SignInAs: sandbox.Ada, PollInterval: time.Second, Faults: []string{"entra.single-use"}})
	got, err := newLogin(t, c).DeviceCode(t.Context(), func(entra.DeviceCode) error { return nil })
	checkAda(t, c, got, err)
}

func TestSandboxDeviceCodeIsDeclined(t *testing.T) {
	s, c := startPeople(t, sandbox.Config{PollInterval: time.Second})
	_, err := newLogin(t, c).DeviceCode(t.Context(), func(code entra.DeviceCode) error { return s.DeclineDevice(code.UserCode) })
	if e, ok := errors.AsType[*entra.Error](err); !ok || e.Code != "authorization_declined" && e.Code != "access_denied" {
		t.Errorf("got %v", err)
	}
}

// locationOf is a person who copies the address at which the browser ended.
func locationOf(c entra.Config) func(context.Context, string, error) (string, error) {
	return func(_ context.Context, address string, again error) (string, error) {
		if again != nil {
			return "", again
		}
		resp, err := visitor(c).Get(address)
		if err != nil {
			return "", err
		}
		defer resp.Body.Close()
		return resp.Header.Get("Location"), nil
	}
}

func TestSandboxPaste(t *testing.T) {
	_, c := startPeople(t, sandbox.Config{SignInAs: sandbox.Ada})
	got, err := newLogin(t, c).Paste(t.Context(), locationOf(c))
	checkAda(t, c, got, err)
}

func TestSandboxBrowser(t *testing.T) {
	_, c := startPeople(t, sandbox.Config{SignInAs: sandbox.Ada})
	got, err := newLogin(t, c).Browser(t.Context(), func(_ context.Context, address string) error {
		resp, err := visitor(c).Get(address)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		page, err := io.ReadAll(resp.Body)
		if err != nil {
			return err
		}
		form := url.Values{}
		for _, field := range regexp.MustCompile(`name="([^"]*)" value="([^"]*)"`).FindAllStringSubmatch(string(page), -1) {
			form.Set(html.UnescapeString(field[1]), html.UnescapeString(field[2]))
		}
		u, err := url.Parse(address)
		if err != nil {
			return err
		}
		end, err := visitor(c).PostForm(u.Query().Get("redirect_uri"), form)
		if err != nil {
			return err
		}
		return end.Body.Close()
	})
	checkAda(t, c, got, err)
}

// Each refusal of a renewal arrives typed and leaves the sign-in as it was. The sign-in is that of
// another sandbox, moved over: this one plays a fault whenever it is asked.
func TestSandboxRenewalFaults(t *testing.T) {
	from, c := startPeople(t, sandbox.Config{SignInAs: sandbox.Ada})
	if _, err := newLogin(t, c).Paste(t.Context(), locationOf(c)); err != nil {
		t.Fatal(err)
	}
	kept := c.Cache.(*memory).data
	once, codes := numberedFaults(t, "refresh_token")
	to, c := startPeople(t, sandbox.Config{Faults: once})
	token, err := to.RefreshToken(sandbox.Ada)
	if err != nil {
		t.Fatal(err)
	}
	host := func(s *sandbox.Sandbox) []byte {
		return []byte(strings.Split(s.AuthorityURL(), "/")[2])
	}
	kept = bytes.ReplaceAll(regexp.MustCompile(`1\.AX0A[\w.-]+`).ReplaceAll(kept, []byte(token)), host(from), host(to))
	for _, code := range codes {
		c.Cache = &memory{data: kept}
		source, err := entra.NewSource(c)
		if err != nil {
			t.Fatal(err)
		}
		_, err = source.Fresh(t.Context())
		checkCode(t, err, code)
		if refusal, ok := errors.AsType[*entra.Error](err); ok && refusal.RetryAfter == 0 && !bytes.Equal(c.Cache.(*memory).data, kept) {
			t.Errorf("%s: the sign-in was changed", code)
		}
	}
	source, err := entra.NewSource(c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := source.Fresh(t.Context()); err != nil {
		t.Errorf("after the faults: %v", err)
	}
}

func TestSandboxWorkloads(t *testing.T) {
	s, people := startPeople(t, sandbox.Config{})
	for name, env := range map[string]map[string]string{"App Service": s.AppServiceSettings(), "IMDS": s.IMDSSettings()} {
		source, err := entra.NewSource(entra.Config{
			Scope:      s.Settings()["O365MAIL_SCOPE"],
			Credential: entra.ManagedIdentity{Getenv: func(name string) string { return env[name] }}.Credential(),
		})
		if err != nil {
			t.Fatal(err)
		}
		token, err := source.Token(t.Context())
		if claims, claimsErr := token.Claims(); err != nil || claimsErr != nil || claims.AppID != sandbox.IdentityClientID {
			t.Errorf("%s: got %+v, %v", name, claims, err)
		}
	}
	env := s.ActionsSettings()
	actions, err := entra.GitHubActions{
		URL: env["ACTIONS_ID_TOKEN_REQUEST_URL"], Bearer: env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"],
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: people.RootCAs}, DisableKeepAlives: true},
	}.Credential()
	if err != nil {
		t.Fatal(err)
	}
	token, err := askSandbox(t, s, actions)
	if claims, claimsErr := token.Claims(); err != nil || claimsErr != nil || claims.AppID != sandbox.AppClientID {
		t.Errorf("GitHub Actions: got %+v, %v", claims, err)
	}
}
