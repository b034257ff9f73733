package message

import (
	"crypto/rand"
	"errors"
	"io"
	"slices"
	"time"
)

// ReadOptions say how a whole message is read.
type ReadOptions struct {
	// Sendmail reads as the program of that name does: an input without a header is all body,
	// the header ends before the first line that is not a field, a leading "From " line of
	// an mbox is skipped, and addresses can be local names.
	Sendmail bool

	// EncodeText makes quoted-printable of a text that has bare CRs, NULs or lines over 998
	// octets, such as the output of a job with a progress bar, instead of refusing it. What
	// has another type than text, is encoded already or signed (DKIM) is still refused.
	EncodeText bool

	// From is the author of a message that has none, or one that MayUse refuses; then the
	// former author is in Reply-To, unless there is one already. A name that is empty
	// here is taken from the former author. The zero Address refuses such a message.
	From   Address
	MayUse func(Address) bool // nil: every author stays

	Date time.Time // for a message without Date; now when zero
	Rand io.Reader // for a message without Message-ID; nil is crypto/rand
}

// Read takes a whole message from r, from its beginning. It stays as it is, but for this: lines end in
// CRLF, the last one too; Bcc is gone; Date, Message-ID and From are added when missing;
// From is replaced as [ReadOptions] say. Errors are of type [*Error] with the line, or of r,
// which belongs to the message from then on: WriteTo reads it again.
func Read(r io.ReadSeeker, o ReadOptions) (*Message, error) {
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Date.IsZero() {
		o.Date = time.Now()
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	in := newLineReader(r)
	h, err := readHead(in, o.Sendmail)
	if err != nil {
		return nil, err
	}
	body, err := scanBody(r, h)
	if _, unfit := errors.AsType[*Error](err); unfit && o.EncodeText && h.isPlainText() {
		body, err = encodeBody(r, h)
	}
	if err != nil {
		return nil, err
	}
	return o.assemble(h, body)
}

func (o ReadOptions) assemble(h *head, body *spooledBody) (*Message, error) {
	m := &Message{eightBit: body.eightBit, largest: body.largest}
	m.recipients, m.unreadable = h.recipients(o.Sendmail)
	from, err := h.author(o)
	if err != nil {
		return nil, err
	}
	m.from = from
	h.drop("bcc", "resent-bcc")
	if m.id, err = h.complete(o, from); err != nil {
		return nil, err
	}
	header := h.bytes()
	if len(header) > maxHeader {
		return nil, &Error{Field: "header", Reason: "larger than 1 MiB"}
	}
	m.smtpUTF8 = !isASCII(string(header))
	m.eightBit = m.eightBit || m.smtpUTF8
	m.segments = []segment{literal(header)}
	if body.length > 0 {
		m.segments = append(m.segments, body)
	}
	return m, nil
}

// complete adds what RFC 5322 3.6 and RFC 6409 8 want a message to have, and returns its id.
func (h *head) complete(o ReadOptions, from Address) (id string, err error) {
	h.fields = slices.DeleteFunc(h.fields, func(f *field) bool {
		return (f.key == "date" || f.key == "message-id") && f.value() == ""
	})
	if h.field("date") == nil {
		h.add("Date", o.Date.Format(dateLayout))
	}
	if f := h.field("message-id"); f != nil {
		return f.value(), nil
	}
	if id, err = newMessageID(o.Date, from, o.Rand); err == nil {
		h.add("Message-ID", id)
	}
	return id, err
}

func (h *head) add(name, value string) {
	var w fieldWriter
	w.structured(name, value)
	h.fields = append(h.fields, newField(w.b, 0))
}

func (h *head) drop(keys ...string) {
	h.fields = slices.DeleteFunc(h.fields, func(f *field) bool { return slices.Contains(keys, f.key) })
}
