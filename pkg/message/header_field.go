package message

import (
	"net/textproto"
	"slices"
	"strings"
)

// maxHeader bounds the header of a message, in octets. It is far above what any server
// takes and keeps hostile input from filling the memory.
const maxHeader = 1 << 20

// maxLine is the hard limit of a line without its end (RFC 5322 2.1.1).
const maxLine = 998

// A HeaderField is a further field of a draft. The value is what a reader is to see: plain
// UTF-8 on one line; it is encoded (RFC 2047) and folded when the message is composed.
type HeaderField struct {
	Name  string
	Value string
}

// ParseHeaderField reads "Name: value". Errors are of type [*Error]; fields that the
// composer writes itself and fields that only servers write are refused.
func ParseHeaderField(s string) (HeaderField, error) {
	name, value, ok := strings.Cut(s, ":")
	if !ok {
		return HeaderField{}, &Error{Field: "header", Value: s, Reason: "has no colon"}
	}
	f := HeaderField{Name: name, Value: strings.Trim(value, " \t")}
	return f, f.check()
}

func (f HeaderField) check() error {
	if !isFieldName(f.Name) {
		return &Error{Field: "header", Value: f.Name, Reason: "not a field name of RFC 5322"}
	}
	if reason := reserved(f.Name); reason != "" {
		return &Error{Field: f.Name, Reason: reason}
	}
	return inField(checkText(f.Value), f.Name, 0)
}

// reserved says why a field cannot be given freely: a second one would be ambiguous, and a
// recipient in one would not be in the envelope.
func reserved(name string) string {
	name = textproto.CanonicalMIMEHeaderKey(name)
	own := []string{
		"From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Subject", "Date", "Message-Id",
		"Mime-Version", "Importance", "X-Priority",
	}
	switch {
	case slices.Contains(own, name):
		return "is set by its own option"
	case strings.HasPrefix(name, "Content-"):
		return "is set from the content of the message"
	case strings.HasPrefix(name, "Resent-"), name == "Return-Path", name == "Received":
		return "is a trace field, written when a message is passed on"
	}
	return ""
}

// maxFieldName leaves room for a value on the first line.
const maxFieldName = 256

// isFieldName is ftext of RFC 5322 3.6.8: visible ASCII without the colon.
func isFieldName(s string) bool {
	if s == "" || len(s) > maxFieldName {
		return false
	}
	for i := range len(s) {
		if s[i] < '!' || s[i] > '~' || s[i] == ':' {
			return false
		}
	}
	return true
}
