package cmd

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/o365mail/o365mail/pkg/message"
	"github.com/o365mail/o365mail/pkg/submission"
)

// An outgoing message holds on to the files that it is made from.
type outgoing struct {
	*message.Message
	spools []*spool
}

// Close frees the spooled input.
func (m *outgoing) Close() error {
	var all error
	for _, s := range m.spools {
		all = errors.Join(all, s.Close())
	}
	return all
}

// check refuses what cannot be meant before anything is read.
func (o *sendOptions) check() error {
	switch {
	case o.ipv4 && o.ipv6:
		return usagef("-4 and -6 exclude each other")
	case o.stopAfter != "" && !slices.Contains(stopSteps(), o.stopAfter):
		return usagef("--stop-after %s: it takes %s", o.stopAfter, strings.Join(stopSteps(), ", "))
	case o.retryFor < 0:
		return usagef("--retry-for %s: it takes a positive duration", o.retryFor)
	case (o.wholeMessage || o.headerRecipients || o.smtp) && o.composes():
		return usagef("the message is read from stdin as it is: leave out the flags that compose one")
	case o.smtp && !o.sendmail && o.besidesDialog():
		return usagef("-bs takes messages and recipients over SMTP: leave out what concerns a single message")
	case o.ignoreDots && !o.wholeInput():
		return usagef("-i goes with -t: the text of a message is read to its end anyway")
	case o.attachName != "" && !slices.Contains(o.attach, "-"):
		return usagef("--attach-name names the attachment from stdin: give --attach - too")
	case o.stdinUses() > 1:
		return usagef("stdin can be read once only: give - to one of --text, --html, --markdown, --attach and --token-file")
	case o.text != "" && o.markdown != "", o.html != "" && o.markdown != "":
		return usagef("--markdown makes both the text and the HTML: leave out --text and --html")
	}
	return o.checkEnvelope()
}

// checkEnvelope refuses before anything is dialed what cannot stand in MAIL FROM. As sendmail the
// profile's address takes the place of any other sender.
func (o *sendOptions) checkEnvelope() error {
	if o.envelope == "" || o.sendmail {
		return nil
	}
	a, err := message.ParseAddress(o.envelope)
	if err == nil && a.Address != o.envelope {
		err = fmt.Errorf("%q: an address alone is wanted", o.envelope)
	}
	if err != nil {
		return badMessageError{fmt.Errorf("--envelope-from: %w", err)}
	}
	return nil
}

// besidesDialog reports whether a flag or argument would be ignored in a dialog.
func (o *sendOptions) besidesDialog() bool {
	return len(o.recipients)+len(o.bcc) > 0 || o.wholeMessage || o.headerRecipients ||
		o.dryRun || o.stopAfter != "" || o.envelope+o.dsnNotify+o.dsnReturn+o.envelopeID != ""
}

// composes reports whether a flag asks for a part of a message that we would have to compose.
func (o *sendOptions) composes() bool {
	return o.subject != "" || len(o.to)+len(o.cc)+len(o.replyTo)+len(o.attach)+len(o.inline)+len(o.headers) > 0 ||
		o.text+o.html+o.markdown+o.importance+o.messageID+o.date != ""
}

// stdinUses counts the claims on stdin.
func (o *sendOptions) stdinUses() int {
	n := 0
	for _, name := range append([]string{o.text, o.html, o.markdown, o.tokenFile}, o.attach...) {
		if name == "-" {
			n++
		}
	}
	if o.wholeInput() || o.smtp || o.readsText() {
		n++
	}
	return n
}

// readsText reports whether stdin is the text because nothing else is.
func (o *sendOptions) readsText() bool {
	return !o.wholeInput() && !o.smtp && o.text == "" && o.html == "" && o.markdown == "" && !slices.Contains(o.attach, "-")
}

// prepare makes the message and its envelope from the options and stdin.
func (s *sending) prepare() (*outgoing, submission.Envelope, error) {
	if s.options.wholeInput() {
		return s.readMessage()
	}
	return s.compose()
}

// envelope joins the sender and the recipients with what the options add.
func (s *sending) envelope(m *message.Message, from string, to []string) (submission.Envelope, error) {
	e := submission.Envelope{
		From: from, To: to, Partial: s.options.partial,
		SMTPUTF8: m.NeedsSMTPUTF8(), Body8Bit: m.Has8Bit(), Size: m.Size(),
	}
	switch {
	case len(to) == 0:
		return e, s.noRecipient()
	case len(to) > maxRecipients:
		return e, badMessageError{fmt.Errorf("%d recipients; Exchange Online takes %d at the most (500 unless raised): split the list", len(to), maxRecipients)}
	}
	var err error
	e.DSN, err = s.options.dsn()
	return e, err
}

func (s *sending) noRecipient() error {
	switch {
	case s.options.headerRecipients:
		return usagef("no recipient: neither the arguments nor To, Cc and Bcc of the message name one")
	case s.options.sendmail || s.options.wholeMessage:
		return usagef("no recipient: name one as argument, or use -t to take those of the message's header")
	}
	return usagef("no recipient: name one as argument, or with --to, --cc or --bcc")
}

// commandRecipients are the recipients among the arguments and flags, without display names.
func (s *sending) commandRecipients() ([]string, error) {
	o := &s.options
	var all []string
	for _, values := range [][]string{o.recipients, o.to, o.cc, o.bcc} {
		for _, v := range values {
			var list []message.Address
			if err := s.parseInto(&list, v); err != nil {
				return nil, badMessageError{fmt.Errorf("recipient: %w", err)}
			}
			for _, a := range list {
				all = append(all, a.Address)
			}
		}
	}
	return all, nil
}
