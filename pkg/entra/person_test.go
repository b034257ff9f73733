package entra

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// A server that echoes what it was sent, in every way, must not make an error show it.
func TestPersonsSecretsAreNeverShown(t *testing.T) {
	for name, echo := range map[string]func(http.ResponseWriter, string){
		"refusal": func(w http.ResponseWriter, form string) {
			writeJSON(w, 400, fmt.Sprintf(`{"error":"invalid_grant","suberror":%q,"error_description":%q,"claims":%q,"trace_id":%q}`, form, form, form, form))
		},
		"content type": func(w http.ResponseWriter, form string) {
			w.Header().Set("Content-Type", form)
			w.WriteHeader(http.StatusBadGateway)
		},
		"broken token": func(w http.ResponseWriter, form string) { writeJSON(w, 200, `{"access_token":"`+form) },
		"no refresh": func(w http.ResponseWriter, form string) {
			writeJSON(w, 200, `{"expires_in":3600,"access_token":"access~9"}`)
		},
		"id_token": func(w http.ResponseWriter, form string) {
			writeJSON(w, 200, `{"expires_in":3600,"access_token":"access~9","refresh_token":"refresh~9","id_token":"opaque~9"}`)
		},
		"refresh token": func(w http.ResponseWriter, form string) {
			writeJSON(w, 200, `{"expires_in":3600,"access_token":"access~9","refresh_token":"refresh~9\r\n"}`)
		},
		"header": func(w http.ResponseWriter, form string) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\n%s\r\n\r\n", form)
				conn.Close()
			}
		},
	} {
		s, cache := newTenant(t), newMemoryCache()
		var secrets []string
		s.refuse = func(w http.ResponseWriter, form url.Values) bool {
			secrets = append(secretsOf(form), "access~9", "refresh~9", "opaque~9")
			echo(w, strings.Join(secretsOf(form), " "))
			return true
		}
		_, loginErr := login(t, s.config(cache)).Paste(t.Context(), s.visit)
		if loginErr == nil {
			t.Errorf("%s: got no error from the sign-in", name)
		}
		refuse := s.refuse
		s.set(func() { s.refuse = nil })
		s.signIn(t, s.config(cache))
		expire(t, cache)
		s.set(func() { s.refuse = refuse })
		all := secrets
		config, told := observed(s.config(cache))
		src := source(t, config)
		_, renewErr := src.Token(t.Context())
		all = append(all, secrets...)
		shown := shownForms(t, loginErr) + shownForms(t, renewErr) + fmt.Sprintf("%+v %#v", told.all, told.all)
		for _, secret := range all {
			if strings.Contains(shown, secret) {
				t.Errorf("%s: %q is in %s", name, secret, shown)
			}
		}
	}
}

func TestSignInIsNeverShown(t *testing.T) {
	s := newTenant(t)
	got := s.signIn(t, s.config(newMemoryCache()))
	shown := fmt.Sprintf("%v %+v %#v %s", got, got, got, got)
	if strings.Contains(shown, "access~1") || !strings.Contains(shown, testUser) {
		t.Errorf("got %s", shown)
	}
}

// A sign-in that cannot be renewed is none.
func TestIncompleteSignIns(t *testing.T) {
	id := testIDToken()
	for want, body := range map[string]string{
		"no refresh_token":          `{"expires_in":3600,"access_token":"a","id_token":"` + id + `"}`,
		"no usable id_token":        `{"expires_in":3600,"access_token":"a","refresh_token":"r"}`,
		"no usable id_token in it":  `{"expires_in":3600,"access_token":"a","refresh_token":"r","id_token":"a.e30.b"}`,
		"an unusable refresh_token": `{"expires_in":3600,"access_token":"a","refresh_token":"r r","id_token":"` + id + `"}`,
	} {
		s, cache := newTenant(t), newMemoryCache()
		s.refuse = func(w http.ResponseWriter, _ url.Values) bool { writeJSON(w, 200, body); return true }
		_, err := login(t, s.config(cache)).Paste(t.Context(), s.visit)
		if e, ok := errors.AsType[*ResponseError](err); !ok || !strings.HasPrefix(e.Reason, want) || cache.saves != 0 {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestAccountOfOtherIssuers(t *testing.T) {
	for payload, want := range map[string]Account{
		`{"sub":"s-1","email":"ada@example.org"}`:                {Username: "ada@example.org", HomeAccountID: "s-1"},
		`{"sub":"s-1","upn":"ada\u001b[1m","tid":"../x"}`:        {Username: "ada [1m", HomeAccountID: "s-1"},
		`{"sub":"s-1","oid":"o","tid":"` + testTenantID + `"}`:   {ObjectID: "o", TenantID: testTenantID, HomeAccountID: "s-1"},
		`{"sub":"s-1","preferred_username":"a","email":"other"}`: {Username: "a", HomeAccountID: "s-1"},
	} {
		got, err := accountFrom("e30."+segment(payload)+".x", "!")
		if err != nil || got != want {
			t.Errorf("%s: got %+v, %v", payload, got, err)
		}
	}
}

func TestLoginConfigIsChecked(t *testing.T) {
	good := Config{Authority: "https://login.example/common", ClientID: testClient, Scope: personScope + " offline_access", Cache: newMemoryCache()}
	if _, err := NewLogin(good); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		field string
		spoil func(*Config)
	}{
		{"Authority", func(c *Config) { c.Authority = "http://login.example/common" }},
		{"Tenant", func(c *Config) { c.Authority = "https://login.example" }},
		{"Cache", func(c *Config) { c.Cache = nil }},
		{"ClientID", func(c *Config) { c.ClientID = "" }},
		{"Scope", func(c *Config) { c.Scope = "a  b" }},
		{"Scope", func(c *Config) { c.Scope = "" }},
		{"Scope", func(c *Config) { c.Scope = "offline_access openid" }},
	} {
		config := good
		c.spoil(&config)
		_, err := NewLogin(config)
		if e, ok := errors.AsType[*ConfigError](err); !ok || e.Field != c.field {
			t.Errorf("got %v, want %s refused", err, c.field)
		}
	}
}

func FuzzState(f *testing.F) {
	f.Add([]byte(`{"version":1,"revision":3,"account":{"username":"a"},"msal":{},"tokens":[{"for":"x","secret":"y"}],"wait":{}}`))
	f.Add([]byte(""))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := decodeState(data)
		if err != nil {
			if !errors.Is(err, errState) || s.Version != stateVersion {
				t.Fatalf("got %+v, %v", s, err)
			}
			return
		}
		once, err := s.encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := decodeState(once)
		if err != nil {
			t.Fatal(err)
		}
		if twice, err := again.encode(); err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("got %s, want %s", twice, once)
		}
	})
}

func FuzzAccount(f *testing.F) {
	f.Add(`{"sub":"s","tid":"`+testTenantID+`"}`, `{"uid":"u","utid":"t"}`)
	f.Fuzz(func(t *testing.T, claims, info string) {
		a, err := accountFrom("e30."+segment(claims)+".x", segment(info))
		if err != nil {
			return
		}
		if strings.ContainsAny(a.Username+a.HomeAccountID+a.ObjectID, "\r\n\x00\x1b") || (a.TenantID != "" && !isGUID(a.TenantID)) {
			t.Fatalf("got %+v", a)
		}
		if again, err := accountFrom(a.idToken()+"x", ""); err != nil || again.HomeAccountID != a.HomeAccountID {
			t.Fatalf("MSAL would see %+v, %v instead of %+v", again, err, a)
		}
	})
}
