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
	if err := checkLines(field, text); err != nil {
		return textPart{}, err
	}
	text = withCRLF(text)
	if is7bit(text) {
		return textPart{subtype, "7bit", []byte(text)}, nil
	}
	var b bytes.Buffer
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(text)) // a Buffer takes everything
	_ = w.Close()
	return textPart{subtype, "quoted-printable", b.Bytes()}, nil
}

// withCRLF gives every line the end that it has in a message; the last one may lack it.
func withCRLF(text string) string {
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
}

// checkLines takes LF and CRLF as the end of a line. RFC 2046 4.1.1 allows no other use of
// CR, and RFC 5322 no NUL.
func checkLines(field, text string) error {
	number := 0
	for line := range strings.SplitAfterSeq(text, "\n") {
		number++
		if reason := unfitText(strings.TrimSuffix(line, "\r\n")); reason != "" {
			return &Error{Line: number, Field: field, Reason: reason}
		}
	}
	return nil
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
func is7bit(text string) bool {
	for line := range strings.SplitSeq(text, "\r\n") {
		if len(line) > maxPlainLine || strings.TrimRight(line, " \t") != line {
			return false
		}
		if strings.ContainsFunc(line, func(r rune) bool { return r > '~' || r < ' ' && r != '\t' }) {
			return false
		}
	}
	return true
}
