package entra

import (
	"testing"
	"time"
)

func TestLastToken(t *testing.T) {
	var s state
	s.Version = stateVersion
	now := time.Now()
	for _, secret := range []string{"first", "second"} {
		s.put(record{For: secret, Secret: secret, Got: now, Expires: now.Add(time.Hour)})
	}
	kept, err := s.encode()
	if err != nil {
		t.Fatal(err)
	}
	if token, ok := LastToken(kept); !ok || token.Reveal() != "second" {
		t.Errorf("got %q, %v, want the token that came last", token.Reveal(), ok)
	}
	for _, none := range []string{"", " ", "{}", "garbage", `{"version":1}`, `{"version":99,"tokens":[{"secret":"x"}]}`} {
		if token, ok := LastToken([]byte(none)); ok {
			t.Errorf("%q: got %q", none, token.Reveal())
		}
	}
}

func TestAppOnly(t *testing.T) {
	for name, c := range map[string]struct {
		claims Claims
		want   bool
	}{
		"says so":             {Claims{IDType: "app", User: "x"}, true},
		"roles and no person": {Claims{Roles: []string{"SMTP.SendAsApp"}}, true},
		"nothing":             {Claims{}, true},
		"person":              {Claims{User: "ada@contoso.com", Scopes: []string{"SMTP.Send"}}, false},
		"scopes alone":        {Claims{Scopes: []string{"SMTP.Send"}}, false},
		"person alone":        {Claims{User: "ada@contoso.com"}, false},
	} {
		if got := c.claims.AppOnly(); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
