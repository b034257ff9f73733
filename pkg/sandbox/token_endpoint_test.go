package sandbox

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// browser is an HTTP client that trusts the sandbox.
func browser(t *testing.T, s *Sandbox) *http.Client {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots(t, s)}}
	t.Cleanup(transport.CloseIdleConnections)
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &http.Client{Transport: transport, Timeout: patience, CheckRedirect: stay}
}

type answer struct {
	status int
	header http.Header
	body   string
}

func fetch(t *testing.T, s *Sandbox, r *http.Request) answer {
	t.Helper()
	resp, err := browser(t, s).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(body)}
}

func (a answer) decode(t *testing.T, into any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(a.body))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatalf("%s: %v", a.body, err)
	}
}

func post(t *testing.T, s *Sandbox, tenant string, form url.Values) answer {
	t.Helper()
	return fetch(t, s, request(t, s, tenant, form))
}

func request(t *testing.T, s *Sandbox, tenant string, form url.Values) *http.Request {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, s.origin()+"/"+tenant+"/oauth2/v2.0/token", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// form is a good request with some fields changed; an empty value takes the field out.
func form(changes ...string) url.Values {
	f := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {AppClientID}, "client_secret": {AppSecret},
		"scope": {"https://outlook.office365.com/.default"},
	}
	for i := 0; i < len(changes); i += 2 {
		if f.Set(changes[i], changes[i+1]); changes[i+1] == "" {
			f.Del(changes[i])
		}
	}
	return f
}

