package submission

// takeRecipient files the reply to one RCPT. After the last it is decided whether the message goes on.
func (t *transaction) takeRecipient(i int, reply Reply, err error) {
	to := &t.receipt.Recipients[i]
	e := t.judge(StepRCPT, reply, err, 2)
	switch {
	case e == nil:
		to.State, to.Reply = Accepted, reply
	case e.Reply == nil || t.link.dead():
		t.done(StepRCPT, e)
	case t.begun:
		to.State, to.Reply = e.State, reply
	}
	if i == len(t.receipt.Recipients)-1 {
		t.done(StepRCPT, t.refusal())
	}
}

// refusal is the recipient that stops the message: any that the server refuses, or with Partial the
// refusal of all. A permanent one explains more than a temporary one.
func (t *transaction) refusal() *Error {
	var worst *RecipientResult
	accepted := 0
	for i := range t.receipt.Recipients {
		to := &t.receipt.Recipients[i]
		switch {
		case to.State == Accepted:
			accepted++
		case worst == nil || worst.State != Refused && to.State == Refused:
			worst = to
		}
	}
	if worst == nil || t.message.Envelope.Partial && accepted > 0 {
		return nil
	}
	reply := worst.Reply
	return &Error{Step: StepRCPT, State: worst.State, Host: t.dialer.Host, Recipient: worst.Address, Reply: &reply}
}

// settle writes the outcome into the receipt.
func (t *transaction) settle() (*Receipt, error) {
	e, r := t.failure, t.receipt
	if e == nil {
		r.State = Accepted
		return r, nil
	}
	r.State = e.State
	if e.Reply != nil {
		r.Reply = *e.Reply
	}
	for i := range r.Recipients {
		if to := &r.Recipients[i]; to.Reply.Code < 400 {
			to.settle(e)
		}
	}
	return r, e
}

// settle is for a recipient that was not refused itself. If another one stopped the message, it may be
// sent again; else the recipient shares the fate of the message.
func (r *RecipientResult) settle(e *Error) {
	if e.Step == StepRCPT && e.State != Uncertain {
		r.State = Deferred
		return
	}
	r.State = e.State
	if e.Reply != nil {
		r.Reply = *e.Reply
	}
}
