package sandbox

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// FuzzRedirectURI looks for an address that is not this machine's and yet passes for one.
func FuzzRedirectURI(f *testing.F) {
	f.Add("http://localhost:1")
	f.Add(`http://localhost\@evil.example`)
	f.Add("http://localhost:1@evil.example/%0d%0a")
	app := &App{RedirectURIs: []string{"http://localhost", "http://127.0.0.1/cb"}}
	f.Fuzz(func(t *testing.T, text string) {
		u, e := redirectURI(text, app)
		if e != nil {
			return
		}
		again, err := url.Parse(u.String())
		if err != nil || again.Scheme != "http" || again.Hostname() != "localhost" && again.Hostname() != "127.0.0.1" || again.User != nil || strings.ContainsAny(u.String(), "\r\n<>\"") {
			t.Errorf("%q passed as %q", text, u)
		}
	})
}

// FuzzDelegatedScope wants what is granted to be known, and to be understood again.
func FuzzDelegatedScope(f *testing.F) {
	f.Add(testScope)
	f.Add("https://outlook.office.com//.default SMTP.Send")
	s := &Sandbox{config: Config{}.withDefaults()}
	app, _ := s.config.Tenant.app(PublicClientID)
	f.Fuzz(func(t *testing.T, text string) {
		d, e := s.readDelegatedScope(text, app)
		if e != nil {
			return
		}
		again, e := s.readDelegatedScope(d.String()+" openid", app)
		if e != nil || again.String() != d.String() || !d.within(again) || !again.within(d) {
			t.Errorf("%q: got %q, then %v %v", text, d, again, e)
		}
	})
}

// FuzzTokenEndpoint posts any form. It is granted or refused in Entra's form, and never with a fault.
func FuzzTokenEndpoint(f *testing.F) {
	f.Add(goodCode("x").Encode())
	f.Add(goodPoll("x").Encode())
	f.Add(goodRefresh("x").Encode())
	f.Add(form().Encode())
	s, err := begin(f.Context(), Config{Dir: f.TempDir(), SignInAs: Ada})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { s.Close() })
	handler := s.endpoints()
	f.Fuzz(func(t *testing.T, body string) {
		posted, _ := url.ParseQuery(body)
		for _, path := range []string{"token", "devicecode"} {
			w := recorded(handler, "/"+ContosoTenantID+"/oauth2/v2.0/"+path, posted)
			if w.Code != http.StatusOK && w.Code != http.StatusBadRequest && w.Code != http.StatusUnauthorized || !strings.HasPrefix(w.Body.String(), "{") {
				t.Errorf("%s: got %d %s", path, w.Code, w.Body)
			}
		}
	})
}