func tokenOf(t *testing.T, a answer) *jwt {
	t.Helper()
	if a.status != http.StatusOK {
		t.Fatalf("got %d: %s", a.status, a.body)
	}
	var r tokenResponse
	a.decode(t, &r)
	if r.TokenType != "Bearer" || r.ExpiresIn != 3599 || r.ExtExpiresIn != 3599 {
		t.Errorf("got %s, %d, %d", r.TokenType, r.ExpiresIn, r.ExtExpiresIn)
	}
	token, err := parseJWT(r.AccessToken)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestTokenOfAnApplication(t *testing.T) {
	now := time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC)
	s := open(t, Config{Clock: func() time.Time { return now }})
	a := post(t, s, ContosoTenantID, form())
	token := tokenOf(t, a)
	if n := len(a.body); n < 1600 || n > 2400 {
		t.Errorf("the response has %d octets", n)
	}
	for name, want := range map[string]any{
		"aud": "https://outlook.office365.com", "iss": "https://sts.windows.net/" + ContosoTenantID + "/",
		"tid": ContosoTenantID, "appid": AppClientID, "appidacr": "1", "idtyp": "app", "ver": "1.0",
		"oid": appObjectID, "sub": appObjectID, "roles": []any{"SMTP.SendAsApp"},
		"nbf": float64(now.Add(-5 * time.Minute).Unix()), "iat": float64(now.Add(-5 * time.Minute).Unix()),
		"exp": float64(now.Add(time.Hour).Unix()),
	} {
		if got := token.claims[name]; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
	for _, name := range []string{"aio", "rh", "uti", "xms_ftd", "xms_tnt_fct"} {
		if token.claims.text(name) == "" {
			t.Errorf("no %s", name)
		}
	}
	if token.header.text("alg") != "RS256" || token.header.text("typ") != "JWT" || a.header.Get("Cache-Control") == "" {
		t.Errorf("header %v, %v", token.header, a.header)
	}
	if token.claims["scp"] != nil {
		t.Error("an application has no scp")
	}
}

func TestTokenRequests(t *testing.T) {
	s := open(t, Config{})
	basic := request(t, s, ContosoTenantID, form("client_id", "", "client_secret", ""))
	basic.SetBasicAuth(AppClientID, url.QueryEscape(AppSecret))
	if got := tokenOf(t, fetch(t, s, basic)).claims.text("appidacr"); got != bySecret {
		t.Errorf("basic: appidacr %s", got)
	}
	for _, tenant := range []string{ContosoDomain, "Contoso.EXAMPLE", strings.ToUpper(ContosoTenantID)} {
		tokenOf(t, post(t, s, tenant, form()))
	}
	for scope, audience := range map[string]string{
		"https://outlook.office.com/.default":                                   "https://outlook.office.com",
		"openid offline_access profile https://outlook.office365.com/.default":  "https://outlook.office365.com",
		"https://graph.microsoft.com/.default":                                  "https://graph.microsoft.com",
		"00000002-0000-0ff1-ce00-000000000000/.default":                         idExchange,
		"https://outlook.office365.com/.default openid profile offline_access ": "https://outlook.office365.com",
	} {
		token := tokenOf(t, post(t, s, ContosoTenantID, form("scope", scope)))
		if got := token.claims.text("aud"); got != audience {
			t.Errorf("%s: aud %s", scope, got)
		}
		if hasRoles := token.claims["roles"] != nil; hasRoles != forExchange(audience) {
			t.Errorf("%s: roles %v", scope, hasRoles)
		}
	}
	scoped := tokenOf(t, post(t, s, ContosoTenantID, form("client_id", ScopedAppClientID, "client_secret", ScopedAppSecret)))
	if scoped.claims["roles"] != nil {
		t.Error("RBAC for Applications: the token has roles")
	}
}

// wantRefusal compares an error in Entra's form.
func wantRefusal(t *testing.T, a answer, status, code int, oauth, text string) {
	t.Helper()
	var e errorDocument
	a.decode(t, &e)
	if a.status != status || len(e.Codes) != 1 || e.Codes[0] != code || e.Error != oauth {
		t.Errorf("got %d %v %s, want %d %d %s", a.status, e.Codes, e.Error, status, code, oauth)
	}
	want := fmt.Sprintf("AADSTS%d: %s", code, text)
	end := fmt.Sprintf(" Trace ID: %s Correlation ID: %s Timestamp: %s", e.TraceID, e.CorrelationID, e.Timestamp)
	if !strings.HasPrefix(e.Description, want) || !strings.HasSuffix(e.Description, end) || !isGUID(e.TraceID) || !isGUID(e.CorrelationID) {
		t.Errorf("got %q, want %q", e.Description, want)
	}
	if e.URI != fmt.Sprintf("https://login.microsoftonline.com/error?code=%d", code) || a.header.Get("x-ms-request-id") != e.TraceID {
		t.Errorf("got %+v", e)
	}
}

func TestRefusals(t *testing.T) {
	s := open(t, Config{})
	for _, c := range []struct {
		tenant  string // empty: Contoso
		changes []string
		status  int
		code    int
		oauth   string
		text    string
	}{
		{"", []string{"grant_type", ""}, 400, 900144, "invalid_request", "The request body must contain the following parameter: 'grant_type'."},
		{"", []string{"grant_type", "password"}, 400, 70003, "unsupported_grant_type", ""},
		{"", []string{"client_id", ""}, 400, 900144, "invalid_request", "The request body must contain the following parameter: 'client_id'."},
		{"", []string{"client_id", "c0a70500-0000-4000-8000-00000000ffff"}, 400, 700016, "unauthorized_client", "Application with identifier 'c0a70500-0000-4000-8000-00000000ffff' was not found in the directory 'Contoso'."},
		{"", []string{"client_secret", "x"}, 401, 7000215, "invalid_client", "Invalid client secret provided. Ensure the secret being sent"},
		{"", []string{"client_secret", ExpiredSecret}, 401, 7000222, "invalid_client", "The provided client secret keys for app '" + AppClientID + "' are expired."},
		{"", []string{"client_secret", ""}, 401, 7000218, "invalid_client", ""},
		{"", []string{"scope", ""}, 400, 900144, "invalid_request", "The request body must contain the following parameter: 'scope'."},
		{"", []string{"scope", "https://outlook.office.com/SMTP.Send"}, 400, 1002012, "invalid_scope", "The provided value for scope https://outlook.office.com/SMTP.Send is not valid."},
		{"", []string{"scope", "openid"}, 400, 70011, "invalid_scope", ""},
		{"", []string{"scope", "https://graph.microsoft.com/.default https://outlook.office365.com/.default"}, 400, 70011, "invalid_scope", ""},
		{"", []string{"scope", "https://outlook.office.example/.default"}, 400, 500011, "invalid_resource", "The resource principal named https://outlook.office.example was not found"},
		{"fabrikam.example", nil, 400, 90002, "invalid_request", "Tenant 'fabrikam.example' not found."},
		{"c0a70500-0000-4000-8000-00000000ffff", nil, 400, 90002, "invalid_request", "Tenant 'c0a70500-0000-4000-8000-00000000ffff' not found."},
		{"contoso", nil, 400, 900023, "invalid_request", "Specified tenant identifier 'contoso'"},
		{"00000000-0000-0000-0000-000000000000", nil, 400, 900021, "invalid_request", ""},
		{"common", nil, 400, 9001023, "invalid_request", ""},
		{"consumers", nil, 400, 9001023, "invalid_request", ""},
		{"organizations", nil, 400, 50059, "invalid_request", ""},
	} {
		if c.tenant == "" {
			c.tenant = ContosoTenantID
		}
		t.Run(fmt.Sprint(c.code, c.tenant), func(t *testing.T) {
			wantRefusal(t, post(t, s, c.tenant, form(c.changes...)), c.status, c.code, c.oauth, c.text)
		})
	}
}

func TestOddTokenRequests(t *testing.T) {
	s := open(t, Config{})
	get := request(t, s, ContosoTenantID, nil)
	get.Method = http.MethodGet
	wantRefusal(t, fetch(t, s, get), 400, 900561, "invalid_request", "The endpoint only accepts POST requests. Received a GET request.")
	asJSON := request(t, s, ContosoTenantID, form())
	asJSON.Header.Set("Content-Type", "application/json")
	wantRefusal(t, fetch(t, s, asJSON), 400, 900144, "invalid_request", "")
	wantRefusal(t, post(t, s, ContosoTenantID, form("x", strings.Repeat("x", maxTokenRequest))), 400, 90013, "invalid_request", "")
	two := request(t, s, ContosoTenantID, form())
	two.SetBasicAuth(ScopedAppClientID, ScopedAppSecret)
	wantRefusal(t, fetch(t, s, two), 400, 7000110, "invalid_request", "")
}

func TestCorrelation(t *testing.T) {
	s := open(t, Config{})
	const id = "11111111-2222-3333-4444-555555555555"
	r := request(t, s, "fabrikam.example", form())
	r.Header.Set("client-request-id", id)
	if a := fetch(t, s, r); !strings.Contains(a.body, `"correlation_id":"`+id+`"`) || a.header.Get("client-request-id") != id {
		t.Errorf("got %s", a.body)
	}
	r = request(t, s, "fabrikam.example", form())
	r.Header.Set("client-request-id", "<script>")
	if a := fetch(t, s, r); strings.Contains(a.body, "<script") {
		t.Errorf("got %s", a.body)
	}
}

func TestMetadata(t *testing.T) {
	s := open(t, Config{})
	document := func(path string) map[string]any {
		r, err := http.NewRequest(http.MethodGet, s.origin()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		fetch(t, s, r).decode(t, &m)
		return m
	}
	c := document("/" + ContosoTenantID + "/v2.0/.well-known/openid-configuration")
	if c["token_endpoint"] != s.AuthorityURL()+"/oauth2/v2.0/token" || c["issuer"] != s.AuthorityURL()+"/v2.0" || c["authorization_endpoint"] == nil {
		t.Errorf("got %v", c)
	}
	if c := document("/common/v2.0/.well-known/openid-configuration"); c["issuer"] != s.origin()+"/{tenantid}/v2.0" {
		t.Errorf("got %v", c)
	}
	if e := document("/fabrikam.example/v2.0/.well-known/openid-configuration"); e["error"] != "invalid_request" {
		t.Errorf("got %v", e)
	}
	if d := document("/common/discovery/instance"); !strings.HasPrefix(fmt.Sprint(d["tenant_discovery_endpoint"]), s.AuthorityURL()) {
		t.Errorf("got %v", d)
	}
	keys := document("/" + ContosoTenantID + "/discovery/v2.0/keys")["keys"].([]any)
	if key := keys[0].(map[string]any); key["kid"] != s.keys.token.kid || key["e"] != "AQAB" || key["n"] == "" {
		t.Errorf("got %v", keys)
	}
}
