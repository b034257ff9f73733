package sandbox

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// testClock is a clock that a test moves.
type testClock struct {
	mu  sync.Mutex
	now time.Time
}

func newTestClock() *testClock { return &testClock{now: time.Now()} }

func (c *testClock) time() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *testClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// wantError compares the error of a poll, which may have no number.
func wantError(t *testing.T, a answer, oauth, text string) {
	t.Helper()
	var e errorDocument
	a.decode(t, &e)
	if a.status != http.StatusBadRequest || e.Error != oauth || !strings.HasPrefix(e.Description, text) {
		t.Errorf("got %d %s %q, want 400 %s %q", a.status, e.Error, e.Description, oauth, text)
	}
}

func TestDeviceCode(t *testing.T) {
	clock := newTestClock()
	s := open(t, Config{Clock: clock.time})
	d := newDevice(t, s)
	if d.ExpiresIn != 900 || d.Interval != 5 || d.VerificationURI != s.origin()+"/devicelogin" || len(d.UserCode) != 9 {
		t.Errorf("got %+v", d)
	}
	if want := "enter the code " + d.UserCode + " to authenticate."; !strings.HasSuffix(d.Message, want) {
		t.Errorf("got %q, want %q", d.Message, want)
	}
	poll := goodPoll(d.DeviceCode)
	wantRefusal(t, post(t, s, ContosoTenantID, poll), 400, 70016, "authorization_pending", "OAuth 2.0 device flow error. Authorization is pending.")
	clock.advance(time.Second)
	wantError(t, post(t, s, ContosoTenantID, poll), "slow_down", "slow_down")
	clock.advance(5 * time.Second)
	wantRefusal(t, post(t, s, ContosoTenantID, poll), 400, 70016, "authorization_pending", "")
	if err := s.ApproveDevice(strings.ToLower(d.UserCode[:4])+" - "+d.UserCode[4:], "ADA@contoso.example"); err != nil {
		t.Fatal(err)
	}
	r := grantOf(t, post(t, s, ContosoTenantID, poll)) // who has the answer need not wait
	wantGrantOf(t, s, r, Ada)
	wantRefusal(t, post(t, s, ContosoTenantID, poll), 400, 54005, "invalid_grant", "OAuth2 Authorization code was already redeemed")
	connect(t, s).secured().ask("AUTH XOAUTH2 "+xoauth2(Ada, r.AccessToken), "235 ")
}

// wantGrantOf wants everything that a login needs to know.
func wantGrantOf(t *testing.T, s *Sandbox, r tokenResponse, upn string) {
	t.Helper()
	user, _ := s.config.Tenant.user(upn)
	access, err := parseJWT(r.AccessToken)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"aud": "https://outlook.office.com", "scp": "SMTP.Send", "upn": upn, "oid": user.ID, "appid": PublicClientID,
		"appidacr": "0", "tid": ContosoTenantID, "ver": "1.0", "idtyp": "user", "iss": "https://sts.windows.net/" + ContosoTenantID + "/",
	} {
		if got := access.claims.text(name); got != want {
			t.Errorf("access token: %s: got %q, want %q", name, got, want)
		}
	}
	id, err := parseJWT(r.IDToken)
	if err != nil {
		t.Fatalf("id_token %q: %v", r.IDToken, err)
	}
	for name, want := range map[string]string{
		"aud": PublicClientID, "preferred_username": upn, "name": user.Name, "oid": user.ID, "tid": ContosoTenantID,
		"ver": "2.0", "iss": s.AuthorityURL() + "/v2.0",
	} {
		if got := id.claims.text(name); got != want {
			t.Errorf("id_token: %s: got %q, want %q", name, got, want)
		}
	}
	if !id.verify(&s.keys.token.key.PublicKey) || !access.verify(&s.keys.token.key.PublicKey) {
		t.Error("a signature does not verify")
	}
	info, err := decodePart(r.ClientInfo)
	if err != nil || info.text("uid") != user.ID || info.text("utid") != ContosoTenantID {
		t.Errorf("client_info: got %v, %v", info, err)
	}
	if r.Scope != "https://outlook.office.com/SMTP.Send" || len(r.RefreshToken) < 1000 || r.ExpiresIn != 3599 {
		t.Errorf("got scope %q, %d octets of refresh token, %d s", r.Scope, len(r.RefreshToken), r.ExpiresIn)
	}
}

