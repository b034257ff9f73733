package message

import (
	"bufio"
	"bytes"
	"slices"
	"strings"

	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-message/textproto"
)

// maxDepth bounds the nesting of parts that is followed; deeper ones count to their parent.
const maxDepth = 32

// maxPartHeader bounds the header of a part that is looked at for its name.
const maxPartHeader = 1 << 14

// A partScanner finds the largest part of a message while its lines pass. It only serves a
// warning, so a message that it cannot follow is no error: the body is one part then.
type partScanner struct {
	boundaries []string // of the open multiparts, outermost first
	inHeader   bool
	header     strings.Builder // of the current part
	current    part
	largest    part
}

func newPartScanner(h *head) *partScanner {
	s := &partScanner{}
	var header mail.AttachmentHeader
	for _, key := range []string{"content-type", "content-disposition"} {
		if f := h.field(key); f != nil {
			header.Set(key, f.value())
		}
	}
	s.begin(header)
	return s
}

// begin names the part that follows, and follows a multipart into its children.
func (s *partScanner) begin(h mail.AttachmentHeader) {
	kind, parameters, err := h.ContentType()
	if err != nil || kind == "" {
		kind = "text/plain" // RFC 2045 5.2
	}
	s.current = part{name: kind}
	if b := parameters["boundary"]; strings.HasPrefix(kind, "multipart/") && b != "" && len(s.boundaries) < maxDepth {
		s.boundaries = append(s.boundaries, b)
		return
	}
	if name, err := h.Filename(); err == nil && name != "" {
		s.current.name = FileName(name)
	}
}

func (s *partScanner) line(line []byte) {
	if len(s.boundaries) > 0 && bytes.HasPrefix(line, []byte("--")) && s.delimiter(string(line)) {
		return
	}
	s.current.size += int64(len(line)) + crlfLen
	if !s.inHeader {
		return
	}
	if len(line) > 0 && s.header.Len() < maxPartHeader {
		s.header.Write(line)
		s.header.WriteString("\r\n")
		return
	}
	s.endHeader()
}

// delimiter takes a line that ends a part: one of any open multipart (RFC 2046 5.1.2).
func (s *partScanner) delimiter(line string) bool {
	line = strings.TrimRight(line, " \t")[2:]
	for i, b := range slices.Backward(s.boundaries) {
		rest, ok := strings.CutPrefix(line, b)
		if !ok || rest != "" && rest != "--" {
			continue
		}
		s.endPart()
		s.boundaries = s.boundaries[:i+1]
		s.inHeader = rest == ""
		if rest == "--" {
			s.boundaries = s.boundaries[:i]
		}
		return true
	}
	return false
}

func (s *partScanner) endHeader() {
	s.inHeader = false
	fields, _ := textproto.ReadHeader(bufio.NewReader(strings.NewReader(s.header.String() + "\r\n")))
	s.header.Reset()
	size := s.current.size
	var h mail.AttachmentHeader
	h.Header.Header = fields
	s.begin(h)
	s.current.size = size
}

func (s *partScanner) endPart() {
	if s.current.size > s.largest.size {
		s.largest = s.current
	}
	s.current = part{}
	s.header.Reset()
}

func (s *partScanner) end() part {
	s.endPart()
	return s.largest
}
