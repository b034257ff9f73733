package entra

import (
	"context"
	"net/http"
	"time"
)

// Source gives tokens. It is safe for concurrent use, and with a Cache so are Sources of the same
// profile in many processes: callers that find no valid token wait for one request.
type Source struct {
	config Config
	flow   flow
	turn   chan struct{} // holds the one turn to look at the fields below

	state   state
	loaded  bool   // the cache could be read, so that it may be written
	unsaved bool   // the state is newer than the cache's
	served  string // the last token given out
}

// NewSource checks the configuration and makes no request. Its error is a *ConfigError.
func NewSource(c Config) (*Source, error) {
	c = c.withDefaults()
	f, err := newFlow(c, NewTransport(c))
	if err != nil {
		return nil, err
	}
	return &Source{config: c, flow: f, turn: make(chan struct{}, 1)}, nil
}

func newFlow(c Config, transport http.RoundTripper) (flow, error) {
	switch {
	case c.Credential.IsZero():
		if _, err := newAuthority(c.Authority, c.Tenant); err != nil {
			return nil, err
		}
		return nil, &ConfigError{"Credential", "not set"}
	case c.Credential.identity != nil:
		return newManagedIdentity(c)
	case c.Credential.kind == signedInKind:
		return newPerson(c, transport)
	}
	return newApplication(c, transport)
}

// msalLife is what MSAL wants a token to have left to be served again, and Exchange needs no more.
const msalLife = 5 * time.Minute

func (s *Source) minLife() time.Duration { return max(s.config.MinLife, msalLife) }

// Token returns a token that is valid for MinLife at least: a kept one if there is one, with no
// lock and no request, else a new one by exactly one request. When the request fails and the kept
// token is still valid, that one is served; when the new token is shorter than MinLife, it is
// served all the same: Config.Report tells of both. Its errors are *Error (refused),
// *ResponseError (an answer that is none), *TransportError (no answer), *AssertionError,
// *CacheError and ErrNotSignedIn.
func (s *Source) Token(ctx context.Context) (Token, error) {
	if err := s.lock(ctx); err != nil {
		return Token{}, err
	}
	defer s.unlock()
	r := s.kept(ctx)
	now := s.config.Now()
	switch {
	case r.lives(now, s.minLife()) && !r.due(now):
		return s.serve(r), nil
	case r.lives(now, s.minLife()):
		return s.serve(s.renewEarly(ctx, r)), nil
	}
	return s.renewOr(ctx, r)
}

// Fresh returns another token than the one served last, for a server that refused it: one that
// another process got meanwhile, or a new one by one request. The kept token is replaced only by
// success. Its errors are those of Token.
func (s *Source) Fresh(ctx context.Context) (Token, error) {
	if err := s.lock(ctx); err != nil {
		return Token{}, err
	}
	defer s.unlock()
	refused := s.served
	r, err := s.renew(ctx, func(r record) bool {
		return refused != "" && r.Secret != refused && r.lives(s.config.Now(), s.minLife())
	})
	if err != nil {
		return Token{}, err
	}
	return s.serve(r), nil
}

// kept finds the token of this process, or of another one.
func (s *Source) kept(ctx context.Context) record {
	now := s.config.Now()
	r := s.state.token(s.flow.purpose(&s.state))
	if r.lives(now, s.minLife()) && !r.due(now) {
		return r
	}
	_ = s.load(ctx) // whoever renews loads again and tells
	return s.state.token(s.flow.purpose(&s.state))
}

func (s *Source) serve(r record) Token {
	s.served = r.Secret
	return r.token()
}

// lock waits for the turn, but not longer than the caller does.
func (s *Source) lock(ctx context.Context) error {
	select {
	case s.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return transportError(StepToken, s.flow.host(), ctx.Err(), nil)
	}
}

func (s *Source) unlock() { <-s.turn }
