package cmd

import (
	"context"

	"github.com/o365mail/o365mail/pkg/entra"
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
	t.fact("token %s", e.Kind)
	if err != nil {
		t.fact("log: %v", err)
	}
}
