package entra

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// events collects what a Source tells.
type events struct {
	mu  sync.Mutex
	all []Event
}

func (e *events) add(event Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.all = append(e.all, event)
}

func (e *events) kinds() []EventKind {
	e.mu.Lock()
	defer e.mu.Unlock()
	var kinds []EventKind
	for _, event := range e.all {
		kinds = append(kinds, event.Kind)
	}
	return kinds
}

func wantKinds(t *testing.T, e *events, want ...EventKind) {
	t.Helper()
	if got := e.kinds(); !slices.Equal(got, want) {
		t.Errorf("got events %v, want %v", e.all, want)
	}
}

func TestValidTokenCostsNothing(t *testing.T) {
	s, cache := newTenant(t), newMemoryCache()
	s.signIn(t, s.config(cache))
	asked, locked, saved := len(s.paths), cache.locks, cache.saves
	cache.lockErr = errors.New("must not be locked")
	for range 2 {
		src := source(t, s.config(cache))
		if got := reveal(t, src.Token) + reveal(t, src.Token); got != "access~1access~1" {
			t.Errorf("got %q", got)
		}
	}
	if len(s.paths) != asked || cache.locks != locked || cache.saves != saved {
		t.Errorf("got %v, %d locks, %d saves more than at login", s.paths[asked:], cache.locks-locked, cache.saves-saved)
	}
}

// The tenant that the sign-in found is used from then on, and each refresh token is used once.
func TestRenewalRotates(t *testing.T) {
	s, cache := newTenant(t), newMemoryCache()
	s.signIn(t, s.config(cache))
	for n, want := range []string{"access~2", "access~3"} {
		expire(t, cache)
		locks := cache.locks
		if got := reveal(t, source(t, s.config(cache)).Token); got != want || cache.locks != locks+1 || s.refreshes() != n+1 {
			t.Errorf("got %q with %d locks and %d requests", got, cache.locks-locks, s.refreshes())
		}
	}
	if want := "POST /" + testTenantID + tokenPath; s.paths[len(s.paths)-1] != want {
		t.Errorf("got %s, want %s", s.paths[len(s.paths)-1], want)
	}
	if form := s.forms[len(s.forms)-1]; form.Get("refresh_token") != "refresh~2" || !strings.Contains(form.Get("scope"), personScope) {
		t.Errorf("got form %v", form)
	}
	if bytes.Contains(cache.data, []byte("refresh~2")) || bytes.Contains(cache.data, []byte("access~1")) {
		t.Error("a spent token is still kept")
	}
}

