package submission

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// maxContentLine is the longest line of a message in octets, without CRLF: RFC 5321 4.5.3.1.6.
const maxContentLine = 998

// Content is a message: header, empty line, body. Lines may end with CRLF or LF. WriteTo is called at
// most once for each submission, and its error stops the message before its end.
type Content interface {
	WriteTo(w io.Writer) (int64, error)
}

// A ContentError means that a message cannot be sent as it is. No server would be sure to read what
// was meant.
type ContentError struct {
	Line   int // counted from 1
	Reason error
}

// Reasons of a [ContentError].
var (
	ErrBareCR   = errors.New("a CR without LF")
	ErrNUL      = errors.New("a NUL")
	ErrLongLine = errors.New("more than 998 octets")
	ErrEightBit = errors.New("an octet above 127 in a message that is declared as 7bit")
)

// Error gives line and reason.
func (e *ContentError) Error() string { return fmt.Sprintf("line %d has %v", e.Line, e.Reason) }

// Unwrap gives the reason.
func (e *ContentError) Unwrap() error { return e.Reason }

// A normalizer writes content as it travels: every line ends with CRLF and nothing else ends a line,
// so that no server, however lax, finds another end of the message than ours.
type normalizer struct {
	stuff   bool // double a dot at the start of a line: RFC 5321 4.5.2
	eight   bool // permit octets above 127
	emit    func([]byte) error
	buffer  []byte // fixed capacity
	column  int    // octets of the current line so far
	lines   int    // complete ones
	afterCR bool
	bytes   int64 // octets without stuffing
	err     error // of emit, or our own
}

// newNormalizer fills buffer and emits it whenever more is to come than it takes.
func newNormalizer(buffer []byte, stuff, eight bool, emit func([]byte) error) *normalizer {
	return &normalizer{stuff: stuff, eight: eight, emit: emit, buffer: buffer[:0]}
}

// Write takes content in pieces of any size.
func (n *normalizer) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0 && n.err == nil; {
		rest = n.line(rest)
	}
	if n.err != nil {
		return 0, n.err
	}
	return len(p), nil
}

// line takes up to the next LF and gives back what follows.
func (n *normalizer) line(p []byte) []byte {
	if n.afterCR && p[0] != '\n' {
		n.refuse(ErrBareCR)
		return nil
	}
	text, rest, ended := bytes.Cut(p, []byte{'\n'})
	if !n.afterCR {
		text, n.afterCR = bytes.CutSuffix(text, []byte{'\r'})
	}
	n.text(text)
	if ended {
		n.end()
	}
	return rest
}

// text adds to the current line.
func (n *normalizer) text(text []byte) {
	switch {
	case n.column+len(text) > maxContentLine:
		n.refuse(ErrLongLine)
	case bytes.IndexByte(text, '\r') >= 0:
		n.refuse(ErrBareCR)
	case bytes.IndexByte(text, 0) >= 0:
		n.refuse(ErrNUL)
	case !n.eight && hasEightBit(text):
		n.refuse(ErrEightBit)
	}
	n.room(len(text) + 1)
	if n.err != nil {
		return
	}
	if n.stuff && n.column == 0 && len(text) > 0 && text[0] == '.' {
		n.buffer = append(n.buffer, '.')
	}
	n.buffer = append(n.buffer, text...)
	n.column += len(text)
	n.bytes += int64(len(text))
}

func (n *normalizer) end() {
	n.room(2)
	n.buffer = append(n.buffer, '\r', '\n')
	n.bytes += 2
	n.lines++
	n.column, n.afterCR = 0, false
}

// finish ends the last line; what is left stays in the buffer. A message of no octets becomes one
// empty line.
func (n *normalizer) finish() error {
	if n.afterCR {
		n.refuse(ErrBareCR)
	}
	if n.column > 0 || n.bytes == 0 {
		n.end()
	}
	return n.err
}

func (n *normalizer) room(octets int) {
	if len(n.buffer)+octets <= cap(n.buffer) {
		return
	}
	if n.err == nil {
		n.err = n.emit(n.buffer)
	}
	n.buffer = n.buffer[:0]
}

func (n *normalizer) refuse(reason error) {
	if n.err == nil {
		n.err = &ContentError{Line: n.lines + 1, Reason: reason}
	}
}

// hasEightBit looks at eight octets at a time.
func hasEightBit(p []byte) bool {
	const high = 0x8080808080808080
	var bits uint64
	for ; len(p) >= 8; p = p[8:] {
		bits |= binary.NativeEndian.Uint64(p)
	}
	for _, c := range p {
		bits |= uint64(c)
	}
	return bits&high != 0
}