func TestDeviceCodeThatEnds(t *testing.T) {
	clock := newTestClock()
	s := open(t, Config{Clock: clock.time})
	declined, expired, late := newDevice(t, s), newDevice(t, s), newDevice(t, s)
	if err := s.DeclineDevice(declined.UserCode); err != nil {
		t.Fatal(err)
	}
	wantError(t, post(t, s, ContosoTenantID, goodPoll(declined.DeviceCode)), "authorization_declined", "authorization_declined")
	if err := s.ApproveDevice(late.UserCode, Ada); err != nil {
		t.Fatal(err)
	}
	clock.advance(15 * time.Minute)
	for _, d := range []deviceCodeResponse{expired, late} { // the second was approved and never fetched
		wantRefusal(t, post(t, s, ContosoTenantID, goodPoll(d.DeviceCode)), 400, 70020, "expired_token", "The provided value for the input parameter 'device_code' is not valid.")
	}
	if got := s.PendingDeviceCodes(); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

func TestWrongDeviceCodes(t *testing.T) {
	s := open(t, Config{})
	d := newDevice(t, s)
	if err := s.ApproveDevice(d.UserCode, Ada); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		changes []string
		status  int
		code    int
		oauth   string
	}{
		"user code":         {[]string{"device_code", d.UserCode}, 400, 70018, "bad_verification_code"},
		"unknown":           {[]string{"device_code", "x" + d.DeviceCode}, 400, 70018, "bad_verification_code"},
		"cut":               {[]string{"device_code", d.DeviceCode[:20]}, 400, 70018, "bad_verification_code"},
		"missing":           {[]string{"device_code", ""}, 400, 900144, "invalid_request"},
		"no app":            {[]string{"client_id", ""}, 400, 900144, "invalid_request"},
		"unknown app":       {[]string{"client_id", ContosoTenantID}, 400, 700016, "unauthorized_client"},
		"confidential app":  {[]string{"client_id", AppClientID}, 401, 7000218, "invalid_client"},
		"code of another":   {[]string{"client_id", AppClientID, "client_secret", AppSecret}, 400, 70018, "bad_verification_code"},
		"secret of nobody":  {[]string{"client_secret", "x"}, 400, 700025, "invalid_request"},
		"assertion, public": {[]string{"client_assertion", "x"}, 400, 700025, "invalid_request"},
	} {
		t.Run(name, func(t *testing.T) {
			wantRefusal(t, post(t, s, ContosoTenantID, goodPoll(d.DeviceCode, c.changes...)), c.status, c.code, c.oauth, "")
		})
	}
	grantOf(t, post(t, s, ContosoTenantID, goodPoll(d.DeviceCode, "grant_type", "device_code"))) // none of them spent it; MSAL's name
}

func TestRefusedDeviceCodes(t *testing.T) {
	s := open(t, Config{})
	for name, c := range map[string]struct {
		tenant  string
		changes []string
		code    int
		oauth   string
	}{
		"tenant":       {"fabrikam.example", nil, 90002, "invalid_request"},
		"app":          {ContosoTenantID, []string{"client_id", ContosoTenantID}, 700016, "unauthorized_client"},
		"no app":       {ContosoTenantID, []string{"client_id", ""}, 900144, "invalid_request"},
		"no scope":     {ContosoTenantID, []string{"scope", ""}, 900144, "invalid_request"},
		"scope":        {ContosoTenantID, []string{"scope", "https://outlook.office.com/SMTP.SendAs"}, 650053, "invalid_client"},
		"resource":     {ContosoTenantID, []string{"scope", "https://outlook.office.example/SMTP.Send"}, 500011, "invalid_resource"},
		"two":          {ContosoTenantID, []string{"scope", "https://outlook.office.com/SMTP.Send User.Read"}, 28000, "invalid_scope"},
		"no defaults":  {ContosoTenantID, []string{"scope", "https://outlook.office.com/.default", "client_id", AppClientID}, 650056, "invalid_request"},
		"odd resource": {ContosoTenantID, []string{"scope", "///"}, 500011, "invalid_resource"},
	} {
		t.Run(name, func(t *testing.T) {
			a := postTo(t, s, s.origin()+"/"+c.tenant+"/oauth2/v2.0/devicecode", with(map[string][]string{"client_id": {PublicClientID}, "scope": {testScope}}, c.changes...))
			want := map[string]int{"invalid_client": 401}[c.oauth]
			wantRefusal(t, a, max(want, 400), c.code, c.oauth, "")
		})
	}
	wantRefusal(t, get(t, s, s.AuthorityURL()+"/oauth2/v2.0/devicecode"), 400, 900561, "invalid_request", "")
	wantRefusal(t, askDevice(t, s, "x", strings.Repeat("x", maxTokenRequest)), 400, 90013, "invalid_request", "")
}

