package message

import (
	"bufio"
	"errors"
	"io"
	"slices"
)

// DotTerminated reads r up to a line that holds only a dot, as sendmail does without -i.
// That line and what follows are not part of the message.
func DotTerminated(r io.Reader) io.Reader {
	return &dotReader{r: bufio.NewReader(r), lineStart: true}
}

type dotReader struct {
	r         *bufio.Reader
	pending   []byte
	lineStart bool
	err       error
}

func (d *dotReader) Read(p []byte) (int, error) {
	for len(d.pending) == 0 && d.err == nil {
		d.fill()
	}
	n := copy(p, d.pending)
	d.pending = d.pending[n:]
	if n == 0 && len(p) > 0 {
		return 0, d.err
	}
	return n, nil
}

// fill takes the next line, or as much of it as the buffer holds.
func (d *dotReader) fill() {
	line, err := d.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		err = nil
	}
	if d.lineStart && slices.Contains([]string{".", ".\n", ".\r\n"}, string(line)) {
		d.err = io.EOF
		return
	}
	d.lineStart = len(line) > 0 && line[len(line)-1] == '\n'
	d.pending, d.err = line, err
}
