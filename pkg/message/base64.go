package message

import (
	"encoding/base64"
	"errors"
	"io"
)

// Lines of base64: 57 octets become 76 characters (RFC 2045 6.8) and their CRLF.
const (
	rawLine     = 57
	encodedLine = 76
	crlfLen     = 2
)

// blockLines is how many lines are encoded into one write.
const blockLines = 512

// A base64File is the content of an attachment. Its last line has no end of its own: that
// belongs to the delimiter behind it (RFC 2046 5.1.1).
type base64File struct {
	Attachment
}

func (f base64File) size() int64 {
	full, rest := f.Size/rawLine, int(f.Size%rawLine)
	n := full*(encodedLine+crlfLen) + int64(base64.StdEncoding.EncodedLen(rest))
	if rest == 0 && full > 0 {
		n -= crlfLen
	}
	return n
}

func (f base64File) writeTo(w io.Writer) error {
	r, err := f.Open()
	if err != nil {
		return &AttachmentError{Name: f.Name, Err: err}
	}
	defer func() { _ = r.Close() }() // nothing was written to it
	return encodeBase64(w, r, f.Size, f.Name)
}

// encodeBase64 encodes exactly size octets of r in blocks of whole lines, in constant memory.
func encodeBase64(w io.Writer, r io.Reader, size int64, name string) error {
	raw := make([]byte, min(int64(blockLines*rawLine), size+1))
	out := make([]byte, 0, blockLines*(encodedLine+crlfLen))
	for left := size; left > 0; {
		block := raw[:min(int64(blockLines*rawLine), left)]
		if _, err := io.ReadFull(r, block); err != nil {
			return changed(err, name)
		}
		left -= int64(len(block))
		out = appendLines(out[:0], block)
		if left == 0 {
			out = out[:len(out)-crlfLen]
		}
		if _, err := w.Write(out); err != nil {
			return err
		}
	}
	if n, err := io.ReadFull(r, raw[:1]); n > 0 || !errors.Is(err, io.EOF) {
		return changed(err, name)
	}
	return nil
}

// appendLines encodes whole lines; the last one of a file may be shorter.
func appendLines(out, raw []byte) []byte {
	for len(raw) > 0 {
		n := min(rawLine, len(raw))
		out = base64.StdEncoding.AppendEncode(out, raw[:n])
		out = append(out, '\r', '\n')
		raw = raw[n:]
	}
	return out
}

// changed tells a wrong length from a failing disk.
func changed(err error, name string) error {
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = ErrAttachmentChanged
	}
	return &AttachmentError{Name: name, Err: err}
}
