package message

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"
)

// A spooledBody is the body of a read message, in the spool from offset on.
type spooledBody struct {
	r        io.ReadSeeker
	offset   int64
	length   int64 // with CRLF at the end of every line
	encoded  bool  // written as quoted-printable, see encodeBody
	eightBit bool
	largest  part
}

// scanBody reads the body once, for its size and for what it may not hold.
func scanBody(r io.ReadSeeker, h *head) (*spooledBody, error) {
	b := &spooledBody{r: r, offset: h.offset}
	if _, err := r.Seek(h.offset, io.SeekStart); err != nil {
		return nil, err
	}
	in := newLineReader(r)
	in.number = h.lines
	parts := newPartScanner(h)
	for {
		line, err := in.next()
		if errors.Is(err, io.EOF) {
			b.largest = parts.end()
			return b, nil
		}
		if err != nil {
			return nil, err
		}
		b.length += int64(len(line)) + crlfLen
		b.eightBit = b.eightBit || has8Bit(line)
		parts.line(line)
	}
}

func has8Bit(line []byte) bool {
	for _, c := range line {
		if c >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

func (b *spooledBody) size() int64 { return b.length }

func (b *spooledBody) writeTo(w io.Writer) error {
	c := counter{w: w}
	if err := b.copyTo(&c); err != nil {
		return err
	}
	if c.n != b.length {
		return &Error{Field: "input", Reason: "changed while it was read"}
	}
	return nil
}

func (b *spooledBody) copyTo(w io.Writer) error {
	if _, err := b.r.Seek(b.offset, io.SeekStart); err != nil {
		return err
	}
	if b.encoded {
		return encodeText(w, b.r)
	}
	return copyCRLF(w, b.r)
}

// copyCRLF copies text, ends each line in CRLF, the last one too, and uses constant memory.
func copyCRLF(w io.Writer, r io.Reader) error {
	in := make([]byte, 1<<15)
	out := make([]byte, 0, 1<<15+1<<10)
	var last byte
	for {
		n, err := r.Read(in)
		out, last = appendCRLF(out[:0], in[:n], last)
		if errors.Is(err, io.EOF) && last != '\n' {
			out = appendEnd(out, last)
			last = '\n'
		}
		if _, werr := w.Write(out); werr != nil {
			return werr
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// appendCRLF appends text whose predecessor ended in last, and returns its own last byte.
func appendCRLF(out, text []byte, last byte) ([]byte, byte) {
	for len(text) > 0 {
		i := bytes.IndexByte(text, '\n')
		if i < 0 {
			return append(out, text...), text[len(text)-1]
		}
		out = append(out, text[:i]...)
		if i > 0 {
			last = text[i-1]
		}
		out = appendEnd(out, last)
		last = '\n'
		text = text[i+1:]
	}
	return out, last
}

// appendEnd completes the end of a line whose CR may be there already.
func appendEnd(out []byte, last byte) []byte {
	if last != '\r' {
		out = append(out, '\r')
	}
	return append(out, '\n')
}
