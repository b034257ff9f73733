package cmd

import (
	"context"
	"time"

	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/submission"
)

// recordSubmitting puts the line on the disk that precedes the terminator. A log that cannot be
// written does not stop mail: the person is told once, since a crash would then leave no trace.
func (s *sending) recordSubmitting(messageID string, recipients []string) error {
	e := s.event(messageID)
	e.State = "submitting"
	if err := s.log.write(e, recipients, true); err != nil && !s.logWarned {
		s.logWarned = true
		s.talk.warn("no log (%v): after a crash nothing would tell whether a message left", err)
	}
	return nil
}

// record adds the end of an attempt to the log.
func (s *sending) record(messageID string, recipients []string, o *outcome) {
	e := s.event(messageID)
	e.State = string(o.state)
	if r := o.receipt; r != nil {
		e.Host, e.ServerMessageID, e.Code, e.Reply = r.Host, r.ServerMessageID, r.Reply.Code, r.Reply.String()
	}
	if f := o.failure; f != nil {
		e.Step, e.Cause = f.step, f.code
		if f.server != "" {
			e.Reply = f.server
		}
	}
	if err := s.log.write(e, recipients, false); err != nil {
		s.talk.fact("log: %v", err)
	}
}

func (s *sending) event(messageID string) logEvent {
	return logEvent{
		Event: "send", Profile: s.account.Name, Mailbox: s.account.Address,
		Host: s.account.SMTP.Host, MessageID: messageID,
	}
}

// recordRenewal adds what a sign-in met to the log. A token was served all the same, so trouble
// with the store is a warning there and a fact with -v.
func (d *deps) recordRenewal(a *account, e entra.Event) {
	event := logEvent{Event: "token", State: string(e.Kind), Profile: a.Name, Mailbox: a.Address}
	if e.Err != nil {
		f := d.describe(context.Background(), e.Err)
		event.Step, event.Cause, event.Reply = f.step, f.code, first(f.server, f.why)
	}
	err := d.journal(false).write(event, nil, false)
	t, colorErr := d.talk()
	if colorErr != nil {
		return
	}
	if e.Kind == entra.EventClock {
		t.warn("%v: tokens and certificates are judged by it; set the clock", e.Err)
		return
	}
	t.fact("token %s", e.Kind)
	if err != nil {
		t.fact("log: %v", err)
	}
}

// recordRefused adds a token that could not be had.
func (d *deps) recordRefused(a *account, err error) {
	f := d.describe(context.Background(), err)
	_ = d.journal(false).write(logEvent{
		Event: "token", State: "refused", Profile: a.Name, Mailbox: a.Address, Step: f.step, Cause: f.code, Reply: first(f.server, f.why),
	}, nil, false)
}

// recordStep adds the time of one step of a session.
func (s *sending) recordStep(step submission.Step, took time.Duration) {
	if s.log.level < logDebug {
		return
	}
	e := s.event("")
	e.Event, e.State, e.Step, e.Millis = "step", "done", string(step), took.Milliseconds()
	if err := s.log.write(e, nil, false); err != nil {
		s.talk.fact("log: %v", err)
	}
}

// record adds the end of a login.
func (l *loginRun) record(ctx context.Context, err error) {
	e := logEvent{Event: "login", State: "signed in", Profile: l.profile.Name, Mailbox: l.profile.Address}
	if err != nil {
		f := l.describe(ctx, err)
		e.State, e.Step, e.Cause, e.Reply = "refused", f.step, f.code, first(f.server, f.why)
	}
	err = l.asService(func() error { return l.journal(false).write(e, nil, false) })
	if err != nil {
		l.talk.fact("log: %v", err)
	}
}
