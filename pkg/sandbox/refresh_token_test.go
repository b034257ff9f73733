package sandbox

import (
	"strings"
	"testing"
	"time"
)

func TestRefresh(t *testing.T) {
	s := open(t, Config{})
	first := must(t)(s.RefreshToken(Ada))
	r := grantOf(t, post(t, s, ContosoTenantID, goodRefresh(first)))
	wantGrantOf(t, s, r, Ada)
	if r.RefreshToken == first {
		t.Error("the refresh token was not rotated")
	}
	grantOf(t, post(t, s, ContosoTenantID, goodRefresh(first))) // Entra does not revoke the old one
	bare := grantOf(t, post(t, s, ContosoTenantID, goodRefresh(r.RefreshToken, "scope", "", "client_info", "")))
	if bare.Scope != "https://outlook.office.com/SMTP.Send" || bare.RefreshToken == "" || bare.ClientInfo != "" || bare.IDToken == "" {
		t.Errorf("without a scope: got %+v", bare)
	}
	other := grantOf(t, post(t, s, ContosoTenantID, goodRefresh(bare.RefreshToken, "scope", "https://outlook.office.com/IMAP.AccessAsUser.All")))
	if other.Scope != "https://outlook.office.com/IMAP.AccessAsUser.All" || other.RefreshToken == "" || other.IDToken != "" {
		t.Errorf("another scope: got %+v", other)
	}
}

func TestWrongRefreshes(t *testing.T) {
	s := open(t, Config{Faults: []string{faultSingleUse}})
	token := must(t)(s.RefreshToken(Ada))
	for name, c := range map[string]struct {
		changes []string
		status  int
		number  int
		oauth   string
	}{
		"unknown":        {[]string{"refresh_token", "1.AX0A"}, 400, 70000, "invalid_grant"},
		"cut":            {[]string{"refresh_token", token[:len(token)-1]}, 400, 70000, "invalid_grant"},
		"none":           {[]string{"refresh_token", ""}, 400, 900144, "invalid_request"},
		"no app":         {[]string{"client_id", ""}, 400, 900144, "invalid_request"},
		"of another app": {[]string{"client_id", AppClientID, "client_secret", AppSecret}, 400, 70000, "invalid_grant"},
		"secret":         {[]string{"client_secret", "x"}, 400, 700025, "invalid_request"},
		"scope":          {[]string{"scope", "https://outlook.office.com/SMTP.SendAs"}, 401, 650053, "invalid_client"},
	} {
		t.Run(name, func(t *testing.T) {
			wantRefusal(t, post(t, s, ContosoTenantID, goodRefresh(token, c.changes...)), c.status, c.number, c.oauth, "")
		})
	}
	grantOf(t, post(t, s, ContosoTenantID, goodRefresh(token))) // none of them spent it
	a := post(t, s, ContosoTenantID, goodRefresh(token))
	wantRefusal(t, a, 400, 70000, "invalid_grant", "The provided value for the input parameter 'refresh_token' or 'assertion' is not valid.")
	if !strings.Contains(a.body, `"suberror":"bad_token"`) {
		t.Errorf("got %s", a.body)
	}
}

// TestSingleUse refreshes with one token many times at once.
func TestSingleUse(t *testing.T) {
	target := "/" + ContosoTenantID + "/oauth2/v2.0/token"
	for fault, want := range map[string]int64{faultSingleUse: 1, "net.silent": 20} {
		s := withFaults(t, fault)
		if n := successes(s, target, goodRefresh(must(t)(s.RefreshToken(Ada)))); n != want {
			t.Errorf("%s: it worked %d times, want %d", fault, n, want)
		}
	}
}