func TestTenantsOfPeople(t *testing.T) {
	s := open(t, Config{SignInAs: Grace})
	for _, tenant := range []string{"organizations", "common", "consumers", ContosoDomain, strings.ToUpper(ContosoTenantID)} {
		a := postTo(t, s, s.origin()+"/"+tenant+"/oauth2/v2.0/devicecode", map[string][]string{"client_id": {PublicClientID}, "scope": {testScope}})
		var d deviceCodeResponse
		a.decode(t, &d)
		r := grantOf(t, post(t, s, tenant, goodPoll(d.DeviceCode)))
		wantGrantOf(t, s, r, Grace) // nobody had to do anything
		grantOf(t, post(t, s, tenant, goodRefresh(r.RefreshToken)))
	}
	wantRefusal(t, post(t, s, "fabrikam.example", goodPoll("x")), 400, 90002, "invalid_request", "")
}

func TestScopesOfPeople(t *testing.T) {
	s := open(t, Config{SignInAs: Ada})
	for asked, want := range map[string]string{
		"https://outlook.office.com/SMTP.Send https://outlook.office.com/IMAP.AccessAsUser.All": "https://outlook.office.com/SMTP.Send https://outlook.office.com/IMAP.AccessAsUser.All",
		"https://outlook.office365.com/smtp.send https://outlook.office365.com/SMTP.Send":       "https://outlook.office365.com/SMTP.Send",
		"https://outlook.office.com/POP.AccessAsUser.All openid":                                "https://outlook.office.com/POP.AccessAsUser.All",
		"https://outlook.office.com//SMTP.Send":                                                 "https://outlook.office.com/SMTP.Send",
		"SMTP.Send":                                                                             "https://graph.microsoft.com/SMTP.Send",
		"openid":                                                                                "",
		"https://outlook.office.com/.default": "https://outlook.office.com/SMTP.Send https://outlook.office.com/IMAP.AccessAsUser.All " +
			"https://outlook.office.com/POP.AccessAsUser.All https://outlook.office.com/.default",
	} {
		var d deviceCodeResponse
		askDevice(t, s, "scope", asked).decode(t, &d)
		r := grantOf(t, post(t, s, ContosoTenantID, goodPoll(d.DeviceCode, "client_info", "")))
		if r.Scope != want || r.RefreshToken != "" || (r.IDToken != "") != strings.Contains(asked, "openid") || r.ClientInfo != "" {
			t.Errorf("%s: got %q, %+v", asked, r.Scope, r)
		}
	}
}

func TestDecidingOnDevices(t *testing.T) {
	clock := newTestClock()
	s := open(t, Config{Clock: clock.time})
	first, second := newDevice(t, s), newDevice(t, s)
	if got, want := s.PendingDeviceCodes(), []string{first.UserCode, second.UserCode}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if err := s.ApproveDevice(first.UserCode, SharedMailbox); err == nil || errors.Is(err, ErrNoDeviceCode) {
		t.Errorf("a shared mailbox signed in: %v", err)
	}
	for _, code := range []string{"", "BCDFGHJKL", first.DeviceCode} {
		if err := s.DeclineDevice(code); !errors.Is(err, ErrNoDeviceCode) {
			t.Errorf("%q: got %v", code, err)
		}
	}
	if err := errors.Join(s.ApproveDevice(first.UserCode, Ada)); err != nil {
		t.Fatal(err)
	}
	if err := s.DeclineDevice(first.UserCode); !errors.Is(err, ErrDeviceCodeUsed) {
		t.Errorf("got %v", err)
	}
	clock.advance(deviceCodeLife)
	if err := s.ApproveDevice(second.UserCode, Ada); !errors.Is(err, ErrNoDeviceCode) {
		t.Errorf("got %v", err)
	}
}

func TestOldestPendingCodeGoesFirst(t *testing.T) {
	l := newLedger()
	for i := range maxPending + 1 {
		l.addDevice(&deviceCode{device: fmt.Sprint(i), user: fmt.Sprint("user ", i), expires: time.Now().Add(time.Hour)})
	}
	if got := l.pendingDevices(time.Now()); len(got) != maxPending || got[0] != "user 1" {
		t.Errorf("got %d, the first is %s", len(got), got[0])
	}
	l.device("0", func(d *deviceCode) {
		if d != nil {
			t.Error("the oldest is still there")
		}
	})
}

func TestShortPollInterval(t *testing.T) {
	clock := newTestClock()
	s := open(t, Config{Clock: clock.time, PollInterval: 200 * time.Millisecond})
	d := newDevice(t, s)
	if d.Interval != 1 {
		t.Errorf("got %d", d.Interval)
	}
	for _, c := range []struct {
		after time.Duration
		want  string
	}{{0, "authorization_pending"}, {179 * time.Millisecond, "slow_down"}, {181 * time.Millisecond, "authorization_pending"}} {
		clock.advance(c.after)
		wantError(t, post(t, s, ContosoTenantID, goodPoll(d.DeviceCode)), c.want, "")
	}
}
