package message

import (
	"bytes"
	"mime/quotedprintable"
	"strings"
	"unicode/utf8"
)

// maxPlainLine is the longest line that is sent as it is; longer ones are soft-broken by
// quoted-printable, whose own limit it is (RFC 2045 6.7).
const maxPlainLine = 76

// A textPart is text in its transfer encoding.
type textPart struct {
	subtype  string
	encoding string // "7bit" or "quoted-printable"
	encoded  []byte
}

// newTextPart checks and encodes a text given in the field that is named. Every line, the
// last too, ends in CRLF. Neither form needs 8BITMIME.
func newTextPart(field, subtype, text string) (textPart, error) {
	lines, err := textLines(field, text)
	if err != nil {
		return textPart{}, err
	}
	if is7bit(lines) {
		return textPart{subtype, "7bit", []byte(strings.Join(lines, "\r\n"))}, nil
	}
	var b bytes.Buffer
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(strings.Join(lines, "\r\n"))) // a Buffer takes everything
	_ = w.Close()
	return textPart{subtype, "quoted-printable", b.Bytes()}, nil
}

// textLines cuts a text at its LF or CRLF. The last element is empty: the text then ends in
// the end of a line, as a message has to. RFC 2046 4.1.1 allows no other use of CR, and
// RFC 5322 no NUL.
func textLines(field, text string) ([]string, error) {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		line = strings.TrimSuffix(line, "\r")
		if reason := unfitText(line); reason != "" {
			return nil, &Error{Line: i + 1, Field: field, Reason: reason}
		}
		lines[i] = line
	}
	if lines[len(lines)-1] != "" {
		lines = append(lines, "")
	}
	return lines, nil
}

func unfitText(line string) string {
	switch {
	case strings.Contains(line, "\r"):
		return "bare CR"
	case strings.Contains(line, "\x00"):
		return "holds a NUL"
	case !utf8.ValidString(line):
		return "not valid UTF-8"
	}
	return ""
}

// is7bit reports whether the lines survive as they are: short, printable and without spaces
// at the end, which servers may cut.
func is7bit(lines []string) bool {
	for _, line := range lines {
		if len(line) > maxPlainLine || strings.TrimRight(line, " \t") != line {
			return false
		}
		if strings.ContainsFunc(line, func(r rune) bool { return r > '~' || r < ' ' && r != '\t' }) {
			return false
		}
	}
	return true
}