func TestIdleRefreshToken(t *testing.T) {
	clock := newTestClock()
	s := open(t, Config{Clock: clock.time})
	token := must(t)(s.RefreshToken(Ada))
	issued := clock.time().UTC().Format("2006-01-02T15:04:05.0000000Z")
	for range 3 { // use keeps it alive
		clock.advance(refreshTokenIdle - time.Second)
		grantOf(t, post(t, s, ContosoTenantID, goodRefresh(token)))
	}
	clock.advance(refreshTokenIdle)
	wantRefusal(t, post(t, s, ContosoTenantID, goodRefresh(token)), 400, 700082, "invalid_grant",
		"The refresh token has expired due to inactivity. The token was issued on "+issued+" and was inactive for 90.00:00:00.")
}

func TestFaultsOfGrants(t *testing.T) {
	const two = testScope + " https://outlook.office.com/IMAP.AccessAsUser.All"
	s := withFaults(t, faultNoRotation)
	token := must(t)(s.RefreshToken(Ada))
	if r := grantOf(t, post(t, s, ContosoTenantID, goodRefresh(token))); r.RefreshToken != "" {
		t.Errorf("no rotation: got %q", r.RefreshToken)
	}
	grantOf(t, post(t, s, ContosoTenantID, goodRefresh(token)))
	if r := grantOf(t, post(t, s, ContosoTenantID, goodCode(newCode(t, s)))); r.RefreshToken == "" {
		t.Error("no rotation: a sign-in brings no refresh token")
	}

	s = withFaults(t, faultFewerScopes)
	r := grantOf(t, post(t, s, ContosoTenantID, goodCode(newCode(t, s, "scope", two))))
	if access, err := parseJWT(r.AccessToken); err != nil || access.claims.text("scp") != "SMTP.Send" || r.Scope != "https://outlook.office.com/SMTP.Send" {
		t.Errorf("fewer scopes: got %q", r.Scope)
	}

	s = withFaults(t, faultAnonymous)
	if r := grantOf(t, post(t, s, ContosoTenantID, goodCode(newCode(t, s)))); r.IDToken != "" || r.ClientInfo != "" || r.RefreshToken == "" {
		t.Errorf("no id_token: got %+v", r)
	}
}

func TestLifeOfTokens(t *testing.T) {
	now := time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC)
	s := open(t, Config{Clock: func() time.Time { return now }, TokenLife: 10 * time.Minute, RefreshIn: 5 * time.Minute})
	for name, a := range map[string]answer{
		"app":    post(t, s, ContosoTenantID, form()),
		"person": post(t, s, ContosoTenantID, goodRefresh(must(t)(s.RefreshToken(Ada)))),
	} {
		r := grantOf(t, a)
		token, err := parseJWT(r.AccessToken)
		if err != nil {
			t.Fatal(err)
		}
		until, _ := token.claims.moment("exp")
		if !until.Equal(now.Add(10*time.Minute)) || r.ExpiresIn != 599 || r.RefreshIn != 300 {
			t.Errorf("%s: until %v, %d s, refresh in %d s", name, until, r.ExpiresIn, r.RefreshIn)
		}
	}
	if r := grantOf(t, post(t, open(t, Config{TokenLife: time.Millisecond}), ContosoTenantID, form())); r.ExpiresIn != 0 {
		t.Errorf("got %d", r.ExpiresIn)
	}
}

func TestRefreshTokensForTests(t *testing.T) {
	s := open(t, Config{})
	r := grantOf(t, post(t, s, ContosoTenantID, goodRefresh(must(t)(s.RefreshToken(Grace, "https://outlook.office.com/POP.AccessAsUser.All")), "scope", "")))
	if r.Scope != "https://outlook.office.com/POP.AccessAsUser.All" {
		t.Errorf("got %q", r.Scope)
	}
	if _, err := s.RefreshToken(SharedMailbox); err == nil {
		t.Error("a shared mailbox signed in")
	}
	if _, err := s.RefreshToken(Ada, "https://outlook.office.com/SMTP.SendAs"); err == nil {
		t.Error("there is no such scope")
	}
	tenant := Contoso()
	tenant.Apps = tenant.Apps[:1]
	if _, err := open(t, Config{Tenant: tenant}).RefreshToken(Ada); err == nil {
		t.Error("there is no such application")
	}
}
