package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"html"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

func TestAuthorize(t *testing.T) {
	s := open(t, Config{})
	for _, tenant := range []string{ContosoTenantID, ContosoDomain, "organizations", "common", "consumers"} {
		shown := get(t, s, authorizeURL(s, tenant, goodAuthorization("login_hint", "GRACE@contoso.example", "client_info", "1", "prompt", "select_account")))
		if !strings.Contains(shown.body, `value="grace@contoso.example" checked required> Grace Hopper`) || !strings.Contains(shown.body, "o365mail for people asks for: https://outlook.office.com/SMTP.Send") {
			t.Errorf("got %d %s", shown.status, shown.body)
		}
		q := decideOn(t, s, shown, "accept", Grace).result(t)
		if q.Get("state") != "st&te" || q.Get("client_info") == "" || !isGUID(q.Get("session_state")) || q.Has("error") {
			t.Errorf("got %v", q)
		}
		r := grantOf(t, post(t, s, tenant, goodCode(q.Get("code"))))
		wantGrantOf(t, s, r, Grace)
		if id, err := parseJWT(r.IDToken); err != nil || id.claims.text("nonce") != "n0nce" {
			t.Errorf("got %v, %v", id, err)
		}
	}
}

func TestAuthorizeByPOST(t *testing.T) {
	s := open(t, Config{})
	shown := postTo(t, s, s.AuthorityURL()+"/oauth2/v2.0/authorize", goodAuthorization())
	if q := decideOn(t, s, shown, "accept", Ada).result(t); q.Get("code") == "" {
		t.Errorf("got %v", q)
	}
	if a := decideOn(t, s, shown, "accept", SharedMailbox); a.status != http.StatusOK || !strings.Contains(a.body, "<legend>Sign in as</legend>") {
		t.Errorf("a shared mailbox signed in: %d %s", a.status, a.body)
	}
}

func TestFormPost(t *testing.T) {
	s := open(t, Config{})
	shown := get(t, s, authorizeURL(s, ContosoTenantID, goodAuthorization("response_mode", "form_post", "state", `"><script>`)))
	back := decideOn(t, s, shown, "accept", Ada)
	action, form := formOf(t, back)
	if back.status != http.StatusOK || action != testRedirect || form.Get("state") != `"><script>` || form.Get("code") == "" {
		t.Errorf("got %d %s %v", back.status, action, form)
	}
	if !strings.Contains(back.body, "<script>"+submitScript+"</script>") || !strings.Contains(back.body, "<noscript><button") {
		t.Errorf("got %s", back.body)
	}
	grantOf(t, post(t, s, ContosoTenantID, goodCode(form.Get("code"))))
}

// TestPolicyOfPages wants the policy to allow exactly the style and the script that are there.
func TestPolicyOfPages(t *testing.T) {
	s := open(t, Config{SignInAs: Ada})
	back := get(t, s, authorizeURL(s, ContosoTenantID, goodAuthorization("response_mode", "form_post")))
	policy := back.header.Get("Content-Security-Policy")
	for _, tag := range []string{"style", "script"} {
		m := regexp.MustCompile(`<` + tag + `>([^<]*)</` + tag + `>`).FindStringSubmatch(back.body)
		if m == nil {
			t.Fatalf("no %s in %s", tag, back.body)
		}
		sum := sha256.Sum256([]byte(m[1]))
		if want := tag + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy, want) {
			t.Errorf("got %s, want %s", policy, want)
		}
	}
	if !strings.Contains(policy, "default-src 'none'") || back.header.Get("Referrer-Policy") != "no-referrer" || back.header.Get("Cache-Control") != "no-store" {
		t.Errorf("got %v", back.header)
	}
}

func TestLinksDecideNothing(t *testing.T) {
	s := open(t, Config{})
	for _, choice := range []string{"accept", "deny"} {
		a := get(t, s, authorizeURL(s, ContosoTenantID, goodAuthorization("choice", choice, "user", Ada)))
		if a.status != http.StatusOK || !strings.Contains(a.body, "<legend>Sign in as</legend>") {
			t.Errorf("%s: got %d %s", choice, a.status, a.body)
		}
	}
}

func TestDeny(t *testing.T) {
	s := open(t, Config{})
	shown := get(t, s, authorizeURL(s, ContosoTenantID, goodAuthorization()))
	q := decideOn(t, s, shown, "deny", "").result(t)
	if q.Get("error") != "access_denied" || q.Get("error_subcode") != "cancel" || q.Get("state") != "st&te" || !strings.HasPrefix(q.Get("error_description"), "AADSTS65004: ") || q.Has("code") {
		t.Errorf("got %v", q)
	}
}