// Answers to a renewal may lack what belongs to a sign-in, and have it in forms that MSAL cannot read.
func TestRenewalByOtherIssuers(t *testing.T) {
	for name, extra := range map[string]string{
		"nothing":    ``,
		"opaque":     `,"id_token":"opaque","client_info":"!"`,
		"number":     `,"refresh_in":"x7"`,
		"other user": `,"id_token":"` + segment(`{}`) + "." + segment(`{"sub":"other"}`) + `.x"`,
	} {
		s, cache := newTenant(t), newMemoryCache()
		s.signIn(t, s.config(cache))
		s.refuse = func(w http.ResponseWriter, form url.Values) bool {
			if form.Get("refresh_token") == "refresh~1" {
				s.refresh = "other~2"
				writeJSON(w, 200, `{"access_token":"other~1","expires_in":"3600","refresh_token":"other~2"`+extra+`}`)
				return true
			}
			return false
		}
		expire(t, cache)
		got := reveal(t, source(t, s.config(cache)).Token)
		expire(t, cache)
		if got += reveal(t, source(t, s.config(cache)).Token); got != "other~1access~2" {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestOldRefreshTokenStaysWithoutANewOne(t *testing.T) {
	s, cache := newTenant(t), newMemoryCache()
	s.signIn(t, s.config(cache))
	s.refuse = func(w http.ResponseWriter, _ url.Values) bool {
		writeJSON(w, 200, `{"access_token":"other~1","expires_in":3600}`)
		return true
	}
	for range 2 {
		expire(t, cache)
		reveal(t, source(t, s.config(cache)).Token)
	}
	if got := s.forms[len(s.forms)-1].Get("refresh_token"); got != "refresh~1" {
		t.Errorf("got %q", got)
	}
}

func TestTwentySourcesRenewOnce(t *testing.T) {
	s := newTenant(t)
	for name, cache := range map[string]Cache{"memory": newMemoryCache(), "file": fileCache(t.TempDir())} {
		s.signIn(t, s.config(cache))
		before := s.refreshes()
		expire(t, cache)
		var all sync.WaitGroup
		for range 20 {
			src := source(t, s.config(cache))
			all.Go(func() {
				if _, err := src.Token(t.Context()); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
		all.Wait()
		if got := s.refreshes() - before; got != 1 {
			t.Errorf("%s: got %d renewals, want 1", name, got)
		}
	}
}

// After a 535 every process wants another token; the first one's will do for all.
func TestFreshOfTwoSourcesIsOneRequest(t *testing.T) {
	s, cache := newTenant(t), newMemoryCache()
	s.signIn(t, s.config(cache))
	a, b := source(t, s.config(cache)), source(t, s.config(cache))
	got := []string{reveal(t, a.Token), reveal(t, b.Token), reveal(t, a.Fresh), reveal(t, b.Fresh), reveal(t, b.Fresh)}
	if want := []string{"access~1", "access~1", "access~2", "access~2", "access~3"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestNobodySignedIn(t *testing.T) {
	s, cache := newTenant(t), newMemoryCache()
	if _, err := source(t, s.config(cache)).Token(t.Context()); !errors.Is(err, ErrNotSignedIn) {
		t.Errorf("got %v, want %v", err, ErrNotSignedIn)
	}
	s.signIn(t, s.config(cache))
	other := s.config(cache)
	other.ClientID = "22222222-2222-3333-4444-555555555555"
	if _, err := source(t, other).Token(t.Context()); !errors.Is(err, ErrNotSignedIn) {
		t.Errorf("another client: got %v, want %v", err, ErrNotSignedIn)
	}
}

// A token for another scope comes from the same sign-in, and both are kept.
func TestScopesShareASignIn(t *testing.T) {
	s, cache := newTenant(t), newMemoryCache()
	s.signIn(t, s.config(cache))
	imap := s.config(cache)
	imap.Scope = "https://outlook.office.com/IMAP.AccessAsUser.All"
	for range 2 {
		got := reveal(t, source(t, imap).Token) + " " + reveal(t, source(t, s.config(cache)).Token)
		if got != "access~2 access~1" {
			t.Errorf("got %s", got)
		}
	}
}

func TestApplicationSharesItsToken(t *testing.T) {
	i, cache := newIssuer(t, numbered(3600)), newMemoryCache()
	config := i.config(secretCredential(t))
	config.Cache = cache
	for range 3 {
		if got := reveal(t, source(t, config).Token); got != "token-1" {
			t.Errorf("got %q", got)
		}
	}
	expire(t, cache)
	if got := reveal(t, source(t, config).Token); got != "token-2" || i.requests(t) != 2 || cache.saves != 3 {
		t.Errorf("got %q, %d requests, %d saves", got, i.requests(t), cache.saves)
	}
	if bytes.Contains(cache.data, []byte(testSecret)) {
		t.Error("the client secret is in the cache")
	}
}

// A cancellation between the answer and the save would lose a refresh token that can be used once.
func TestCancellationDoesNotLoseTheToken(t *testing.T) {
	s, cache := newTenant(t), newMemoryCache()
	s.signIn(t, s.config(cache))
	expire(t, cache)
	ctx, cancel := context.WithCancel(t.Context())
	config := s.config(cache)
	clock := 0
	config.Now = func() time.Time {
		if clock++; s.refreshes() == 1 {
			cancel()
		}
		return time.Now()
	}
	_, _ = source(t, config).Token(ctx)
	if ctx.Err() == nil || cache.savedWith != nil || !bytes.Contains(cache.data, []byte("refresh~2")) {
		t.Errorf("got %v at the save; the context is %v", cache.savedWith, ctx.Err())
	}
}
