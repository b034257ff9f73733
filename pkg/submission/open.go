package submission

import (
	"context"
	"errors"
	"os"
	"time"
)

// Open connects, encrypts and signs in. The token is fetched while the connection is made; whichever
// fails first ends the other, and the error of Token is returned as it is. A long AUTH line that
// makes the server close the connection is followed by the two-step form on a new one, once.
func (d *Dialer) Open(ctx context.Context, c Credentials) (*Session, error) {
	s, token, err := d.dialWithToken(ctx, c)
	if err != nil {
		return nil, err
	}
	err = s.Auth(ctx, c.User, token)
	if err == nil {
		return s, nil
	}
	tooLong := s.droppedLongLine(ctx, c.User, token, err)
	_ = s.Close()
	if !tooLong {
		return nil, err
	}
	careful := *d
	careful.InitialResponse = false
	if s, err = careful.Dial(ctx); err != nil {
		return nil, err
	}
	if err = s.Auth(ctx, c.User, token); err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// droppedLongLine tells whether the length of the AUTH line may have been the cause of a failure:
// the connection went away behind it, or the rest of the line was read as further commands.
func (s *Session) droppedLongLine(ctx context.Context, user string, t AccessToken, err error) bool {
	response, invalid := xoauth2(user, t.Reveal())
	e, ok := errors.AsType[*Error](err)
	if invalid != nil || !ok || ctx.Err() != nil || !s.dialer.InitialResponse || !s.tooLong(response) {
		return false
	}
	if e.Reply != nil {
		return lineRefused(e)
	}
	return !errors.Is(err, ErrProtocol) && !errors.Is(err, os.ErrDeadlineExceeded) && s.link.dead()
}

// fetched is a token or the reason for its absence.
type fetched struct {
	token AccessToken
	err   error
	took  time.Duration
}

// dialWithToken does both at the same time. It does not wait for a token that nobody needs any more.
func (d *Dialer) dialWithToken(ctx context.Context, c Credentials) (*Session, AccessToken, error) {
	both, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	ready := make(chan fetched, 1)
	go func() {
		start := time.Now()
		token, err := c.Token(both)
		ready <- fetched{token, err, time.Since(start)}
		if err != nil {
			cancel(err)
		}
	}()
	s, err := d.Dial(both)
	if err != nil && (both.Err() == nil || ctx.Err() != nil) {
		return nil, nil, err
	}
	var f fetched
	select {
	case f = <-ready:
		d.Trace.stepDone(StepToken, f.took, f.err)
	case <-ctx.Done():
		f.err = d.fail(StepToken, Deferred, context.Cause(ctx))
	}
	if s != nil {
		s.mark.restart()
		if f.err != nil {
			_ = s.Close()
		}
	}
	return s, f.token, f.err
}
