package submission

import "context"

// Probe asks whether the server would take a message: from this sender, and with rcpt for these
// recipients. Then it resets; nothing is sent. Results say what a message would meet; they are nil
// without rcpt, and when the sender is refused. The error is an *[Error], also for the first
// recipient that stands in the way of the message.
func (s *Session) Probe(ctx context.Context, e Envelope, rcpt bool) ([]RecipientResult, error) {
	if err := s.ready(ctx, StepMail); err != nil {
		return nil, err
	}
	defer s.link.bind(ctx)()
	t := s.newTransaction(Message{Envelope: e})
	if t.receipt == nil {
		return nil, t.failure
	}
	t.start(t.questions(rcpt))
	asked := t.begun && rcpt
	t.abandon()
	if !asked {
		return nil, asError(t.failure)
	}
	return t.receipt.Recipients, asError(t.failure)
}

// questions are the opening without what would begin the content.
func (t *transaction) questions(rcpt bool) []command {
	var list []command
	for _, c := range t.opening() {
		if c.step != StepData && (rcpt || c.step != StepRCPT) {
			list = append(list, c)
		}
	}
	return list
}

// asError keeps a nil *Error from becoming an error that is not nil.
func asError(e *Error) error {
	if e == nil {
		return nil
	}
	return e
}
