package cmd

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/o365mail/o365mail/pkg/message"
	"github.com/o365mail/o365mail/pkg/submission"
)

// Back-off between attempts at a deferred message: facts on Exchange's throttling advise to start
// low for the limit on concurrent connections and to double up to a quarter of an hour.
const (
	firstPause = time.Second
	lastPause  = 15 * time.Minute
)

// An outcome is the end of a delivery.
type outcome struct {
	state    submission.State
	receipt  *submission.Receipt // nil when no attempt reached MAIL
	failure  *failure            // nil when accepted
	steps    []stepTime
	attempts int
}

// deliver hands the message over; a deferred one is tried again until the time for it is over.
// Nothing but a deferred message is ever repeated.
func (s *sending) deliver(ctx context.Context, m *message.Message, e submission.Envelope) *outcome {
	end := s.Now().Add(s.options.retryFor)
	pause := firstPause
	for attempts := 1; ; attempts++ {
		o := s.attempt(ctx, m, e)
		o.attempts = attempts
		if o.state != submission.Deferred || ctx.Err() != nil || s.Now().Add(pause).After(end) {
			return o
		}
		s.talk.say("o365mail: %s; trying again in %s", o.failure.why, pause.Round(time.Second))
		if !wait(ctx, jitter(pause)) {
			o.failure = s.describe(ctx, during{"send", context.Cause(ctx)})
			return o
		}
		pause = min(2*pause, lastPause)
	}
}

// jitter spreads the repeats of many jobs that were deferred together.
func jitter(d time.Duration) time.Duration {
	return d - time.Duration(rand.Int64N(int64(d)/4)) //nolint:gosec // spreading load needs no secret
}

func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// attempt is one session with one message, and its lines in the log.
func (s *sending) attempt(ctx context.Context, m *message.Message, e submission.Envelope) *outcome {
	o := &outcome{}
	release, err := s.slot(ctx)
	if err == nil {
		defer release()
		o.receipt, err = s.submit(ctx, m, e, o)
	}
	o.conclude(ctx, s, err)
	s.record(m.MessageID(), e.To, o)
	return o
}

// slot waits for a place among the sessions of this mailbox. Without a folder to lock in
// (a read-only container) there is nobody to count, and the server's own limit remains.
func (s *sending) slot(ctx context.Context) (release func(), err error) {
	folder, err := s.stateFolder()
	if err != nil {
		return func() {}, nil //nolint:nilerr // no home: see above
	}
	release, err = takeSlot(ctx, folder, s.account.SMTP.Host, s.account.Address, s.global.timeout)
	switch {
	case err == nil:
		return release, nil
	case errors.Is(err, errSlotsTaken), ctx.Err() != nil:
		return nil, err
	}
	s.talk.fact("sessions are not counted: %v", err)
	return func() {}, nil
}

func (s *sending) submit(ctx context.Context, m *message.Message, e submission.Envelope, o *outcome) (*submission.Receipt, error) {
	dialer := s.dialer(o, func() error { return s.recordSubmitting(m.MessageID(), e.To) })
	session, err := s.open(ctx, dialer)
	if err != nil {
		return nil, err
	}
	defer func() { _ = session.Close() }()
	return session.Submit(ctx, e, m)
}

// conclude decides what an attempt came to.
func (o *outcome) conclude(ctx context.Context, s *sending, err error) {
	if err == nil {
		o.state = submission.Accepted
		o.failure = s.leftOut(o.receipt)
		return
	}
	o.failure = s.describe(ctx, during{"send", err})
	o.state = stateOf(err, o.failure)
}

// leftOut is what remains to be told of a message that went to some of its recipients only: its
// exit status is that of a refused recipient, since a repeat would double it for the others.
func (s *sending) leftOut(r *submission.Receipt) *failure {
	for _, to := range r.Recipients {
		if to.State == submission.Accepted {
			continue
		}
		f := s.serverRefused(&submission.Error{
			Step: submission.StepRCPT, State: to.State, Host: r.Host, Recipient: to.Address, Reply: &to.Reply,
		})
		f.exit = exitRecipient
		return f
	}
	return nil
}

// stateOf is the end state of an attempt. Uncertain is the engine's word and never softened; for
// the rest the exit status says whether the same call may be repeated.
func stateOf(err error, f *failure) submission.State {
	var refusal *submission.Error
	switch {
	case errors.As(err, &refusal) && refusal.State == submission.Uncertain:
		return submission.Uncertain
	case f.exit == exitTemporary || f.exit == exitInterrupt || f.exit == exitTerminated:
		return submission.Deferred
	}
	return submission.Refused
}
