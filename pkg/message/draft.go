package message

import (
	"crypto/rand"
	"io"
	"time"
)

// A Draft is what a message is composed from. Addresses are checked again when it is.
type Draft struct {
	From    Address
	Sender  Address // who sends on behalf of From; not written when it is the same mailbox
	ReplyTo []Address
	To      []Address
	Cc      []Address
	Bcc     []Address // recipients only: never in the message
	Subject string

	// Text, HTML and Markdown are UTF-8 with LF or CRLF. Markdown gives both forms: it is its
	// own plain text, unless there is Text. HTML alone gets a plain text derived from it.
	Text     string
	HTML     string
	Markdown string

	Attachments []Attachment
	Inline      []Inline // shown by the HTML

	Headers    []HeaderField
	Importance Importance
	MessageID  string    // with or without angle brackets; made when empty
	Date       time.Time // now when zero

	// Rand is where the boundaries and the Message-ID come from; nil is crypto/rand.
	Rand io.Reader
}

// Importance is the field of RFC 2156, beside which X-Priority is written.
type Importance string

// The degrees of Importance. The empty one writes no field.
const (
	HighImportance   Importance = "high"
	NormalImportance Importance = "normal"
	LowImportance    Importance = "low"
)

// Compose builds the message. No attachment is read, but all else is checked: errors are of
// type [*Error], or come from Rand.
func Compose(d Draft) (*Message, error) {
	if d.Rand == nil {
		d.Rand = rand.Reader
	}
	if d.Date.IsZero() {
		d.Date = time.Now()
	}
	if err := d.normalize(); err != nil {
		return nil, err
	}
	body, err := d.body()
	if err != nil {
		return nil, err
	}
	return d.assemble(body)
}

func (d *Draft) assemble(body entity) (*Message, error) {
	var l layout
	header := d.header()
	if len(header) > maxHeader {
		return nil, &Error{Field: "header", Reason: "larger than 1 MiB"}
	}
	l.text(header...)
	l.entity(body)
	l.flush()
	m := &Message{segments: l.segments, id: d.MessageID, from: d.From, largest: l.largest}
	m.recipients = unique(append(append(append([]Address{}, d.To...), d.Cc...), d.Bcc...))
	m.smtpUTF8 = !isASCII(string(header))
	m.eightBit = m.smtpUTF8
	return m, nil
}
