package cmd

import (
	"context"
	"fmt"

	"github.com/o365mail/o365mail/pkg/message"
	"github.com/o365mail/o365mail/pkg/sandbox"
	"github.com/o365mail/o365mail/pkg/submission"
)

// A sending is one call of send: its options, its account and its log.
type sending struct {
	*deps
	talk      talk
	options   sendOptions
	account   *account
	log       journal
	logWarned bool
	// relayedUncertain: a message that came over -bs may have been accepted.
	relayedUncertain *failure
	box              *sandbox.Sandbox // of send --sandbox
}

// newSending resolves everything that needs no network.
func (d *deps) newSending(o sendOptions, flags map[string]string) (*sending, error) {
	t, err := d.talk()
	if err != nil {
		return nil, err
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	if err := d.global.check(&o); err != nil {
		return nil, err
	}
	a, err := d.account(flags, o.tokenFile)
	if err != nil {
		return nil, err
	}
	if err := o.chooseMailbox(a); err != nil {
		return nil, err
	}
	return &sending{deps: d, talk: t, options: o, account: a, log: d.journal(a.LogRecipients == "full")}, nil
}

// chooseMailbox takes the author for the mailbox where no setting names one.
func (o *sendOptions) chooseMailbox(a *account) error {
	if a.Address != "" {
		return nil
	}
	if o.from == "" {
		return errNoSender
	}
	from, err := message.ParseAddress(o.from)
	if err != nil {
		return badMessageError{fmt.Errorf("--from: %w", err)}
	}
	a.Address = from.Address
	return nil
}

// send is the command.
func (d *deps) send(ctx context.Context, o sendOptions, flags map[string]string) error {
	if o.sandbox {
		return d.sendToSandbox(ctx, o, flags)
	}
	s, err := d.newSending(o, flags)
	if err != nil {
		return err
	}
	return s.run(ctx)
}

// run does what the options ask for.
func (s *sending) run(ctx context.Context) error {
	if s.options.smtp {
		return s.serveSMTP(ctx)
	}
	m, e, err := s.prepare()
	if err != nil {
		return err
	}
	defer func() { _ = m.Close() }()
	switch {
	case s.options.dryRun:
		_, err := m.WriteTo(s.Stdout)
		return err
	case s.options.stopAfter != "":
		return s.probe(ctx, e)
	}
	s.warnSize(m.Message)
	o := s.deliver(ctx, m.Message, e)
	return s.report(o, m.MessageID())
}

// exchangeDefaultSize is MaxSendSize of a mailbox unless an administrator raised it. SIZE in the
// greeting says 150 MB whatever the mailbox allows.
// https://learn.microsoft.com/powershell/module/exchange/set-mailboxplan
const exchangeDefaultSize = 35 << 20

func (s *sending) warnSize(m *message.Message) {
	if m.Size() <= exchangeDefaultSize {
		return
	}
	name, size := m.LargestPart()
	s.talk.warn("the message has %d MB; Exchange Online takes 35 MB unless the mailbox was given more (largest part: %s, %d MB)",
		m.Size()>>20, name, size>>20)
}

// report prints the receipt, or the failure.
func (s *sending) report(o *outcome, messageID string) error {
	doc := receiptOf(o, messageID)
	if s.box != nil {
		for _, kept := range s.box.Messages() {
			doc.File = kept.File
		}
	}
	if o.failure != nil {
		doc.Error = o.failure.document()
	}
	if err := s.printReceipt(doc); err != nil && o.state == submission.Accepted {
		// The message is the server's; a status other than 0 would have it sent again.
		s.talk.warn("%v; the message was accepted all the same", err)
	}
	if o.failure == nil {
		return nil
	}
	o.failure.print(s.talk)
	return reported{o.failure.exit}
}

func (s *sending) printReceipt(doc receiptDocument) error {
	switch {
	case s.global.json:
		return writeJSON(s.Stdout, doc)
	case doc.State == submission.Accepted && !s.global.quiet && !s.options.sendmail:
		return writeReceipt(s.Stdout, s.talk, doc)
	}
	return nil
}
