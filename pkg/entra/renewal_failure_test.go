package entra

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func down(w http.ResponseWriter, _ url.Values) bool {
	writeJSON(w, 503, "<html>maintenance")
	return true
}

func observed(c Config) (Config, *events) {
	e := &events{}
	c.Report = e.add
	return c, e
}

// A server that is down does not fail a call whose token is still valid.
func TestFailedRenewalServesTheValidToken(t *testing.T) {
	s, cache := newTenant(t), newMemoryCache()
	s.signIn(t, s.config(cache))
	s.refuse = down
	config, told := observed(s.config(cache))
	src := source(t, config)
	shorten(t, cache, 2*time.Minute)
	if got := reveal(t, src.Token); got != "access~1" {
		t.Errorf("got %q", got)
	}
	wantKinds(t, told, EventRenewalFailed)
	if _, ok := errors.AsType[*ResponseError](told.all[0].Err); !ok || told.all[0].ExpiresOn.IsZero() {
		t.Errorf("got %+v", told.all[0])
	}
	// A server refused it: the same token would not do.
	if _, err := src.Fresh(t.Context()); err == nil {
		t.Error("got the refused token again")
	}
	expire(t, cache)
	if _, err := source(t, config).Token(t.Context()); err == nil {
		t.Error("got an expired token")
	}
}

func TestRenewalInTime(t *testing.T) {
	s, cache := newTenant(t), newMemoryCache()
	s.refreshIn = 1800
	s.signIn(t, s.config(cache))
	now := time.Now()
	config, told := observed(s.config(cache))
	config.Now = func() time.Time { return now }
	src := source(t, config)
	steps := []struct {
		after time.Duration
		fail  bool
		want  string
		asked int
	}{
		{0, false, "access~1", 0},
		{31 * time.Minute, true, "access~1", 1},  // due, and the server is down
		{32 * time.Minute, true, "access~1", 1},  // nobody tries again at once
		{37 * time.Minute, true, "access~1", 2},  // but after a while
		{43 * time.Minute, false, "access~2", 3}, // until it works
		{50 * time.Minute, false, "access~2", 3},
	}
	start := now
	for _, step := range steps {
		s.set(func() {
			s.ahead = step.after
			if s.refuse = nil; step.fail {
				s.refuse = down
			}
		})
		now = start.Add(step.after)
		if got := reveal(t, src.Token); got != step.want || s.refreshes() != step.asked {
			t.Errorf("after %v: got %q and %d requests, want %q and %d", step.after, got, s.refreshes(), step.want, step.asked)
		}
	}
	wantKinds(t, told, EventRenewalFailed, EventRenewalFailed, EventRenewed)
}

// Somebody else is renewing: a token that is only due is served at once.
func TestDueTokenDoesNotWaitForTheLock(t *testing.T) {
	s, cache := newTenant(t), newMemoryCache()
	s.refreshIn = 1
	s.signIn(t, s.config(cache))
	config, told := observed(s.config(cache))
	config.Now = func() time.Time { return time.Now().Add(time.Minute) }
	unlock, err := cache.Lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	if got := reveal(t, source(t, config).Token); got != "access~1" {
		t.Errorf("got %q", got)
	}
	wantKinds(t, told)
}

