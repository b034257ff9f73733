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
	case o.ignoreDots && !o.wholeInput():
		return usagef("-i goes with -t: the text of a message is read to its end anyway")
	case o.attachName != "" && !slices.Contains(o.attach, "-"):
		return usagef("--attach-name names the attachment from stdin: give --attach - too")
	case o.stdinUses() > 1:
		return usagef("stdin can be read once only: give - to one of --text, --html, --markdown, --attach and --token-file")
	case o.text != "" && o.markdown != "", o.html != "" && o.markdown != "":
		return usagef("--markdown makes both the text and the HTML: leave out --text and --html")
	}
	return nil
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
		return e, usagef("no recipient: name one as argument, with --to, --cc or --bcc, or use -t")
	case len(to) > maxRecipients:
		return e, badMessageError{fmt.Errorf("%d recipients; Exchange Online takes %d at the most (500 unless raised): split the list", len(to), maxRecipients)}
	}
	var err error
	e.DSN, err = s.options.dsn()
	return e, err
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
