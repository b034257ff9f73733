package entra

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// browse is a browser that signs in and brings the answer to the redirect address.
func (s *tenant) browse(ctx context.Context, t *testing.T, address string) {
	t.Helper()
	status, page := deliver(ctx, t, redirectOf(t, address), s.answerTo(ctx, t, address))
	if status != http.StatusOK || !strings.Contains(page, pageDone) {
		t.Errorf("got %d %q", status, page)
	}
}

func (s *tenant) answerTo(ctx context.Context, t *testing.T, address string) url.Values {
	t.Helper()
	text, err := s.visit(ctx, address, nil)
	if err != nil {
		t.Error(err)
	}
	return parsePasted(text)
}

func redirectOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Error(err)
	}
	return u.Query().Get("redirect_uri")
}

func deliver(ctx context.Context, t *testing.T, redirect string, form url.Values) (int, string) {
	t.Helper()
	return fetch(ctx, t, http.MethodPost, redirect+"/", strings.NewReader(form.Encode()))
}

func fetch(ctx context.Context, t *testing.T, method, address string, body io.Reader) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Error(err)
	}
	return resp.StatusCode, string(page)
}

// browser signs in and waits for the browser as well.
func (s *tenant) browser(t *testing.T, open func(ctx context.Context, address string) error) (SignIn, error) {
	t.Helper()
	closed := make(chan struct{})
	defer func() { <-closed }()
	return login(t, s.config(newMemoryCache())).Browser(t.Context(), func(ctx context.Context, address string) error {
		defer close(closed)
		return open(ctx, address)
	})
}

func TestBrowser(t *testing.T) {
	s := newTenant(t)
	got, err := s.browser(t, func(ctx context.Context, address string) error {
		s.browse(ctx, t, address)
		return nil
	})
	if err != nil || got.Account.TenantID != testTenantID || got.Token.Reveal() != "access~1" {
		t.Fatalf("got %+v, %v", got.Account, err)
	}
	if form := s.forms[0]; !strings.HasPrefix(form.Get("redirect_uri"), "http://localhost:") || form.Get("client_id") != testClient {
		t.Errorf("got form %v", form)
	}
}

// A loopback port is open to everybody on the machine; what they send must not end the sign-in.
func TestBrowserSurvivesStrayRequests(t *testing.T) {
	s := newTenant(t)
	got, err := s.browser(t, func(ctx context.Context, address string) error {
		redirect := redirectOf(t, address)
		answer := s.answerTo(ctx, t, address)
		forged := url.Values{"code": {"stolen"}, "state": {answer.Get("state") + "x"}}
		refused := url.Values{"error": {"access_denied"}}
		nothing := url.Values{"state": answer["state"]}
		for _, stray := range []struct{ method, address, body string }{
			{http.MethodGet, redirect + "/favicon.ico", ""},
			{http.MethodGet, redirect + "/", ""},
			{http.MethodHead, redirect + "/", ""},
			{http.MethodOptions, redirect + "/?" + answer.Encode(), ""},
			{http.MethodGet, redirect + "/other?" + answer.Encode(), ""},
			{http.MethodGet, redirect + "/?" + forged.Encode(), ""},
			{http.MethodPost, redirect + "/", forged.Encode()},
			{http.MethodPost, redirect + "/", refused.Encode()},
			{http.MethodPost, redirect + "/", nothing.Encode()},
			{http.MethodPost, redirect + "/", "%zz"},
			{http.MethodPost, redirect + "/", strings.Repeat("x", maxRedirectBody+1)},
		} {
			if status, _ := fetch(ctx, t, stray.method, stray.address, strings.NewReader(stray.body)); status != http.StatusNotFound {
				t.Errorf("%s %s: got %d", stray.method, stray.address, status)
			}
		}
		knock(t, redirect, "")
		knock(t, redirect, "\x00\x16\x03\x01 not HTTP\r\n\r\n")
		s.browse(ctx, t, address)
		return nil
	})
	if err != nil || got.Account.Username != testUser {
		t.Fatalf("got %+v, %v", got.Account, err)
	}
}

// knock is a port scanner.
func knock(t *testing.T, redirect, text string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(redirect, "http://"))
	if err != nil {
		t.Error(err)
		return
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, text)
}

// Some servers redirect instead of posting a form, some browsers load a page twice, and localhost
// is one of two addresses.
func TestBrowserTakesEveryForm(t *testing.T) {
	s := newTenant(t)
	for _, host := range []string{"localhost", "127.0.0.1", "[::1]"} {
		_, err := s.browser(t, func(ctx context.Context, address string) error {
			redirect := strings.Replace(redirectOf(t, address), "localhost", host, 1)
			if conn, err := net.Dial("tcp", strings.TrimPrefix(redirect, "http://")); err != nil && host == "[::1]" {
				redirect = redirectOf(t, address) // a machine without IPv6
			} else if err == nil {
				conn.Close()
			}
			status, _ := fetch(ctx, t, http.MethodGet, redirect+"/?"+s.answerTo(ctx, t, address).Encode(), http.NoBody)
			if status != http.StatusOK {
				t.Errorf("%s: got %d", host, status)
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
}

func TestBrowserIsRefused(t *testing.T) {
	s := newTenant(t)
	_, err := s.browser(t, func(ctx context.Context, address string) error {
		u, err := url.Parse(address)
		answer := url.Values{"error": {"consent_required"}, "error_description": {"AADSTS65001: <script>"}, "state": u.Query()["state"]}
		if _, page := deliver(ctx, t, redirectOf(t, address), answer); !strings.Contains(page, pageRefused) || strings.Contains(page, "65001") {
			t.Errorf("got page %q", page)
		}
		return err
	})
	if e, ok := errors.AsType[*Error](err); !ok || e.Code != "consent_required" || e.Step != StepAuthorize {
		t.Errorf("got %v", err)
	}
}

func TestBrowserEnds(t *testing.T) {
	l := login(t, newTenant(t).config(newMemoryCache()))
	ours := errors.New("no browser")
	if _, err := l.Browser(t.Context(), func(context.Context, string) error { return ours }); !errors.Is(err, ours) {
		t.Errorf("got %v, want %v", err, ours)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err := l.Browser(ctx, func(context.Context, string) error { return nil })
	if e, ok := errors.AsType[*SignInError](err); !ok || !errors.Is(err, ErrNobodySignedIn) || e.Step != StepAuthorize {
		t.Errorf("got %v, want %v", err, ErrNobodySignedIn)
	}
	ctx, cancel = context.WithCancel(t.Context())
	_, err = l.Browser(ctx, func(ctx context.Context, _ string) error { cancel(); <-ctx.Done(); return ctx.Err() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want it canceled", err)
	}
}
