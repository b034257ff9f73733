package sandbox

import (
	"bytes"
	"os"
)

// spool takes a message to a file while it comes.
type spool struct {
	file   *os.File
	size   int64 // of the message, kept or not
	limit  int64
	failed error // of writing
	header header
}

func (s *spool) tooLarge() bool { return s.size > s.limit }

// Write keeps what is within the limit. It never fails: see failed.
func (s *spool) Write(p []byte) (int, error) {
	s.size += int64(len(p))
	s.header.take(p)
	if !s.tooLarge() && s.failed == nil {
		_, s.failed = s.file.Write(p)
	}
	return len(p), nil
}

// discard removes the file, if it is still there.
func (s *spool) discard() {
	_ = s.file.Close()
	_ = os.Remove(s.file.Name())
}

// maxHeader is the size of a header that Exchange takes, in octets (MaxHeaderSize of a receive
// connector).
const maxHeader = 256 << 10

// header catches the header section of a message as it passes.
type header struct {
	buffer  bytes.Buffer
	ended   bool
	tooLong bool
}

func (h *header) take(p []byte) {
	if h.ended {
		return
	}
	from := max(0, h.buffer.Len()-len("\r\n\r")) // the empty line may lie across pieces
	h.buffer.Write(p[:min(len(p), maxHeader+4-h.buffer.Len())])
	if bytes.HasPrefix(h.buffer.Bytes(), []byte("\r\n")) {
		h.ended = true // no header at all
		return
	}
	if end := bytes.Index(h.buffer.Bytes()[from:], []byte("\r\n\r\n")); end >= 0 {
		h.buffer.Truncate(from + end + len("\r\n\r\n"))
		h.ended = true
	}
	if h.tooLong = h.buffer.Len() > maxHeader; h.tooLong {
		h.ended = true
	}
}

// bytes is the header with its empty line, which a message without a body may lack.
func (h *header) bytes() []byte {
	b := h.buffer.Bytes()
	if bytes.HasPrefix(b, []byte("\r\n")) {
		return b[:2]
	}
	if !bytes.HasSuffix(b, []byte("\r\n\r\n")) {
		b = append(bytes.Clone(b), "\r\n\r\n"...)
	}
	return b
}
