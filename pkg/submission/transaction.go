package submission

import "strings"

// A transaction is one message on its way: RFC 5321 3.3. Its replies arrive in the order of its queue.
type transaction struct {
	*Session
	message    Message
	receipt    *Receipt // nil if the message was refused before it began
	failure    *Error   // the first one, which decides
	flight     *flight
	queue      []command // those without a reply so far
	begun      bool      // MAIL was accepted, and nothing has ended the transaction since
	awaited    bool      // the server waits for content
	terminated bool      // the write of the end of the message has begun
}

// A command is a line, and the step that its reply ends.
type command struct {
	line      string
	step      Step
	recipient int // which one RCPT names
}

// stepReset is the reply to a RSET that was not waited for.
const stepReset Step = "rset"

func (s *Session) newTransaction(m Message) *transaction {
	t := &transaction{Session: s, message: m}
	if step, err := m.Envelope.check(s.extensions); err != nil {
		t.failure = s.dialer.fail(step, Refused, err)
		return t
	}
	t.receipt = &Receipt{State: Deferred, Host: s.dialer.Host}
	for _, to := range m.Envelope.To {
		t.receipt.Recipients = append(t.receipt.Recipients, RecipientResult{Address: to, State: Deferred})
	}
	return t
}

func (s *Session) pipelining() bool { return s.extensions.Has("PIPELINING") }

func (s *Session) chunking() bool { return s.dialer.Chunking && s.extensions.Has("CHUNKING") }

// opening is what comes before the content. DATA goes along for a single recipient only: of several
// the server may take some and ask for the content although we want all or none.
func (t *transaction) opening() []command {
	e := &t.message.Envelope
	var list []command
	for range t.owed {
		list = append(list, command{step: stepReset})
	}
	t.owed = 0
	list = append(list, command{line: e.mailCommand(t.extensions), step: StepMail})
	for i := range e.To {
		list = append(list, command{e.rcptCommand(i), StepRCPT, i})
	}
	if t.pipelining() && !t.chunking() && len(e.To) == 1 {
		list = append(list, command{line: "DATA", step: StepData})
	}
	return list
}

// announce queues commands and gives the text to write.
func (t *transaction) announce(commands ...command) []byte {
	var text strings.Builder
	for _, c := range commands {
		wait := t.dialer.Timeout
		if c.step == StepReply {
			wait = t.dialer.FinalTimeout
		}
		t.queue = append(t.queue, c)
		t.flight.expect(wait)
		if c.step == stepReset {
			continue // written before
		}
		t.dialer.Trace.sent(c.line)
		text.WriteString(c.line + "\r\n")
	}
	return []byte(text.String())
}

// start sends commands and takes their replies: in one flight, or one by one if the server offers no
// PIPELINING. A failure to write shows in the replies.
func (t *transaction) start(commands []command) {
	t.mark.restart()
	t.flight = t.link.launch(len(commands), t.dialer.Trace)
	defer t.flight.land()
	if t.pipelining() {
		_ = t.link.write(t.announce(commands...))
		t.receiveAll()
		return
	}
	for _, c := range commands {
		_ = t.link.write(t.announce(c))
		t.receiveAll()
		if !t.begun || t.link.dead() {
			return
		}
	}
}

func (t *transaction) receiveAll() {
	for len(t.queue) > 0 {
		t.receive()
	}
}

// receive takes the reply to the first command of the queue.
func (t *transaction) receive() {
	c := t.queue[0]
	t.queue = t.queue[1:]
	reply, err := t.flight.receive()
	switch c.step {
	case StepRCPT:
		t.takeRecipient(c.recipient, reply, err)
	case StepData:
		t.takeData(reply, err)
	case StepReply:
		t.takeFinal(reply, err)
	case StepMail:
		e := t.judge(StepMail, reply, err, 2)
		t.begun = e == nil
		t.done(StepMail, e)
	default: // RSET, or a chunk that is not the last: only a failure counts
		t.takeMinor(c.step, reply, err)
	}
}

// takeMinor takes a reply that ends no step if it is good.
func (t *transaction) takeMinor(step Step, reply Reply, err error) {
	if step == stepReset {
		step = StepMail
	}
	if e := t.judge(step, reply, err, 2); e != nil {
		t.done(step, e)
	}
}

// done ends a step, and the message with it if e is a failure. After the first failure no step
// counts. One that is not a reply leaves a message uncertain whose end was written.
func (t *transaction) done(step Step, e *Error) {
	if t.failure != nil {
		return
	}
	if e == nil {
		t.mark.done(step, nil)
		return
	}
	if t.terminated && e.Reply == nil {
		e.State = Uncertain
	}
	t.failure = e
	t.mark.done(step, e)
}

func (t *transaction) takeData(reply Reply, err error) {
	e := t.judge(StepData, reply, err, 354)
	t.awaited = e == nil
	t.done(StepData, e)
}

// takeFinal takes the reply to the whole message. It ends the transaction, except that a refused
// BDAT leaves it to be reset: RFC 3030 2.
func (t *transaction) takeFinal(reply Reply, err error) {
	t.link.waitAtLeast(0)
	e := t.judge(StepReply, reply, err, 2)
	t.begun = e != nil && t.begun && t.chunking()
	t.awaited = false
	if e == nil && t.failure == nil {
		t.receipt.Reply = reply
		t.receipt.identify()
	}
	t.done(StepReply, e)
}
