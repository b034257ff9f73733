package sandbox

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestWrongCodes(t *testing.T) {
	s := open(t, Config{})
	code := newCode(t, s)
	for name, c := range map[string]struct {
		changes []string
		status  int
		number  int
		oauth   string
	}{
		"unknown":         {[]string{"code", "x" + code}, 400, 70000, "invalid_grant"},
		"no code":         {[]string{"code", ""}, 400, 900144, "invalid_request"},
		"no URI":          {[]string{"redirect_uri", ""}, 400, 900144, "invalid_request"},
		"other URI":       {[]string{"redirect_uri", "http://localhost:49153"}, 401, 500112, "invalid_client"},
		"no verifier":     {[]string{"code_verifier", ""}, 400, 900144, "invalid_request"},
		"other verifier":  {[]string{"code_verifier", strings.Repeat("x", 43)}, 400, 501481, "invalid_grant"},
		"the challenge":   {[]string{"code_verifier", testChallenge()}, 400, 501481, "invalid_grant"},
		"long verifier":   {[]string{"code_verifier", strings.Repeat("x", 129)}, 400, 501481, "invalid_grant"},
		"more":            {[]string{"scope", "https://outlook.office.com/IMAP.AccessAsUser.All"}, 400, 28002, "invalid_scope"},
		"other resource":  {[]string{"scope", "https://outlook.office365.com/SMTP.Send"}, 400, 28002, "invalid_scope"},
		"no such scope":   {[]string{"scope", "https://outlook.office.com/SMTP.SendAs"}, 401, 650053, "invalid_client"},
		"no app":          {[]string{"client_id", ""}, 400, 900144, "invalid_request"},
		"code of another": {[]string{"client_id", AppClientID, "client_secret", AppSecret}, 400, 70000, "invalid_grant"},
		"secret":          {[]string{"client_secret", AppSecret}, 400, 700025, "invalid_request"},
	} {
		t.Run(name, func(t *testing.T) {
			wantRefusal(t, post(t, s, ContosoTenantID, goodCode(code, c.changes...)), c.status, c.number, c.oauth, "")
		})
	}
	grantOf(t, post(t, s, ContosoTenantID, goodCode(code))) // none of them spent it
	wantRefusal(t, post(t, s, ContosoTenantID, goodCode(code)), 400, 54005, "invalid_grant", "OAuth2 Authorization code was already redeemed")
}

// TestScopeOfTheTokenRequest decides about the id_token and the refresh token, too.
func TestScopeOfTheTokenRequest(t *testing.T) {
	s := open(t, Config{SignInAs: Ada})
	const bare = "https://outlook.office.com/SMTP.Send"
	code := func() string { return newCodeAtOnce(t, s, "scope", bare) }
	if r := grantOf(t, post(t, s, ContosoTenantID, goodCode(code()))); r.Scope != bare || r.IDToken != "" || r.RefreshToken != "" {
		t.Errorf("got %+v", r)
	}
	wantGrantOf(t, s, grantOf(t, post(t, s, ContosoTenantID, goodCode(code(), "scope", testScope))), Ada)
	if r := grantOf(t, post(t, s, ContosoTenantID, goodCode(code(), "scope", "openid"))); r.IDToken == "" || r.AccessToken == "" {
		t.Errorf("got %+v", r)
	}
}

func newCodeAtOnce(t *testing.T, s *Sandbox, changes ...string) string {
	t.Helper()
	return get(t, s, authorizeURL(s, ContosoTenantID, goodAuthorization(changes...))).result(t).Get("code")
}

func TestCodeExpires(t *testing.T) {
	clock := newTestClock()
	s := open(t, Config{Clock: clock.time})
	early, late := newCode(t, s), newCode(t, s)
	clock.advance(10*time.Minute - time.Nanosecond)
	grantOf(t, post(t, s, ContosoTenantID, goodCode(early)))
	clock.advance(time.Nanosecond)
	wantRefusal(t, post(t, s, ContosoTenantID, goodCode(late)), 400, 70008, "invalid_grant", "The provided authorization code or refresh token has expired")
}

// TestCodeWorksOnce redeems one code many times at once.
func TestCodeWorksOnce(t *testing.T) {
	s := open(t, Config{})
	code, target := newCode(t, s), "/"+ContosoTenantID+"/oauth2/v2.0/token"
	if n := successes(s, target, goodCode(code)); n != 1 {
		t.Errorf("it worked %d times", n)
	}
}

// successes posts a form 20 times at once and counts what was granted.
func successes(s *Sandbox, target string, form url.Values) int64 {
	var granted atomic.Int64
	var all sync.WaitGroup
	handler := s.endpoints()
	for range 20 {
		all.Go(func() {
			if recorded(handler, target, form).Code == http.StatusOK {
				granted.Add(1)
			}
		})
	}
	all.Wait()
	return granted.Load()
}

// TestConfidentialWebApp redeems a code without PKCE and with a secret.
func TestConfidentialWebApp(t *testing.T) {
	tenant := Contoso()
	tenant.Apps[0].RedirectURIs = []string{testRedirect}
	s := open(t, Config{Tenant: tenant, SignInAs: Ada})
	changes := []string{"client_id", AppClientID, "code_challenge", "", "code_challenge_method", ""}
	code := get(t, s, authorizeURL(s, ContosoTenantID, goodAuthorization(changes...))).result(t).Get("code")
	wantRefusal(t, post(t, s, ContosoTenantID, goodCode(code, "client_id", AppClientID)), 401, 7000218, "invalid_client", "")
	wantRefusal(t, post(t, s, ContosoTenantID, goodCode(code, "client_id", AppClientID, "client_secret", "x")), 401, 7000215, "invalid_client", "")
	r := grantOf(t, post(t, s, ContosoTenantID, goodCode(code, "client_id", AppClientID, "client_secret", AppSecret, "code_verifier", "")))
	if token, err := parseJWT(r.AccessToken); err != nil || token.claims.text("appidacr") != bySecret {
		t.Errorf("got %v, %v", token, err)
	}
}
