package entra

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	testTenantID = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
	testUser     = "ada@contoso.example"
	personScope  = "https://outlook.office.com/SMTP.Send"
)

// tenant signs people in: authorization codes with PKCE, device codes, and refresh tokens of which
// each can be used once.
type tenant struct {
	*httptest.Server
	life, refreshIn int

	mu        sync.Mutex
	n         int // of the last token pair
	refresh   string
	challenge map[string]string // of each authorization code
	forms     []url.Values      // of token requests
	paths     []string          // of all requests
	refuse    func(http.ResponseWriter, url.Values) bool
	device    string        // response of the device endpoint
	ahead     time.Duration // of its clock
}

func newTenant(t *testing.T) *tenant {
	t.Helper()
	s := unstartedTenant()
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func unstartedTenant() *tenant {
	s := &tenant{life: 3600, challenge: map[string]string{}}
	s.device = `{"device_code":"` + testDeviceCode + `","user_code":"ABCD-EFGH","verification_uri":"https://microsoft.com/devicelogin","expires_in":900,"interval":5}`
	s.Server = httptest.NewUnstartedServer(s)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	return s
}

const testDeviceCode = "dev1ce~code~secret"

func (s *tenant) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = r.ParseForm()
	w.Header().Set("Date", time.Now().Add(s.ahead).UTC().Format(http.TimeFormat))
	s.paths = append(s.paths, r.Method+" "+r.URL.Path)
	switch _, path, _ := strings.Cut(r.URL.Path[1:], "/"); "/" + path {
	case tokenPath:
		s.forms = append(s.forms, r.PostForm)
		s.token(w, r.PostForm)
	case authorizePath:
		code := fmt.Sprintf("c0de~%d", len(s.challenge))
		s.challenge[code] = r.Form.Get("code_challenge")
		answer := url.Values{"code": {code}, "state": {r.Form.Get("state")}, "session_state": {"x"}}
		writeJSON(w, 200, answer.Encode())
	case devicePath:
		writeJSON(w, 200, s.device)
	default:
		http.NotFound(w, r)
	}
}

func (s *tenant) token(w http.ResponseWriter, form url.Values) {
	if s.refuse != nil && s.refuse(w, form) {
		return
	}
	ok := true
	switch form.Get("grant_type") {
	case "authorization_code":
		sum := sha256.Sum256([]byte(form.Get("code_verifier")))
		ok = s.challenge[form.Get("code")] == base64.RawURLEncoding.EncodeToString(sum[:])
	case "refresh_token":
		ok = form.Get("refresh_token") == s.refresh
	case deviceGrant:
		ok = form.Get("device_code") == testDeviceCode
	}
	if !ok {
		writeJSON(w, 400, `{"error":"invalid_grant","error_description":"AADSTS70000: spent or wrong","error_codes":[70000]}`)
		return
	}
	s.issue(w)
}

func (s *tenant) issue(w http.ResponseWriter) {
	s.n++
	s.refresh = fmt.Sprintf("refresh~%d", s.n)
	body := map[string]any{
		"token_type": "Bearer", "expires_in": s.life, "access_token": fmt.Sprintf("access~%d", s.n), "refresh_token": s.refresh,
		"scope": personScope, "id_token": testIDToken(), "client_info": segment(`{"uid":"u-1","utid":"t-1"}`),
	}
	if s.refreshIn > 0 {
		body["refresh_in"] = s.refreshIn
	}
	text, _ := json.Marshal(body)
	writeJSON(w, 200, string(text))
}

func segment(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

func testIDToken() string {
	return segment(`{"alg":"none"}`) + "." + segment(`{"sub":"s-1","oid":"o-1","tid":"`+testTenantID+`","preferred_username":"`+testUser+`"}`) + ".c2ln"
}

// refreshes is how many requests spent, or tried to spend, a refresh token.
func (s *tenant) refreshes() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, form := range s.forms {
		if form.Get("grant_type") == "refresh_token" {
			n++
		}
	}
	return n
}

func (s *tenant) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

func (s *tenant) config(c Cache) Config {
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return Config{Authority: s.URL + "/organizations", ClientID: testClient, Scope: personScope, RootCAs: roots, Cache: c, Credential: SignedIn()}
}

// signIn puts a sign-in into the cache without a person.
func (s *tenant) signIn(t *testing.T, c Config) SignIn {
	t.Helper()
	result, err := login(t, c).Paste(t.Context(), s.visit)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func login(t *testing.T, c Config) *Login {
	t.Helper()
	l, err := NewLogin(c)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// expire lets the kept access token end.
func expire(t *testing.T, c Cache) { t.Helper(); shorten(t, c, -time.Second) }

// shorten leaves the kept access tokens so much time.
func shorten(t *testing.T, c Cache, left time.Duration) {
	t.Helper()
	data, err := c.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s, err := decodeState(data)
	if err != nil {
		t.Fatal(err)
	}
	for i := range s.Tokens {
		s.Tokens[i].Got, s.Tokens[i].Expires = time.Now().Add(-time.Hour), time.Now().Add(left)
	}
	if err := saveState(t.Context(), c, s); err != nil {
		t.Fatal(err)
	}
}

func pemOf(c *x509.Certificate) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
}

func poolOf(t *testing.T, text []byte) *x509.CertPool {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		t.Fatal("no certificate")
	}
	return pool
}
