package submission

import (
	"errors"
	"fmt"
	"strings"
)

// A State is what became of a message.
type State string

// The states. Only an Accepted message is the server's; only a Deferred one may be sent again
// without a second thought.
const (
	Accepted  State = "accepted"
	Refused   State = "refused"
	Deferred  State = "deferred"
	Uncertain State = "uncertain"
)

// Causes of an [Error] that no reply expresses.
var (
	// ErrProtocol is wrapped when the server breaks the rules of SMTP: a reply without a code or
	// without end, or one that cannot answer what was asked.
	ErrProtocol = errors.New("protocol error")
	// ErrInjected means that octets followed the reply to STARTTLS in clear. Somebody between
	// us and the server wants them to be read as if they had come over TLS (CVE-2011-0411).
	ErrInjected = errors.New("plaintext injection: octets in clear behind the reply to STARTTLS")
	// ErrNotEncrypted means that a session without TLS was asked to do what needs it.
	ErrNotEncrypted = errors.New("the session is not encrypted")
	// ErrClosed means that the session had ended before.
	ErrClosed = errors.New("the session is closed")
	// ErrToken means that the user or the token cannot stand in an XOAUTH2 response: one is empty
	// or holds a control character.
	ErrToken = errors.New("user or token is empty or holds a control character")
	// ErrHost means that Dialer.Host is neither a domain nor an address.
	ErrHost = errors.New("not a host name or an address")
	// ErrLocalName means that Dialer.LocalName is neither a domain nor an address literal.
	ErrLocalName = errors.New("not a domain or an address literal")
)

// An Error is the end of a step that failed. The digits of Reply decide State; who knows better what
// a text means may overrule it, except for Uncertain.
type Error struct {
	Step      Step
	State     State
	Host      string // as it was dialed
	Recipient string // set when the reply concerns one recipient
	Reply     *Reply // nil when the failure is not a reply
	Challenge string // what a refused XOAUTH2 told before the final reply: usually JSON
	Err       error  // nil when the failure is a reply
}

// Error tells the step, the host and the server's own words.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s: ", e.Host, e.Step)
	if e.Recipient != "" {
		fmt.Fprintf(&b, "<%s>: ", e.Recipient)
	}
	if e.Challenge != "" {
		fmt.Fprintf(&b, "334 %s / ", e.Challenge)
	}
	switch {
	case e.Reply != nil:
		b.WriteString(e.Reply.String())
	case e.Err != nil:
		b.WriteString(e.Err.Error())
	}
	return b.String()
}

// Unwrap gives the cause, if it is not a reply.
func (e *Error) Unwrap() error { return e.Err }

// An UnsupportedError means that the server does not offer what is needed.
type UnsupportedError struct {
	Extension string // as registered with IANA: "STARTTLS", "AUTH XOAUTH2", "8BITMIME", "SMTPUTF8", "DSN"
}

// Error names the extension.
func (e *UnsupportedError) Error() string { return "the server does not offer " + e.Extension }

// A SizeError means that a message is larger than the server says it takes (RFC 1870).
type SizeError struct {
	Size, Limit int64 // octets
}

// Error gives both sizes.
func (e *SizeError) Error() string {
	return fmt.Sprintf("the message has %d octets, the server takes %d", e.Size, e.Limit)
}

// protocolError tells how the server broke the rules.
func protocolError(format string, a ...any) error {
	return fmt.Errorf("%w: %s", ErrProtocol, fmt.Sprintf(format, a...))
}

// stateOfCode reads the first digit of a refusal: RFC 5321 4.2.1.
func stateOfCode(code int) State {
	if code/100 == 5 {
		return Refused
	}
	return Deferred
}
