package entra

import (
	"bytes"
	"context"
	"errors"
	"time"
)

// Bounds of a renewal.
const (
	renewLimit = 45 * time.Second // the request, while others wait for the lock
	lockLimit  = time.Minute      // the wait for the others

	earlyLimit = 10 * time.Second       // of a renewal that could be done without
	earlyLock  = 100 * time.Millisecond // somebody else is at it
	earlyPause = 5 * time.Minute        // after one that failed
)

// renew gets a token under the lock, unless enough finds that another process did.
func (s *Source) renew(ctx context.Context, enough func(record) bool) (record, error) {
	return s.locked(ctx, lockLimit, func(safe bool) (record, error) {
		if r := s.current(); enough(r) {
			return r, nil
		}
		return s.request(ctx, safe)
	})
}

// renewOr renews; when that fails, a token that has little time left is better than none.
func (s *Source) renewOr(ctx context.Context, old record) (Token, error) {
	r, err := s.renew(ctx, func(r record) bool { return r.lives(s.config.Now(), s.minLife()) })
	if err == nil {
		return s.serve(r), nil
	}
	if r = s.current(); !r.lives(s.config.Now(), 0) {
		r = old
	}
	if !r.lives(s.config.Now(), 0) || errors.Is(ctx.Err(), context.Canceled) {
		return Token{}, err
	}
	s.config.Report(Event{EventRenewalFailed, r.Expires, err})
	return s.serve(r), nil
}

// renewEarly renews a token that is due but valid. Nobody waits long for it, and after a failure
// nobody tries again for a while.
func (s *Source) renewEarly(ctx context.Context, old record) record {
	ctx, cancel := context.WithTimeout(ctx, earlyLimit)
	defer cancel()
	r, err := s.locked(ctx, earlyLock, func(safe bool) (record, error) {
		r := s.current()
		if r.lives(s.config.Now(), s.minLife()) && !r.due(s.config.Now()) {
			return r, nil
		}
		fresh, err := s.request(ctx, safe)
		if err != nil {
			s.config.Report(Event{EventRenewalFailed, old.Expires, err})
			s.postpone(ctx, r)
		}
		return fresh, err
	})
	if err != nil {
		return old
	}
	return r
}

func (s *Source) postpone(ctx context.Context, r record) {
	if r.Secret == "" {
		return
	}
	r.Renew = s.config.Now().Add(earlyPause)
	s.state.put(r)
	s.save(ctx)
}

// locked runs a renewal with the state as the cache has it now. It goes on without the lock when
// that cannot be had at all, which is not safe: a read-only store must not stop a mail.
func (s *Source) locked(ctx context.Context, limit time.Duration, do func(safe bool) (record, error)) (record, error) {
	unlock, safe, err := s.lockCache(ctx, limit)
	if err != nil {
		return record{}, err
	}
	defer unlock()
	if err := s.load(ctx); err != nil {
		if s.flow.check(&s.state) != nil {
			return record{}, err
		}
		s.config.Report(Event{Kind: EventNotLoaded, Err: err})
	}
	return do(safe)
}

func (s *Source) lockCache(ctx context.Context, limit time.Duration) (unlock func(), safe bool, err error) {
	if s.config.Cache == nil {
		return func() {}, true, nil
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	unlock, err = s.config.Cache.Lock(ctx)
	switch {
	case err == nil:
		return unlock, true, nil
	case ctx.Err() != nil:
		return nil, false, &CacheError{"lock", err}
	}
	s.config.Report(Event{Kind: EventNotLocked, Err: &CacheError{"lock", err}})
	return func() {}, false, nil
}

func (s *Source) current() record { return s.state.token(s.flow.purpose(&s.state)) }

// request makes the one request, or none while the issuer wants to be left alone.
func (s *Source) request(ctx context.Context, safe bool) (record, error) {
	if err := s.state.Wait.err(s.flow.host(), s.config.Now()); err != nil {
		return record{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, renewLimit)
	defer cancel()
	g, err := s.flow.acquire(ctx, &s.state)
	if isInvalidGrant(err) {
		var winner record
		if g, winner, err = s.afterInvalidGrant(ctx, err, safe); winner.Secret != "" {
			return winner, nil
		}
	}
	if err != nil {
		if w := waitFrom(err, s.config.Now()); w != nil {
			s.state.Wait = w
			s.save(ctx)
		}
		return record{}, err
	}
	return s.keep(ctx, g), nil
}

// keep saves the token with what came along, and tells.
func (s *Source) keep(ctx context.Context, g grant) record {
	r := g.record(s.flow.purpose(&s.state))
	s.state.Wait = nil
	s.state.put(r)
	s.save(ctx)
	s.config.Report(Event{Kind: EventRenewed, ExpiresOn: r.Expires})
	if !r.lives(s.config.Now(), s.minLife()) {
		s.config.Report(Event{Kind: EventShortLived, ExpiresOn: r.Expires})
	}
	return r
}

func isInvalidGrant(err error) bool {
	var refusal *Error
	return errors.As(err, &refusal) && refusal.Code == "invalid_grant"
}

// afterInvalidGrant looks whether another process has spent the same refresh token: its token is
// as good, and so is the refresh token that it got. Nothing is written: the winner's must stay.
func (s *Source) afterInvalidGrant(ctx context.Context, refused error, safe bool) (grant, record, error) {
	spent := s.state.MSAL
	s.unsaved = false
	if len(spent) == 0 || !s.reload(ctx, spent, safe) {
		return grant{}, record{}, refused
	}
	if r := s.current(); r.lives(s.config.Now(), s.minLife()) {
		return grant{}, r, nil
	}
	g, err := s.flow.acquire(ctx, &s.state)
	return g, record{}, err
}

// reload reports whether the cache has another refresh token than the spent one. Without the lock
// the winner may not have saved it yet.
func (s *Source) reload(ctx context.Context, spent []byte, safe bool) bool {
	const pause, tries = 250 * time.Millisecond, 8
	timer := time.NewTicker(pause)
	defer timer.Stop()
	for range tries {
		if s.load(ctx) == nil && s.flow.check(&s.state) == nil && !bytes.Equal(s.state.MSAL, spent) {
			return true
		}
		if safe {
			return false
		}
		select {
		case <-timer.C:
		case <-ctx.Done():
			return false
		}
	}
	return false
}

// load takes over what the cache has, unless this process has something newer that it could not save.
func (s *Source) load(ctx context.Context) error {
	if s.config.Cache == nil {
		return nil
	}
	s.loaded = false
	data, err := s.config.Cache.Load(ctx)
	if err != nil {
		return &CacheError{"load", err}
	}
	kept, err := decodeState(data)
	if err != nil {
		return &CacheError{"decode", err}
	}
	s.loaded = true
	if !s.unsaved || !s.state.follows(kept) {
		s.state, s.unsaved = kept, false
	}
	return nil
}

// save must not fail the renewal: a token that cannot be kept still sends the mail. The caller's
// cancellation comes too late for it: the old refresh token may be spent.
func (s *Source) save(ctx context.Context) {
	s.state.Revision++
	if s.config.Cache == nil {
		return
	}
	s.unsaved = true
	if !s.loaded {
		return
	}
	if err := saveState(context.WithoutCancel(ctx), s.config.Cache, s.state); err != nil {
		s.config.Report(Event{Kind: EventNotSaved, Err: err})
		return
	}
	s.unsaved = false
}

func saveState(ctx context.Context, to Cache, s state) error {
	data, err := s.encode()
	if err == nil {
		err = to.Save(ctx, data)
	}
	if err != nil {
		return &CacheError{"save", err}
	}
	return nil
}
