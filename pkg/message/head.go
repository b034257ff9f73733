package message

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// A head is the header of a message as it was read.
type head struct {
	fields []*field
	offset int64 // where the body begins
	lines  int   // that were read before it
}

// A field is one header field with all its lines.
type field struct {
	key  string // name in lower case
	raw  []byte // as it was, with CRLF
	line int    // of its name; 0 when we wrote it
}

func newField(raw []byte, line int) *field {
	name, _, _ := bytes.Cut(raw, []byte(":"))
	return &field{key: strings.ToLower(string(bytes.TrimRight(name, " \t"))), raw: raw, line: line}
}

// value unfolds the field (RFC 5322 2.2.3).
func (f *field) value() string {
	_, value, _ := strings.Cut(string(f.raw), ":")
	return strings.TrimSpace(strings.ReplaceAll(value, "\r\n", ""))
}

func (h *head) field(key string) *field {
	for _, f := range h.fields {
		if f.key == key {
			return f
		}
	}
	return nil
}

// bytes returns the header with the blank line behind it.
func (h *head) bytes() []byte {
	var b []byte
	for _, f := range h.fields {
		b = append(b, f.raw...)
	}
	return append(b, '\r', '\n')
}

// A headReader reads a header line by line.
type headReader struct {
	head
	lenient bool
	size    int
}

// readHead reads up to the blank line, and in lenient mode up to the first line that cannot
// be in a header.
func readHead(in *lineReader, lenient bool) (*head, error) {
	h := headReader{lenient: lenient}
	for {
		line, err := in.next()
		if errors.Is(err, io.EOF) || err == nil && len(line) == 0 {
			h.offset, h.lines = in.offset, in.number
			break
		}
		if err != nil {
			return nil, err
		}
		more, err := h.line(line, in.number)
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
		h.offset, h.lines = in.offset, in.number
	}
	if len(h.fields) == 0 && !lenient {
		return nil, &Error{Line: 1, Reason: "message has no header"}
	}
	return &h.head, h.checkCounts(lenient)
}

// line takes one line, or says that the body begins with it.
func (h *headReader) line(line []byte, number int) (more bool, err error) {
	if number == 1 && h.lenient && bytes.HasPrefix(line, []byte("From ")) {
		return true, nil
	}
	folded := line[0] == ' ' || line[0] == '\t'
	if reason := h.unfit(line, folded); reason != "" {
		if h.lenient {
			return false, nil
		}
		return false, &Error{Line: number, Reason: reason}
	}
	if reason := unfitHeader(line); reason != "" {
		return false, &Error{Line: number, Reason: reason}
	}
	if h.size += len(line) + crlfLen; h.size > maxHeader {
		return false, &Error{Line: number, Reason: "header is larger than 1 MiB"}
	}
	h.append(line, folded, number)
	return true, nil
}

func (h *headReader) append(line []byte, folded bool, number int) {
	if folded {
		f := h.fields[len(h.fields)-1]
		f.raw = append(append(f.raw, line...), '\r', '\n')
		return
	}
	h.fields = append(h.fields, newField(append(bytes.Clone(line), '\r', '\n'), number))
}

// unfit says why a line has no place in a header.
func (h *headReader) unfit(line []byte, folded bool) string {
	if folded {
		switch {
		case len(h.fields) == 0:
			return "header begins with white space"
		case !h.lenient && len(bytes.Trim(line, " \t")) == 0:
			return "line of white space in the header" // some readers end the header here
		}
		return ""
	}
	name, _, ok := bytes.Cut(line, []byte(":"))
	if !ok {
		return "no colon in a line of the header"
	}
	if h.lenient {
		name = bytes.TrimRight(name, " \t") // RFC 5322 4.5
	}
	if !isFieldName(string(name)) {
		return quote(string(name)) + " is not a field name"
	}
	return ""
}

// unfitHeader says what a line of the header may not hold: RFC 6532 allows UTF-8, and
// RFC 5322 no control character but the tab.
func unfitHeader(line []byte) string {
	if !utf8.Valid(line) {
		return "header holds bytes that are not UTF-8"
	}
	for _, c := range line {
		if c < ' ' && c != '\t' || c == '\x7f' {
			return "header holds a control character"
		}
	}
	return ""
}

// checkCounts refuses a second one of the fields that RFC 5322 3.6 and RFC 2045 allow once:
// programs differ about which of the two counts. Recipients of both fields are meant when
// sendmail is called, and Bcc is removed anyway.
func (h *head) checkCounts(lenient bool) error {
	single := " from sender reply-to date message-id in-reply-to references subject" +
		" mime-version content-type content-transfer-encoding content-disposition content-id "
	if !lenient {
		single += "to cc "
	}
	seen := map[string]bool{}
	for _, f := range h.fields {
		if seen[f.key] && strings.Contains(single, " "+f.key+" ") {
			name, _, _ := strings.Cut(string(f.raw), ":")
			return &Error{Line: f.line, Field: name, Reason: "given twice"}
		}
		seen[f.key] = true
	}
	return nil
}
