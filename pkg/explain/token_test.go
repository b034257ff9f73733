package explain

import "testing"

func TestMatchToken(t *testing.T) {
	for _, c := range []struct {
		name string
		give TokenError
		want string
	}{
		{"one number", TokenError{Codes: []string{"7000215"}, OAuthError: "invalid_client"}, "aadsts-7000215"},
		{"the last of two numbers", TokenError{Codes: []string{"50076", "7000222"}}, "aadsts-7000222"},
		{"the last known number", TokenError{Codes: []string{"7000222", "999999999"}}, "aadsts-7000222"},
		{"a number of the same family", TokenError{Codes: []string{"5000229"}}, "aadsts-5000224"},
		{"the number wins over the suberror", TokenError{Codes: []string{"7000215"}, Suberror: "consent_required"}, "aadsts-7000215"},
		{"suberror alone", TokenError{OAuthError: "invalid_grant", Suberror: "consent_required"}, "aadsts-65001"},
		{"an error without a number", TokenError{OAuthError: "slow_down"}, "oauth-slow-down"},
		{"by its text", TokenError{OAuthError: "invalid_request", Description: "Identity not found"}, "imds-identity-not-found"},
	} {
		e, ok := New().MatchToken(c.give)
		if !ok || e.ID != c.want {
			t.Errorf("%s: got %v, %v, want %s", c.name, e, ok, c.want)
		}
	}
}

func TestUnknownTokenError(t *testing.T) {
	for _, give := range []TokenError{
		{}, {OAuthError: "invalid_request"}, {OAuthError: "invalid_client", Codes: []string{"1"}}, {Suberror: "new_one"},
	} {
		if e, ok := New().MatchToken(give); ok {
			t.Errorf("%+v matched %s", give, e.ID)
		}
	}
}

// Every number of the data must lead back to its entry.
func TestEveryNumberIsFound(t *testing.T) {
	b := New()
	for _, e := range b.TokenErrors() {
		for _, code := range e.Codes {
			if got, ok := b.MatchToken(TokenError{Codes: []string{code}}); !ok || got != e {
				t.Errorf("%s: got %v, want %s", code, got, e.ID)
			}
		}
	}
}

func TestTokenErrorOutcome(t *testing.T) {
	for _, c := range []struct {
		give TokenError
		want Outcome
	}{
		{TokenError{OAuthError: "invalid_client", Status: 401}, Outcome{Permanent, 77}},
		{TokenError{OAuthError: "unauthorized_client", Status: 400}, Outcome{Permanent, 77}},
		{TokenError{OAuthError: "invalid_scope", Status: 400}, Outcome{Permanent, 78}},
		{TokenError{OAuthError: "temporarily_unavailable", Status: 503}, Outcome{Temporary, 75}},
		{TokenError{OAuthError: "invalid_client", Status: 503}, Outcome{Permanent, 77}},
		{TokenError{Status: 429}, Outcome{Temporary, 75}},
		{TokenError{Status: 502}, Outcome{Temporary, 75}},
		{TokenError{Status: 403}, Outcome{Permanent, 77}},
	} {
		if got := c.give.Outcome(); got != c.want {
			t.Errorf("%+v: got %+v, want %+v", c.give, got, c.want)
		}
	}
}
