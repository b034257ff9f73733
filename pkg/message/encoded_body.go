package message

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	"slices"
	"strings"
)

// encodeBody makes quoted-printable of a body whose lines cannot be sent as they are. The
// reader of the message gets the very text, its long lines and bare CRs too.
func encodeBody(r io.ReadSeeker, h *head) (*spooledBody, error) {
	b := &spooledBody{r: r, offset: h.offset, encoded: true}
	c := counter{w: io.Discard}
	if err := b.copyTo(&c); err != nil {
		return nil, err
	}
	b.length = c.n
	b.largest = part{newPartScanner(h).current.name, c.n}
	h.drop("content-transfer-encoding")
	h.add("Content-Transfer-Encoding", "quoted-printable")
	if h.field("mime-version") == nil {
		h.add("MIME-Version", "1.0")
	}
	if h.field("content-type") == nil {
		// The one guess that is right for ASCII as well.
		h.add("Content-Type", `text/plain; charset="utf-8"`)
	}
	return b, nil
}

// isPlainText reports whether the body is text that nothing has encoded or signed yet.
func (h *head) isPlainText() bool {
	if h.field("dkim-signature") != nil {
		return false
	}
	if f := h.field("content-type"); f != nil {
		kind, _, err := mime.ParseMediaType(f.value())
		if err != nil || !strings.HasPrefix(kind, "text/") {
			return false
		}
	}
	f := h.field("content-transfer-encoding")
	return f == nil || slices.Contains([]string{"7bit", "8bit", "binary"}, strings.ToLower(f.value()))
}

// encodeText encodes lines of any length in constant memory; CRLF and LF end a line, and
// the last one is ended too.
func encodeText(out io.Writer, r io.Reader) error {
	in := bufio.NewReaderSize(r, 1<<15)
	w := bufio.NewWriterSize(out, 1<<15)
	line := newLineEncoder(w)
	begun := false
	for {
		text, err := in.ReadSlice('\n')
		text, ended := bytes.CutSuffix(text, []byte("\n"))
		switch {
		case ended:
			text = bytes.TrimSuffix(text, []byte("\r"))
		case errors.Is(err, bufio.ErrBufferFull) && bytes.HasSuffix(text, []byte("\r")):
			// The next octet tells whether this CR ends the line.
			text, _ = text[:len(text)-1], in.UnreadByte()
		case err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull):
			return err
		}
		_, _ = line.Write(text) // w keeps an error for Flush
		begun = begun || len(text) > 0
		last := errors.Is(err, io.EOF)
		if ended || last && begun {
			_ = line.Close()
			_, _ = w.WriteString("\r\n")
			line, begun = newLineEncoder(w), false
		}
		if last {
			return w.Flush()
		}
	}
}

// newLineEncoder encodes the text within one line: package quotedprintable would take a
// bare CR for the end of it.
func newLineEncoder(w io.Writer) *quotedprintable.Writer {
	q := quotedprintable.NewWriter(w)
	q.Binary = true
	return q
}
