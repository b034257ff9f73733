package cmd

import (
	"context"
	"errors"
	"time"

	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/profile"
	"github.com/o365mail/o365mail/pkg/submission"
)

// finalTimeout is how long the reply to the whole message may take: RFC 5321 4.5.3.2.6.
const finalTimeout = 10 * time.Minute

// dialer is how this call reaches the server. beforeTerminator runs when the message is about to
// become the server's.
func (s *sending) dialer(o *outcome, beforeTerminator func() error) *submission.Dialer {
	_, proxy := s.proxies(s.account.Proxy)
	return &submission.Dialer{
		Host:            s.account.SMTP.Host,
		Port:            s.account.SMTP.Port,
		ImplicitTLS:     s.account.SMTP.TLS == profile.Implicit,
		RootCAs:         s.account.trust.pool,
		DialContext:     s.account.trust.dial,
		Network:         s.options.network(),
		Proxy:           forHost(proxy),
		Timeout:         s.global.timeout,
		FinalTimeout:    finalTimeout,
		InitialResponse: s.account.SMTP.InitialResponse,
		Chunking:        s.account.SMTP.Chunking,
		Trace: &submission.Trace{
			StepDone: func(step submission.Step, took time.Duration, _ error) {
				o.steps = append(o.steps, stepTime{step, took})
				s.talk.fact("%-8s %s", step, took.Round(10*time.Microsecond))
				s.recordStep(step, took)
			},
			Line:             s.transcript,
			BeforeTerminator: beforeTerminator,
		},
	}
}

// transcript shows the dialog with -vv; the engine has masked it.
func (s *sending) transcript(direction byte, text string) {
	if s.talk.verbose > 1 {
		s.talk.fact("%c %s", direction, text)
	}
}

func (o *sendOptions) network() string {
	switch {
	case o.ipv4:
		return "tcp4"
	case o.ipv6:
		return "tcp6"
	}
	return "tcp"
}

// open connects and signs in. A kept token that the server refuses is replaced by a fresh one, once.
func (s *sending) open(ctx context.Context, dialer *submission.Dialer) (*submission.Session, error) {
	if err := s.account.tokens.check(); err != nil {
		return nil, err
	}
	session, err := s.openWith(ctx, dialer, s.account.tokens.get)
	if err == nil || !isAuthRefusal(err) || !s.account.tokens.renewable() {
		return session, err
	}
	s.talk.fact("the server refused a kept token; asking for a fresh one")
	return s.openWith(ctx, dialer, s.account.tokens.renew)
}

// isAuthRefusal recognizes the reply 535 (RFC 4954 section 6).
func isAuthRefusal(err error) bool {
	e, ok := errors.AsType[*submission.Error](err)
	return ok && e.Step == submission.StepAuth && e.Reply != nil && e.Reply.Code == 535
}

// openWith fetches the token while the connection is being made, unless the token is needed to
// know who signs in.
func (s *sending) openWith(ctx context.Context, dialer *submission.Dialer, token func(context.Context) (entra.Token, error)) (*submission.Session, error) {
	c := submission.Credentials{
		User:  s.account.Address,
		Token: func(ctx context.Context) (submission.AccessToken, error) { return token(ctx) },
	}
	if s.account.AuthAs == "self" {
		t, err := token(ctx)
		if err != nil {
			return nil, err
		}
		if c.User, err = s.signedIn(t); err != nil {
			return nil, err
		}
		c.Token = func(context.Context) (submission.AccessToken, error) { return t, nil }
	}
	return dialer.Open(ctx, c)
}

// signedIn is the person whom a token names.
func (s *sending) signedIn(t entra.Token) (string, error) {
	claims, err := t.Claims()
	if err != nil || claims.User == "" {
		return "", &profile.ValueError{
			Key: "auth_as", Value: "self", Want: "mailbox: the token names no person", Origin: s.account.Origin("auth_as"),
		}
	}
	return claims.User, nil
}
