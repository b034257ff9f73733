package migrate

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// ReportHead is how much of a file is looked at to recognize a report, in bytes.
const ReportHead = 64 << 10

// Bounds for reports, which come from anywhere. A row of the widest real export has some 3 kB.
const (
	maxReportLine   = 1 << 20
	maxFieldRunes   = 320 // RFC 3696 erratum 1690: an address has 254 octets at the most
	maxReportFields = 512
)

// plainText is r in UTF-8: PowerShell 5.1 redirects to UTF-16, and exports begin with a byte order mark.
func plainText(r io.Reader) *bufio.Reader {
	b := bufio.NewReaderSize(r, ReportHead)
	head, _ := b.Peek(4)
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, _ = b.Discard(3)
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		_, _ = b.Discard(2)
		return bufio.NewReaderSize(&utf16Reader{r: b, order: binary.LittleEndian}, ReportHead)
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		_, _ = b.Discard(2)
		return bufio.NewReaderSize(&utf16Reader{r: b, order: binary.BigEndian}, ReportHead)
	case len(head) == 4 && head[1] == 0 && head[3] == 0 && head[0] != 0:
		return bufio.NewReaderSize(&utf16Reader{r: b, order: binary.LittleEndian}, ReportHead)
	}
	return b
}

// utf16Reader translates UTF-16 to UTF-8 as it is read.
type utf16Reader struct {
	r       io.Reader
	order   binary.ByteOrder
	pending []byte // UTF-8 that did not fit
	held    rune   // the first half of a surrogate pair
}

// Read gives UTF-8; half a character at the end becomes U+FFFD.
func (u *utf16Reader) Read(p []byte) (int, error) {
	for len(u.pending) == 0 {
		var unit [2]byte
		if _, err := io.ReadFull(u.r, unit[:]); err != nil {
			if errors.Is(err, io.ErrUnexpectedEOF) {
				err = io.EOF
			}
			return 0, err
		}
		u.take(rune(u.order.Uint16(unit[:])))
	}
	n := copy(p, u.pending)
	u.pending = u.pending[n:]
	return n, nil
}

func (u *utf16Reader) take(unit rune) {
	pair := utf16.DecodeRune(u.held, unit)
	switch {
	case u.held != 0 && pair != utf8.RuneError:
		u.pending = utf8.AppendRune(nil, pair)
		u.held = 0
	case utf16.IsSurrogate(unit) && u.held == 0:
		u.held = unit
	default:
		u.held = 0
		u.pending = utf8.AppendRune(nil, unit)
	}
}

// reportLines reads lines of bounded length, and can be given lines back.
type reportLines struct {
	r    *bufio.Reader
	back []numberedLine
	next int // number of the next line
	err  error
}

type numberedLine struct {
	number  int
	text    string
	tooLong bool // text is the beginning only
}

// read returns the next line without its end; false at the end of the input or after an error.
func (l *reportLines) read() (numberedLine, bool) {
	if last := len(l.back) - 1; last >= 0 {
		line := l.back[last]
		l.back = l.back[:last]
		return line, true
	}
	line := numberedLine{number: l.next + 1}
	var text []byte
	for {
		part, err := l.r.ReadSlice('\n')
		if len(text)+len(part) <= maxReportLine {
			text = append(text, part...)
		} else {
			line.tooLong = true
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && !errors.Is(err, io.EOF) {
			l.err = err
		}
		if err != nil && len(text) == 0 && !line.tooLong {
			return line, false
		}
		l.next++
		line.text = withoutColor(string(bytes.ToValidUTF8(bytes.TrimRight(text, "\r\n"), []byte("\uFFFD"))))
		return line, true
	}
}

// withoutColor drops the escape sequences with which PowerShell 7 paints headers, also into a transcript.
func withoutColor(s string) string {
	if !strings.Contains(s, "\x1b[") {
		return s
	}
	var b strings.Builder
	for s != "" {
		before, after, ok := strings.Cut(s, "\x1b[")
		b.WriteString(before)
		s = after
		if rest := strings.TrimLeft(after, "0123456789;"); strings.HasPrefix(rest, "m") {
			s = rest[1:]
		} else if ok {
			b.WriteString("\x1b[")
		}
	}
	return b.String()
}

// unread gives lines back, in their order.
func (l *reportLines) unread(lines []numberedLine) {
	for _, line := range slices.Backward(lines) {
		l.back = append(l.back, line)
	}
}
