package doctor

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/o365mail/o365mail/pkg/message"
	"github.com/o365mail/o365mail/pkg/submission"
)

// probeSender asks for the sender. Like all probes it ends with RSET: nothing is sent.
func (x *examination) probeSender(ctx context.Context) *submission.Error {
	if in := x.signIn.get(ctx); in.err != nil || in.user == "" {
		return earlier(in.err)
	}
	return x.probe(ctx, submission.Envelope{From: x.From, To: []string{x.From}}, false)
}

func (x *examination) probeRecipient(ctx context.Context) *submission.Error {
	if e := x.sender.get(ctx); e != nil || x.To == "" {
		return e
	}
	return x.probe(ctx, submission.Envelope{From: x.From, To: []string{x.To}}, true)
}

func (x *examination) probe(ctx context.Context, e submission.Envelope, rcpt bool) *submission.Error {
	if _, err := x.session.get(ctx).session.Probe(ctx, e, rcpt); err != nil {
		return asRefusal(err)
	}
	return nil
}

func (x *examination) mailFrom(ctx context.Context) *Finding {
	if e := x.sender.get(ctx); e != nil {
		return x.serverFailure(e)
	}
	return &Finding{Detail: "MAIL FROM was accepted and taken back; nothing was sent", Facts: []Fact{fact("from", x.From)}}
}

func (x *examination) rcptTo(ctx context.Context) *Finding {
	if x.To == "" {
		return skip("no recipient is named (--to)")
	}
	if e := x.recipient.get(ctx); e != nil {
		return x.serverFailure(e)
	}
	return &Finding{Detail: "RCPT TO was accepted and taken back; nothing was sent", Facts: []Fact{fact("to", x.To)}}
}

func (x *examination) size(ctx context.Context) *Finding {
	if x.Size <= 0 {
		return skip("no size is named (--size)")
	}
	limit := x.secure.get(ctx).offered.Size()
	facts := []Fact{fact("size", strconv.FormatInt(x.Size, 10)), fact("limit", strconv.FormatInt(limit, 10))}
	switch {
	case limit > 0 && x.Size > limit:
		return x.fail("message-size-limit", fmt.Sprintf("the message has %d octets, the server takes %d", x.Size, limit), facts...)
	case x.Size > mailboxSize:
		return x.warn("message-too-large-for-sender", fmt.Sprintf("the message has %d octets; a mailbox may send %d unless it was given more", x.Size, mailboxSize), facts...)
	}
	return seen("", facts...)
}

// delivered is what became of the test message.
type delivered struct {
	receipt *submission.Receipt
	err     *submission.Error
}

func (x *examination) deliver(ctx context.Context) *delivered {
	if x.SendTest == "" {
		return &delivered{err: earlier(nil)}
	}
	for _, probed := range []*once[*submission.Error]{x.sender, x.recipient} {
		if e := probed.get(ctx); e != nil {
			return &delivered{err: e}
		}
	}
	m, err := x.testMessage()
	if err != nil {
		return &delivered{err: &submission.Error{Step: submission.StepContent, State: submission.Refused, Err: err}}
	}
	receipt, err := x.session.get(ctx).session.Submit(ctx, submission.Envelope{From: x.From, To: []string{x.SendTest}, Size: m.Size()}, m)
	if err != nil {
		return &delivered{receipt, asRefusal(err)}
	}
	return &delivered{receipt: receipt}
}

func (x *examination) testMessage() (*message.Message, error) {
	from, err := message.ParseAddress(x.From)
	if err != nil {
		return nil, err
	}
	to, err := message.ParseAddress(x.SendTest)
	if err != nil {
		return nil, err
	}
	return message.Compose(message.Draft{
		From: from, To: []message.Address{to}, Date: x.Now(),
		Subject: "Test message of o365mail doctor",
		Text:    "This message proves that the set-up can send. Nobody has to do anything.\n",
	})
}

// isAboutRights knows the entries of refusals that come after the data, for want of a right.
func isAboutRights(id string) bool {
	return slices.Contains([]string{"send-as-denied", "send-as-denied-legacy", "no-permission-to-send-as", "mailbox-logon-failure"}, id)
}

// sendAs can only be told by a message: Exchange looks at the rights after the data.
func (x *examination) sendAs(ctx context.Context) *Finding {
	if x.SendTest == "" {
		return skip("Exchange decides on Send As and on the mailbox only after a message; --send-test ADDRESS sends one")
	}
	d := x.delivery.get(ctx)
	if m, ok := x.match(d.err); ok && isAboutRights(m.ID) {
		return x.serverFailure(d.err)
	}
	if d.err != nil {
		return skip("the test message did not get that far")
	}
	return seen("", fact("from", x.From))
}

func (x *examination) sendTest(ctx context.Context) *Finding {
	if x.SendTest == "" {
		return skip("nothing is sent unless --send-test ADDRESS asks for it")
	}
	d := x.delivery.get(ctx)
	if d.err != nil {
		return x.serverFailure(d.err)
	}
	id := d.receipt.ServerMessageID
	trace := "Get-MessageTraceV2 -SenderAddress " + x.From
	if id != "" {
		trace += " -MessageId '<" + strings.ReplaceAll(printable(id), "'", "") + ">'"
	}
	return &Finding{
		Detail: "accepted; what became of it after that an Exchange administrator sees with: " + trace,
		Facts:  []Fact{fact("to", x.SendTest), fact("reply", d.receipt.Reply.String()), fact("message_id", id)},
	}
}
