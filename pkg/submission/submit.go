package submission

import (
	"context"
	"iter"
)

// A Message is what one transaction carries.
type Message struct {
	Envelope Envelope
	Content  Content
}

// Submit hands one message over. The error is an *[Error] and nil only if the server accepted the
// message; with Envelope.Partial the receipt tells who was left out. From MAIL on there is a receipt
// with the error. A session can submit many messages, also after one was refused.
func (s *Session) Submit(ctx context.Context, e Envelope, c Content) (*Receipt, error) {
	one := func(yield func(Message) bool) { yield(Message{e, c}) }
	for receipt, err := range s.SubmitEach(ctx, one) {
		return receipt, err
	}
	return nil, s.dialer.fail(StepMail, Deferred, ErrClosed)
}

// SubmitEach hands messages over one after the other and gives the outcome of each, in order, as
// Submit does. The envelope of the next one travels with the end of the one before (RFC 2920 3.1), so
// that each message for one recipient takes one round trip.
//
// The next message is taken from messages before the current one is sent. When the session ends, the
// one that was taken gets its own outcome, and no more are taken. Stopping early closes the session
// if a further message had been begun.
func (s *Session) SubmitEach(ctx context.Context, messages iter.Seq[Message]) iter.Seq2[*Receipt, error] {
	return func(yield func(*Receipt, error) bool) {
		if err := s.ready(ctx, StepMail); err != nil {
			yield(nil, err)
			return
		}
		defer s.link.bind(ctx)()
		var current *transaction
		defer func() { current.breakOff() }()
		for m := range messages {
			last, next := current, s.newTransaction(m)
			current = next
			if last != nil && !yield(last.run(next)) {
				return
			}
			if s.link.dead() {
				break
			}
		}
		if last := current; last != nil {
			current = nil
			yield(last.run(nil))
		}
	}
}

// breakOff gives up a transaction that was begun but is not wanted any more.
func (t *transaction) breakOff() {
	if t != nil && t.flight != nil {
		t.flight.land()
	}
}

// run takes the message to its end. The opening of next may travel with it.
func (t *transaction) run(next *transaction) (*Receipt, error) {
	switch {
	case t.receipt == nil:
		return nil, t.failure
	case t.flight == nil && t.link.dead():
		t.done(StepMail, t.dialer.fail(StepMail, Deferred, t.link.explain(ErrClosed)))
	case t.chunking():
		t.runChunks()
	default:
		t.runData(next)
	}
	t.abandon()
	return t.settle()
}

// abandon leaves the server without an open transaction, if it is still there.
func (t *transaction) abandon() {
	switch {
	case t.link.dead() || !t.begun && !t.awaited:
	case t.awaited:
		// Content was asked for although nobody takes it: RFC 2920 3.1 wants a lone dot.
		reply, err := t.ask(".", ".")
		_ = t.judge(StepReply, reply, err, 2) // closes what cannot go on; nothing was sent either way
		t.begun, t.awaited = false, false
	default:
		t.reset()
	}
}

// reset ends the transaction. With PIPELINING the reply is taken along with those to the next one.
func (t *transaction) reset() {
	t.begun = false
	if !t.pipelining() {
		reply, err := t.ask("RSET", "RSET")
		if t.judge(stepReset, reply, err, 2) != nil {
			t.link.close()
		}
		return
	}
	t.dialer.Trace.sent("RSET")
	if t.link.write([]byte("RSET\r\n")) != nil {
		t.link.close()
		return
	}
	t.owed++
}
