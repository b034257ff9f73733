package message

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// A lineReader gives the lines of an input one by one and refuses what no line may hold.
type lineReader struct {
	r      *bufio.Reader
	number int   // of the line that was read last
	offset int64 // behind it
}

func newLineReader(r io.Reader) *lineReader {
	return &lineReader{r: bufio.NewReaderSize(r, 1<<16)}
}

// next returns a line without its end, be it CRLF or LF, valid until the next call. At the
// end of the input it returns io.EOF; the last line need not be ended.
func (l *lineReader) next() ([]byte, error) {
	raw, err := l.r.ReadSlice('\n')
	if len(raw) == 0 && errors.Is(err, io.EOF) {
		return nil, io.EOF
	}
	l.number++
	l.offset += int64(len(raw))
	line := bytes.TrimSuffix(bytes.TrimSuffix(raw, []byte("\n")), []byte("\r"))
	switch {
	case len(line) > maxLine: // as every line that fills the buffer
		return nil, l.refuse("longer than 998 octets")
	case err != nil && !errors.Is(err, io.EOF):
		return nil, err
	case errors.Is(err, io.EOF) && bytes.HasSuffix(raw, []byte("\r")), bytes.IndexByte(line, '\r') >= 0:
		return nil, l.refuse("bare CR")
	case bytes.IndexByte(line, 0) >= 0:
		return nil, l.refuse("holds a NUL")
	}
	return line, nil
}

func (l *lineReader) refuse(reason string) error {
	return &Error{Line: l.number, Reason: reason}
}
