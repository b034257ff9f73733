package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The flows here are driven as a client drives them: by requests alone.

const (
	testVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" // RFC 7636 appendix B
	testRedirect = "http://localhost:49152"
	testScope    = "https://outlook.office.com/SMTP.Send offline_access openid profile"
	deviceGrant  = "urn:ietf:params:oauth:grant-type:device_code"
)

func testChallenge() string {
	sum := sha256.Sum256([]byte(testVerifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// with changes a form; an empty value takes the field out.
func with(f url.Values, changes ...string) url.Values {
	for i := 0; i < len(changes); i += 2 {
		if f.Set(changes[i], changes[i+1]); changes[i+1] == "" {
			f.Del(changes[i])
		}
	}
	return f
}

// goodAuthorization is the request of a browser; goodCode, goodPoll and goodRefresh are requests to
// the token endpoint.
func goodAuthorization(changes ...string) url.Values {
	return with(url.Values{
		"client_id": {PublicClientID}, "response_type": {"code"}, "redirect_uri": {testRedirect}, "scope": {testScope},
		"state": {"st&te"}, "nonce": {"n0nce"}, "code_challenge": {testChallenge()}, "code_challenge_method": {"S256"},
	}, changes...)
}

func goodCode(code string, changes ...string) url.Values {
	return with(url.Values{
		"grant_type": {"authorization_code"}, "client_id": {PublicClientID}, "code": {code},
		"redirect_uri": {testRedirect}, "code_verifier": {testVerifier}, "client_info": {"1"},
	}, changes...)
}

func goodPoll(code string, changes ...string) url.Values {
	return with(url.Values{"grant_type": {deviceGrant}, "client_id": {PublicClientID}, "device_code": {code}, "client_info": {"1"}}, changes...)
}

func goodRefresh(token string, changes ...string) url.Values {
	return with(url.Values{
		"grant_type": {"refresh_token"}, "client_id": {PublicClientID}, "refresh_token": {token},
		"scope": {testScope}, "client_info": {"1"},
	}, changes...)
}

func postTo(t *testing.T, s *Sandbox, address string, form url.Values) answer {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return fetch(t, s, r)
}

func get(t *testing.T, s *Sandbox, address string) answer {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return fetch(t, s, r)
}

func askDevice(t *testing.T, s *Sandbox, changes ...string) answer {
	t.Helper()
	return postTo(t, s, s.AuthorityURL()+"/oauth2/v2.0/devicecode", with(url.Values{"client_id": {PublicClientID}, "scope": {testScope}}, changes...))
}

func newDevice(t *testing.T, s *Sandbox) deviceCodeResponse {
	t.Helper()
	var d deviceCodeResponse
	a := askDevice(t, s)
	if a.status != http.StatusOK {
		t.Fatalf("got %d: %s", a.status, a.body)
	}
	a.decode(t, &d)
	return d
}

func authorizeURL(s *Sandbox, tenant string, form url.Values) string {
	return s.origin() + "/" + tenant + "/oauth2/v2.0/authorize?" + form.Encode()
}

// decideOn submits the form of a page, as a browser would.
func decideOn(t *testing.T, s *Sandbox, shown answer, choice, user string) answer {
	t.Helper()
	action, form := formOf(t, shown)
	return postTo(t, s, s.origin()+action, with(form, "choice", choice, "user", user))
}

var (
	actionPattern = regexp.MustCompile(`<form method="post" action="([^"]*)">`)
	hiddenPattern = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
)

func formOf(t *testing.T, a answer) (action string, form url.Values) {
	t.Helper()
	m := actionPattern.FindStringSubmatch(a.body)
	if m == nil {
		t.Fatalf("no form in %d %s", a.status, a.body)
	}
	form = url.Values{}
	for _, h := range hiddenPattern.FindAllStringSubmatch(a.body, -1) {
		form.Add(html.UnescapeString(h[1]), html.UnescapeString(h[2]))
	}
	return html.UnescapeString(m[1]), form
}

// result is the query with which the browser comes back to the application.
func (a answer) result(t *testing.T) url.Values {
	t.Helper()
	to, err := url.Parse(a.header.Get("Location"))
	if err != nil || a.status != http.StatusFound || to.Scheme+"://"+to.Host != testRedirect {
		t.Fatalf("got %d to %v: %s", a.status, to, a.body)
	}
	return to.Query()
}

// newCode goes through the page as Ada.
func newCode(t *testing.T, s *Sandbox, changes ...string) string {
	t.Helper()
	shown := get(t, s, authorizeURL(s, ContosoTenantID, goodAuthorization(changes...)))
	return decideOn(t, s, shown, "accept", Ada).result(t).Get("code")
}

func grantOf(t *testing.T, a answer) tokenResponse {
	t.Helper()
	if a.status != http.StatusOK {
		t.Fatalf("got %d: %s", a.status, a.body)
	}
	var r tokenResponse
	a.decode(t, &r)
	return r
}

// meeting is a refusal as a client meets it.
type meeting struct {
	stage, oauth, suberror, text string
	code                         int
	shown                        bool // on a page, to the person
}

// meet goes through a flow until it is refused.
func meet(t *testing.T, s *Sandbox, flow string) meeting {
	t.Helper()
	switch flow {
	case "client_credentials":
		return metIn(t, stageToken, post(t, s, ContosoTenantID, form()))
	case "refresh_token":
		return metIn(t, stageToken, post(t, s, ContosoTenantID, goodRefresh(must(t)(s.RefreshToken(Ada)))))
	case "device_code":
		a := askDevice(t, s)
		if a.status != http.StatusOK {
			return metIn(t, stageDeviceCode, a)
		}
		var d deviceCodeResponse
		a.decode(t, &d)
		return metIn(t, stageToken, post(t, s, ContosoTenantID, goodPoll(d.DeviceCode)))
	case "managed_identity":
		return metIn(t, stageIdentity, askIdentity(t, s, s.IMDSURL()+goodIdentity, "Metadata", "true"))
	default:
		return meetAtAuthorize(t, s)
	}
}

func meetAtAuthorize(t *testing.T, s *Sandbox) meeting {
	t.Helper()
	a := get(t, s, authorizeURL(s, ContosoTenantID, goodAuthorization()))
	if a.status == http.StatusOK {
		a = decideOn(t, s, a, "accept", Ada)
	}
	if a.status == http.StatusBadRequest {
		m := regexp.MustCompile(`<p role="alert">(?:AADSTS(\d+))?(.*)</p>`).FindStringSubmatch(a.body)
		if m == nil {
			t.Fatalf("got %s", a.body)
		}
		code, _ := strconv.Atoi(m[1])
		return meeting{stage: stageAuthorize, code: code, text: "AADSTS" + m[1] + html.UnescapeString(m[2]), shown: true}
	}
	q := a.result(t)
	if q.Get("state") != "st&te" {
		t.Errorf("got %v", q)
	}
	if code := q.Get("code"); code != "" {
		return metIn(t, stageToken, post(t, s, ContosoTenantID, goodCode(code)))
	}
	number, _ := strconv.Atoi(strings.TrimPrefix(q.Get("error_uri"), "https://login.microsoftonline.com/error?code="))
	return meeting{stageAuthorize, q.Get("error"), q.Get("error_subcode"), q.Get("error_description"), number, false}
}

func metIn(t *testing.T, stage string, a answer) meeting {
	t.Helper()
	var e errorDocument
	if err := json.Unmarshal([]byte(a.body), &e); err != nil || a.status < 400 || a.status > 504 {
		t.Fatalf("got %d: %s, %v", a.status, a.body, err)
	}
	m := meeting{stage: stage, oauth: e.Error, suberror: e.Suberror, text: e.Description}
	if len(e.Codes) == 1 {
		m.code = e.Codes[0]
	}
	return m
}

// recorded is the answer to a form, without a connection.
func recorded(h http.Handler, target string, form url.Values) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	h.ServeHTTP(w, r)
	return w
}
