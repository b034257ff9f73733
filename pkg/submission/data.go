package submission

import (
	"errors"
	"fmt"
)

// runData sends the message with DATA: RFC 5321 4.1.1.4.
func (t *transaction) runData(next *transaction) {
	if t.flight == nil {
		t.start(t.opening())
	} else {
		t.receiveAll()
		t.flight.land()
	}
	if t.failure == nil && !t.awaited {
		reply, err := t.ask("DATA", "DATA")
		t.takeData(reply, err)
	}
	if t.failure == nil && t.writeContent() && t.permitted() {
		t.terminate(next)
	}
}

// writeContent writes all of the message but its end.
func (t *transaction) writeContent() bool {
	n := newNormalizer(t.buffer(writeSize), true, t.eightBit(), t.link.write)
	_, err := t.message.Content.WriteTo(n)
	if err == nil {
		err = n.finish()
	}
	if err == nil {
		err = t.link.write(n.buffer)
	}
	t.showContent(n.bytes)
	if err != nil {
		t.stopContent(err)
	}
	return err == nil
}

func (t *transaction) showContent(octets int64) {
	t.receipt.Bytes = octets
	t.dialer.Trace.sent(fmt.Sprintf("[%d octets of content]", octets))
}

// eightBit tells whether octets above 127 were declared.
func (t *transaction) eightBit() bool {
	return t.message.Envelope.Body8Bit || t.message.Envelope.SMTPUTF8
}

// buffer is reused by all messages of a session.
func (s *Session) buffer(size int) []byte {
	if cap(s.content) < size {
		s.content = make([]byte, 0, size)
	}
	return s.content[:0:size]
}

// stopContent ends a message in its middle. Only the end of the connection tells the server that the
// rest will not come: any other end would be taken for the end of the message.
func (t *transaction) stopContent(err error) {
	if t.link.writeErr != nil {
		reply, err := t.hear()
		t.done(StepContent, t.judge(StepContent, reply, err, nothing))
	} else {
		state := Deferred
		if _, ours := errors.AsType[*ContentError](err); ours {
			state = Refused
		}
		t.done(StepContent, t.dialer.fail(StepContent, state, err))
	}
	t.link.close()
}

// permitted asks the hook whether the message may become the server's.
func (t *transaction) permitted() bool {
	err := t.dialer.Trace.beforeTerminator()
	if err != nil {
		t.done(StepContent, t.dialer.fail(StepContent, Deferred, err))
		t.link.close()
	}
	return err == nil
}

// terminate writes the end of the message, by itself: what was written before is not a message. The
// opening of the next one follows in the same flight.
func (t *transaction) terminate(next *transaction) {
	end := []command{{line: ".", step: StepReply}}
	var opening []command
	along := next != nil && next.receipt != nil && t.pipelining()
	if along {
		opening = next.opening()
	}
	t.flight = t.link.launch(len(end)+len(opening), t.dialer.Trace)
	text := t.announce(end...)
	if along {
		next.flight = t.flight
		text = append(text, next.announce(opening...)...)
	} else {
		defer t.flight.land()
	}
	t.writeEnd(text)
	t.receive()
}

// writeEnd writes what makes a message complete. From here on it may be the server's.
func (t *transaction) writeEnd(text []byte) {
	t.terminated = true
	t.link.waitAtLeast(t.dialer.FinalTimeout)
	if t.link.write(text) == nil {
		t.done(StepContent, nil)
	}
}