// TestRefusalsGoToTheApplication are those after which the browser is sent back.
func TestRefusalsGoToTheApplication(t *testing.T) {
	s := open(t, Config{})
	for name, c := range map[string]struct {
		changes []string
		oauth   string
		text    string
	}{
		"no type":         {[]string{"response_type", ""}, "invalid_request", "AADSTS900144: The request body must contain the following parameter: 'response_type'."},
		"implicit":        {[]string{"response_type", "id_token"}, "unsupported_response_type", "AADSTS700054: "},
		"mode":            {[]string{"response_mode", "fragment"}, "invalid_request", "AADSTS70007: "},
		"no challenge":    {[]string{"code_challenge", ""}, "invalid_request", "AADSTS900144: The request body must contain the following parameter: 'code_challenge'."},
		"plain":           {[]string{"code_challenge_method", "plain"}, "invalid_request", "AADSTS90100: "},
		"no method":       {[]string{"code_challenge_method", ""}, "invalid_request", "AADSTS90100: "},
		"short challenge": {[]string{"code_challenge", "abc"}, "invalid_request", "AADSTS501491: "},
		"odd challenge":   {[]string{"code_challenge", strings.Repeat("=", 43)}, "invalid_request", "AADSTS501491: "},
		"prompt":          {[]string{"prompt", "please"}, "invalid_request", "AADSTS90023: "},
		"none and more":   {[]string{"prompt", "none login"}, "invalid_request", "AADSTS90023: "},
		"silent":          {[]string{"prompt", "none"}, "login_required", "AADSTS50058: "},
		"claims":          {[]string{"claims", "[]"}, "invalid_request", "AADSTS90013: "},
		"no scope":        {[]string{"scope", ""}, "invalid_request", "AADSTS900144: "},
		"scope":           {[]string{"scope", "https://outlook.office.com/SMTP.SendAs"}, "invalid_client", "AADSTS650053: "},
	} {
		t.Run(name, func(t *testing.T) {
			q := get(t, s, authorizeURL(s, ContosoTenantID, goodAuthorization(c.changes...))).result(t)
			if q.Get("error") != c.oauth || !strings.HasPrefix(q.Get("error_description"), c.text) || q.Get("state") != "st&te" || q.Has("code") {
				t.Errorf("got %v, want %s %s", q, c.oauth, c.text)
			}
		})
	}
}

// TestRefusalsStayOnThePage are those after which it is not sure where the browser would be sent.
func TestRefusalsStayOnThePage(t *testing.T) {
	s := open(t, Config{})
	for name, c := range map[string]struct {
		tenant  string
		changes []string
		text    string
	}{
		"tenant":   {"fabrikam.example", nil, "AADSTS90002: Tenant 'fabrikam.example' not found."},
		"no app":   {ContosoTenantID, []string{"client_id", ""}, "AADSTS900144: "},
		"app":      {ContosoTenantID, []string{"client_id", "<b>x</b>"}, "AADSTS700016: Application with identifier '<b>x</b>'"},
		"no URI":   {ContosoTenantID, []string{"redirect_uri", ""}, "AADSTS900971: "},
		"no URIs":  {ContosoTenantID, []string{"client_id", AppClientID}, "AADSTS500113: "},
		"URI":      {ContosoTenantID, []string{"redirect_uri", "https://evil.example/"}, "AADSTS50011: The redirect URI 'https://evil.example/'"},
		"long URI": {ContosoTenantID, []string{"redirect_uri", testRedirect + "?" + strings.Repeat("x", maxRedirectURI)}, "AADSTS50011: "},
	} {
		t.Run(name, func(t *testing.T) {
			a := get(t, s, authorizeURL(s, c.tenant, goodAuthorization(c.changes...)))
			if a.status != http.StatusBadRequest || a.header.Get("Location") != "" || !strings.Contains(html.UnescapeString(a.body), c.text) || strings.Contains(a.body, "<b>") {
				t.Errorf("got %d %v %s", a.status, a.header, a.body)
			}
		})
	}
	for method, want := range map[string]string{http.MethodDelete: "AADSTS900561", http.MethodPost: "AADSTS90013"} {
		r, err := http.NewRequest(method, s.AuthorityURL()+"/oauth2/v2.0/authorize", strings.NewReader("x="+strings.Repeat("x", maxTokenRequest)))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if a := fetch(t, s, r); a.status != http.StatusBadRequest || !strings.Contains(a.body, want) {
			t.Errorf("%s: got %d %s", method, a.status, a.body)
		}
	}
}