func TestLockThatIsNeverFreed(t *testing.T) {
	s, cache := newTenant(t), newMemoryCache()
	s.signIn(t, s.config(cache))
	expire(t, cache)
	if _, err := cache.Lock(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	_, err := source(t, s.config(cache)).Token(ctx)
	if e, ok := errors.AsType[*CacheError](err); !ok || e.Op != "lock" || !errors.Is(err, context.DeadlineExceeded) || s.refreshes() != 0 {
		t.Errorf("got %v with %d requests", err, s.refreshes())
	}
}

func TestShortTokenIsServedAndTold(t *testing.T) {
	s, cache := newTenant(t), newMemoryCache()
	s.life = 400
	s.signIn(t, s.config(cache))
	config, told := observed(s.config(cache))
	config.MinLife = 10 * time.Minute
	if got := reveal(t, source(t, config).Token); got != "access~2" || s.refreshes() != 1 {
		t.Errorf("got %q and %d requests", got, s.refreshes())
	}
	wantKinds(t, told, EventRenewed, EventShortLived)
}

func throttle(w http.ResponseWriter, _ url.Values) bool {
	w.Header().Set("Retry-After", "30")
	writeJSON(w, 429, `{"error":"temporarily_unavailable","error_description":"AADSTS90055: throttled","error_codes":[90055]}`)
	return true
}

// Every process obeys Retry-After, not only the one that was told.
func TestRetryAfterIsObeyed(t *testing.T) {
	s, cache := newTenant(t), newMemoryCache()
	s.signIn(t, s.config(cache))
	expire(t, cache)
	s.refuse = throttle
	now := time.Now()
	config := s.config(cache)
	config.Now = func() time.Time { return now }
	for n, left := range []time.Duration{30 * time.Second, 20 * time.Second, 10 * time.Second} {
		_, err := source(t, config).Token(t.Context())
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Status != 429 || e.RetryAfter.Round(time.Second) != left || len(e.AADSTS) != 1 || s.refreshes() != 1 {
			t.Fatalf("call %d: got %#v after %d requests", n, err, s.refreshes())
		}
		now = now.Add(10 * time.Second)
	}
	s.set(func() { s.refuse = nil })
	if got := reveal(t, source(t, config).Token); got != "access~2" {
		t.Errorf("got %q", got)
	}
}

func TestWaitIsBounded(t *testing.T) {
	now := time.Now()
	w := waitFrom(&Error{Status: 503, RetryAfter: 24 * time.Hour}, now)
	if w == nil || w.err("h", now) == nil || w.err("h", now.Add(maxWait)) != nil {
		t.Errorf("got %+v", w)
	}
	if w.err("h", now.Add(-time.Hour)) != nil {
		t.Error("a clock that was set back must not hold everybody up")
	}
	page := waitFrom(&ResponseError{Status: 429, RetryAfter: time.Second}, now)
	if e, ok := errors.AsType[*ResponseError](page.err("h", now)); !ok || e.Status != 429 || e.RetryAfter != time.Second || e.Host != "h" {
		t.Errorf("got %v of a page", e)
	}
	for _, err := range []error{&Error{Status: 400, RetryAfter: time.Second}, &Error{Status: 429}, &ResponseError{Status: 502, RetryAfter: time.Second}, nil} {
		if got := waitFrom(err, now); got != nil {
			t.Errorf("%v: got %+v", err, got)
		}
	}
}

func TestClockThatWasWrong(t *testing.T) {
	s, cache := newTenant(t), newMemoryCache()
	ahead := s.config(cache)
	ahead.Now = func() time.Time { return time.Now().Add(24 * time.Hour) }
	s.signIn(t, ahead)
	if got := reveal(t, source(t, s.config(cache)).Token); got != "access~2" {
		t.Errorf("got %q: a token from the future was believed", got)
	}
}

// The refusal is final, and nothing that is kept is touched.
func TestInvalidGrantChangesNothing(t *testing.T) {
	s, cache := newTenant(t), newMemoryCache()
	s.signIn(t, s.config(cache))
	expire(t, cache)
	before := bytes.Clone(cache.data)
	s.set(func() { s.refresh = "another" })
	_, err := source(t, s.config(cache)).Token(t.Context())
	if e, ok := errors.AsType[*Error](err); !ok || e.Code != "invalid_grant" || s.refreshes() != 1 {
		t.Errorf("got %v after %d requests", err, s.refreshes())
	}
	if !bytes.Equal(cache.data, before) {
		t.Error("the cache was changed")
	}
}

// Where locks do not work, two processes spend the same refresh token. The loser finds what the
// winner got, although the winner saves it only after the loser was refused.
func TestLoserUsesTheWinnersToken(t *testing.T) {
	for _, left := range []time.Duration{time.Hour, -time.Second} {
		s, cache, winners := newTenant(t), newMemoryCache(), newMemoryCache()
		s.signIn(t, s.config(cache))
		expire(t, cache)
		winners.data = cache.data
		reveal(t, source(t, s.config(winners)).Token) // has spent the refresh token
		if left < 0 {
			expire(t, winners)
		}
		cache.lockErr = errors.New("no locks here")
		s.refuse = func(_ http.ResponseWriter, form url.Values) bool {
			if form.Get("refresh_token") == "refresh~1" {
				cache.mu.Lock()
				defer cache.mu.Unlock()
				cache.arrives, cache.arrivesAt = winners.data, cache.loads+2
			}
			return false
		}
		config, told := observed(s.config(cache))
		want := map[bool]string{true: "access~2", false: "access~3"}[left > 0]
		if got := reveal(t, source(t, config).Token); got != want {
			t.Errorf("left %v: got %q, want %q", left, got, want)
		}
		if told.kinds()[0] != EventNotLocked {
			t.Errorf("got %v", told.kinds())
		}
	}
}

// Clocks that disagree are told of, whichever is behind and whatever the answer is.
func TestClockOff(t *testing.T) {
	for skew, want := range map[time.Duration]string{
		10 * time.Minute: "the clock of this machine is 10m0s behind ", -time.Hour: "the clock of this machine is 1h0m0s ahead of ", 4 * time.Minute: "",
	} {
		s, cache := newTenant(t), newMemoryCache()
		s.signIn(t, s.config(cache))
		s.ahead = skew
		config, told := observed(s.config(cache))
		src := source(t, config)
		for _, s.refuse = range []func(http.ResponseWriter, url.Values) bool{nil, down} {
			_, _ = src.Fresh(t.Context())
		}
		var said []string
		for _, e := range told.all {
			if e.Kind == EventClock {
				said = append(said, e.Err.Error())
			}
		}
		if wrong := len(said) != 2 || !strings.HasPrefix(said[0], want) || said[0] != said[1]; wrong && (want != "" || said != nil) {
			t.Errorf("%v: got %q", skew, said)
		}
	}
}
