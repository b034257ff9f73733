package entra

import (
	"context"
	"errors"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"
)

// visit is a person who signs in at the address, on another machine.
func (s *tenant) visit(_ context.Context, address string, _ error) (string, error) {
	resp, err := s.Client().Get(address)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	query, err := io.ReadAll(resp.Body)
	return "http://localhost/?" + string(query), err
}

func TestPaste(t *testing.T) {
	s := newTenant(t)
	cache := newMemoryCache()
	got := s.signIn(t, s.config(cache))
	want := Account{Username: testUser, TenantID: testTenantID, ObjectID: "o-1", HomeAccountID: "u-1.t-1"}
	if got.Account != want || got.Token.Reveal() != "access~1" {
		t.Errorf("got %+v and %q, want %+v", got.Account, got.Token.Reveal(), want)
	}
	if cache.locks != 1 || cache.saves != 1 {
		t.Errorf("got %d locks and %d saves, want one each", cache.locks, cache.saves)
	}
}

// What a person may paste instead is asked for again, but not for ever.
func TestPasteOfSomethingElse(t *testing.T) {
	s := newTenant(t)
	wrong := []string{"", "hello", "http://localhost/?code=c0de~0&state=wrong", "http://localhost/?code=c0de~0", "http://localhost/?%zz", strings.Repeat("x", maxPasted+1)}
	asked := 0
	_, err := login(t, s.config(newMemoryCache())).Paste(t.Context(), func(_ context.Context, _ string, again error) (string, error) {
		if (asked == 0) != (again == nil) {
			t.Errorf("question %d: got %v", asked, again)
		}
		asked++
		return wrong[asked%len(wrong)], nil
	})
	var ended *SignInError
	if !errors.As(err, &ended) || !errors.Is(err, ErrNotTheAddress) || ended.Step != StepAuthorize || asked != pasteTries {
		t.Errorf("got %v after %d questions", err, asked)
	}
	if len(s.forms) != 0 {
		t.Errorf("got %d token requests, want none", len(s.forms))
	}
}

func TestPasteForms(t *testing.T) {
	s := newTenant(t)
	for name, write := range map[string]func(string) string{
		"as it is":      func(a string) string { return a },
		"query alone":   func(a string) string { return strings.TrimPrefix(a, "http://localhost/?") },
		"wrapped":       func(a string) string { return " <" + a[:30] + "\r\n  " + a[30:] + ">\n" },
		"quoted":        func(a string) string { return `"` + a + `"` },
		"with fragment": func(a string) string { return a + "#x" },
	} {
		_, err := login(t, s.config(newMemoryCache())).Paste(t.Context(), func(ctx context.Context, address string, again error) (string, error) {
			if again != nil {
				return "", again
			}
			text, err := s.visit(ctx, address, nil)
			return write(text), err
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAuthorizationIsRefused(t *testing.T) {
	s := newTenant(t)
	_, err := login(t, s.config(newMemoryCache())).Paste(t.Context(), func(_ context.Context, address string, _ error) (string, error) {
		u, err := url.Parse(address)
		answer := url.Values{
			"error": {"access_denied"}, "error_subcode": {"cancel"}, "state": {u.Query().Get("state")},
			"error_description": {"AADSTS65004: User declined to consent.\r\nTrace ID: trace-1\r\nCorrelation ID: correlation-1\r\n state " + u.Query().Get("state") + "\x1b[1m"},
		}
		return "http://localhost/?" + answer.Encode(), err
	})
	var e *Error
	if !errors.As(err, &e) || e.Step != StepAuthorize || e.Code != "access_denied" || e.Suberror != "cancel" ||
		len(e.AADSTS) != 1 || e.AADSTS[0] != "65004" || e.TraceID != "trace-1" || e.CorrelationID != "correlation-1" {
		t.Fatalf("got %#v", err)
	}
	if strings.ContainsAny(e.Description, "\r\n\x1b") || !strings.Contains(e.Description, "state REDACTED") {
		t.Errorf("got %q", e.Description)
	}
}

func TestAuthorizationRequest(t *testing.T) {
	s := newTenant(t)
	config := s.config(newMemoryCache())
	config.Scope += " offline_access"
	l := login(t, config)
	l.Claims = `{"access_token":{}}`
	seen := map[string]bool{}
	for _, hint := range []string{"", testUser} {
		l.Hint = hint
		u, err := url.Parse(l.authorization("http://localhost:1", modeForm).address)
		if err != nil {
			t.Fatal(err)
		}
		query := u.Query()
		for name, want := range map[string]string{
			"client_id": testClient, "response_type": "code", "response_mode": "form_post", "code_challenge_method": "S256", "claims": l.Claims,
			"redirect_uri": "http://localhost:1", "login_hint": hint, "scope": personScope + " openid offline_access profile",
			"prompt": map[bool]string{true: "select_account"}[hint == ""],
		} {
			if got := query.Get(name); got != want {
				t.Errorf("%s: got %q, want %q", name, got, want)
			}
		}
		for _, unique := range []string{query.Get("state"), query.Get("code_challenge")} {
			if len(unique) != 43 || seen[unique] {
				t.Errorf("got %q, want 256 new bits", unique)
			}
			seen[unique] = true
		}
		if u.Path != "/organizations"+authorizePath {
			t.Errorf("got path %s", u.Path)
		}
	}
}

func TestPasteEnds(t *testing.T) {
	l := login(t, newTenant(t).config(newMemoryCache()))
	ours := errors.New("no terminal")
	_, err := l.Paste(t.Context(), func(context.Context, string, error) (string, error) { return "", ours })
	if !errors.Is(err, ours) {
		t.Errorf("got %v, want %v", err, ours)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err = l.Paste(ctx, func(context.Context, string, error) (string, error) { cancel(); return "", nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want it canceled", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err = l.Paste(ctx, func(ctx context.Context, _ string, _ error) (string, error) { <-ctx.Done(); return "", nil })
	if !errors.Is(err, ErrNobodySignedIn) {
		t.Errorf("got %v, want %v", err, ErrNobodySignedIn)
	}
}

func FuzzPasted(f *testing.F) {
	f.Add("http://localhost/?code=1&state=2")
	f.Add("code=1&state=2#x")
	f.Fuzz(func(t *testing.T, text string) {
		r := authorization{state: "state-1", verifier: "verifier-1"}
		query := parsePasted(text)
		if !r.answers(query) {
			return
		}
		if !strings.Contains(text, "state") {
			t.Fatalf("%q was believed", text)
		}
		if code, err := r.code(query); err == nil && !isBearer(code) {
			t.Fatalf("got code %q", code)
		}
	})
}
