package submission

import (
	"errors"
	"strconv"
	"strings"
)

// ErrNoRecipient means that an envelope names nobody.
var ErrNoRecipient = errors.New("the envelope has no recipient")

// An Envelope says from whom, to whom and how a message goes. It is checked before anything is sent.
type Envelope struct {
	From string   // the reverse-path; empty for a message that must not bounce (RFC 5321 4.5.5)
	To   []string // at least one
	// Partial sends to the recipients that the server accepts. Without it one refusal means that
	// nothing is sent.
	Partial bool
	// SMTPUTF8 declares that an address or a header field is not ASCII (RFC 6531).
	SMTPUTF8 bool
	// Body8Bit declares octets above 127 in the body (RFC 6152). Content that has them without
	// this or SMTPUTF8 is refused.
	Body8Bit bool
	// Size is the size of the content in octets, with CRLF, as far as it is known; 0 is unknown.
	Size int64
	DSN  DSN
}

// check refuses what cannot be sent: as a whole, or to a server with these extensions.
func (e *Envelope) check(offered Extensions) (Step, error) {
	if e.From != "" {
		if err := checkAddress(e.From, e.SMTPUTF8); err != nil {
			return StepMail, err
		}
	}
	if len(e.To) == 0 {
		return StepRCPT, ErrNoRecipient
	}
	for _, to := range e.To {
		if err := checkAddress(to, e.SMTPUTF8); err != nil {
			return StepRCPT, err
		}
	}
	return StepMail, e.checkExtensions(offered)
}

func (e *Envelope) checkExtensions(offered Extensions) error {
	if err := e.DSN.check(len(e.To)); err != nil {
		return err
	}
	if limit := offered.Size(); limit > 0 && e.Size > limit {
		return &SizeError{e.Size, limit}
	}
	needs := []struct {
		extension string
		needed    bool
	}{
		{"8BITMIME", e.Body8Bit},
		{"SMTPUTF8", e.SMTPUTF8},
		{"DSN", e.DSN.asked()},
	}
	for _, n := range needs {
		if n.needed && !offered.Has(n.extension) {
			return &UnsupportedError{n.extension}
		}
	}
	return nil
}

// mailCommand is MAIL with the parameters that the server offers: RFC 5321 4.1.1.2, RFC 1870 6.
func (e *Envelope) mailCommand(offered Extensions) string {
	words := []string{"MAIL FROM:<" + e.From + ">"}
	if e.Size > 0 && offered.Has("SIZE") {
		words = append(words, "SIZE="+strconv.FormatInt(e.Size, 10))
	}
	if e.Body8Bit {
		words = append(words, "BODY=8BITMIME")
	}
	if e.SMTPUTF8 {
		words = append(words, "SMTPUTF8")
	}
	return strings.Join(append(words, e.DSN.mailParameters()...), " ")
}

// rcptCommand is RCPT for one recipient.
func (e *Envelope) rcptCommand(i int) string {
	words := []string{"RCPT TO:<" + e.To[i] + ">"}
	return strings.Join(append(words, e.DSN.rcptParameters(i)...), " ")
}
