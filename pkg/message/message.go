package message

import (
	"io"
	"slices"
)

// A Message is ready to be submitted. It is written with CRLF at the end of every line.
// WriteTo reads the files or the spool behind it and must not run twice at the same time.
type Message struct {
	segments   []segment
	id         string
	from       Address
	recipients []Address
	unreadable error // why the recipients in the header of a read message are not known
	eightBit   bool
	smtpUTF8   bool
	largest    part
}

// A segment is a stretch of a message. Its size is known before it is written.
type segment interface {
	size() int64
	writeTo(w io.Writer) error
}

// A literal is a segment in memory.
type literal []byte

func (l literal) size() int64 { return int64(len(l)) }

func (l literal) writeTo(w io.Writer) error {
	_, err := w.Write(l)
	return err
}

// A part is one leaf of the MIME tree and the octets that it takes in the message.
type part struct {
	name string
	size int64
}

// Size returns the octets that WriteTo writes, for SIZE (RFC 1870). No file is read for it.
func (m *Message) Size() int64 {
	var n int64
	for _, s := range m.segments {
		n += s.size()
	}
	return n
}

// WriteTo writes the whole message. It can be called again. An error that is not of w is
// an [*AttachmentError], or of the spool that [Read] was given; what was written is then
// incomplete and must not be ended as a message.
func (m *Message) WriteTo(w io.Writer) (int64, error) {
	c := counter{w: w}
	for _, s := range m.segments {
		if err := s.writeTo(&c); err != nil {
			return c.n, err
		}
	}
	return c.n, nil
}

// A counter counts what is written.
type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}

// MessageID returns the Message-ID with its angle brackets.
func (m *Message) MessageID() string { return m.id }

// From returns the author, the first if there are several.
func (m *Message) From() Address { return m.from }

// Recipients returns everybody in To, Cc and Bcc, each once. For a read message that was
// passed on these are the Resent fields (RFC 5322 3.6.6) instead. Bcc is returned here though it is no
// longer in the message. The error, of type [*Error], is why a field could not be read.
func (m *Message) Recipients() ([]Address, error) {
	return slices.Clone(m.recipients), m.unreadable
}

// Has8Bit reports whether the message needs 8BITMIME (RFC 6152). A composed one does only
// with an address that needs SMTPUTF8.
func (m *Message) Has8Bit() bool { return m.eightBit }

// NeedsSMTPUTF8 reports whether the header holds characters outside ASCII (RFC 6532).
func (m *Message) NeedsSMTPUTF8() bool { return m.smtpUTF8 }

// LargestPart names the part of the message that takes the most octets, encoded as it is:
// by its file name, or by its content type when it has none.
func (m *Message) LargestPart() (name string, size int64) { return m.largest.name, m.largest.size }

// unique drops the later ones of equal mailboxes.
func unique(list []Address) []Address {
	seen := make(map[string]bool, len(list))
	return slices.DeleteFunc(list, func(a Address) bool {
		known := seen[a.key()]
		seen[a.key()] = true
		return known
	})
}
