package cmd

import (
	"context"
	"time"

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
		RootCAs:         s.account.roots,
		Network:         s.options.network(),
		Proxy:           forHost(proxy),
		Timeout:         s.global.timeout,
		FinalTimeout:    finalTimeout,
		InitialResponse: s.account.SMTP.InitialResponse,
		Chunking:        s.account.SMTP.Chunking,
		Trace: &submission.Trace{
			StepDone: func(step submission.Step, took time.Duration, _ error) {
				o.steps = append(o.steps, stepTime{step, took})
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

// credentials fetch the token while the connection is being made.
func (s *sending) credentials(ctx context.Context) (submission.Credentials, error) {
	c := submission.Credentials{
		User:  s.account.Address,
		Token: func(ctx context.Context) (submission.AccessToken, error) { return s.account.token(ctx) },
	}
	if s.account.AuthAs != "self" {
		return c, nil
	}
	// Who signed in stands in the token only, so it has to be there first.
	token, err := s.account.token(ctx)
	if err != nil {
		return c, err
	}
	claims, err := token.Claims()
	if err != nil || claims.User == "" {
		return c, &profile.ValueError{Key: "auth_as", Value: "self", Want: "mailbox: the token names no person", Origin: s.account.Origin("auth_as")}
	}
	c.User = claims.User
	c.Token = func(context.Context) (submission.AccessToken, error) { return token, nil }
	return c, nil
}