func TestRedirectURIs(t *testing.T) {
	const app = "https://app.contoso.example/back?x=1"
	for _, c := range []struct {
		registered, asked string
		ok                bool
	}{
		{"http://localhost", "http://localhost", true},
		{"http://localhost", "http://localhost:1/", true},
		{"http://localhost/", "http://localhost:65535", true},
		{"http://localhost:8400/cb", "http://localhost:9999/cb", true},
		{"http://127.0.0.1/cb", "http://127.0.0.1:9999/cb", true},
		{app, app, true},
		{"msal00000000://auth", "msal00000000://auth", true},
		{"http://localhost", "http://127.0.0.1:1", false},
		{"http://localhost", "http://[::1]:1", false},
		{"http://localhost", "https://localhost:1", false},
		{"http://localhost", "http://localhost:1/other", false},
		{"http://localhost/cb", "http://localhost/CB", false},
		{"http://localhost", "http://localhost/%2e%2e", false},
		{"http://localhost", "http://localhost?x=1", false},
		{"http://localhost", "http://localhost#x", false},
		{"http://localhost", "http://localhost/#", false},
		{"http://localhost", "http://localhost:1@evil.example", false},
		{"http://localhost", "http://ada@localhost:1", false},
		{"http://localhost", "http://localhost.evil.example", false},
		{"http://localhost", `http://localhost\@evil.example`, false},
		{"http://localhost", "http://localhost:1\r\nX: y", false},
		{"http://localhost", "http:localhost", false},
		{"http://localhost", "//localhost", false},
		{"http://localhost", "javascript:alert(1)", false},
		{app, "https://app.contoso.example:443/back?x=1", false},
		{app, "https://app.contoso.example/back", false},
	} {
		u, e := redirectURI(c.asked, &App{RedirectURIs: []string{"https://first.contoso.example", c.registered}})
		if (e == nil) != c.ok || c.ok && u.String() != c.asked {
			t.Errorf("%s for %q: got %v, %v", c.registered, c.asked, u, e)
		}
	}
}

// TestRedirectKeepsItsQuery is for an application that is registered with one.
func TestRedirectKeepsItsQuery(t *testing.T) {
	tenant := Contoso()
	tenant.Apps[2].RedirectURIs = []string{"http://localhost/cb?keep=1"}
	s := open(t, Config{Tenant: tenant, SignInAs: Ada})
	a := get(t, s, authorizeURL(s, ContosoTenantID, goodAuthorization("redirect_uri", testRedirect+"/cb?keep=1")))
	if q := a.result(t); q.Get("keep") != "1" || q.Get("code") == "" {
		t.Errorf("got %v", q)
	}
}

// TestSignInAs has no page at all, even where none may be shown.
func TestSignInAs(t *testing.T) {
	s := open(t, Config{SignInAs: Ada})
	for _, prompt := range []string{"", "none", "login", "consent"} {
		code := get(t, s, authorizeURL(s, ContosoTenantID, goodAuthorization("prompt", prompt))).result(t).Get("code")
		wantGrantOf(t, s, grantOf(t, post(t, s, ContosoTenantID, goodCode(code))), Ada)
	}
}

// FuzzAuthorize asks for anything. Only the registered address may ever get the browser.
func FuzzAuthorize(f *testing.F) {
	f.Add("", "choice=accept&user="+Ada)
	f.Add("&redirect_uri=https://evil.example", "choice=deny")
	f.Add("&response_mode=form_post&state=%0d%0a", "&claims=%7b")
	s, err := begin(f.Context(), Config{Dir: f.TempDir()})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { s.Close() })
	handler := s.endpoints()
	f.Fuzz(func(t *testing.T, first, second string) {
		base := goodAuthorization()
		for _, text := range []string{first, second} {
			changes, _ := url.ParseQuery(text)
			maps.Copy(base, changes)
		}
		w := recorded(handler, "/organizations/oauth2/v2.0/authorize", base)
		to := w.Header().Get("Location")
		if u, err := url.Parse(to); err != nil || to != "" && u.Hostname() != "localhost" || strings.ContainsAny(to, "\r\n") {
			t.Errorf("sent to %q", to)
		}
		if w.Code != http.StatusOK && w.Code != http.StatusFound && w.Code != http.StatusBadRequest {
			t.Errorf("got %d", w.Code)
		}
	})
}
