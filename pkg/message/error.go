package message

import (
	"errors"
	"strconv"
	"strings"
)

// An Error says why a message, an address or a header field was refused.
type Error struct {
	Line   int    // line of the input, counted from 1; 0 when there is none
	Field  string // header field or part of the draft, such as "Subject" or "attachment"
	Value  string // what was refused; may hold anything, Error quotes and shortens it
	Reason string // lower case, complete without the other fields
}

func (e *Error) Error() string {
	var b strings.Builder
	if e.Line > 0 {
		b.WriteString("line " + strconv.Itoa(e.Line) + ": ")
	}
	if e.Field != "" {
		b.WriteString(quoteUnlessPlain(e.Field) + ": ")
	}
	if e.Value != "" {
		b.WriteString(quote(e.Value) + ": ")
	}
	b.WriteString(e.Reason)
	return b.String()
}

// ErrAttachmentChanged says that an attachment had another size when it was read than when
// it was attached. What has been written by then is not the message.
var ErrAttachmentChanged = errors.New("size changed while it was read")

// ErrNotRegular says that an attachment is a directory, a device or a pipe.
var ErrNotRegular = errors.New("not a regular file")

// An AttachmentError names the attachment that could not be opened or read. Err is
// [ErrAttachmentChanged], [ErrNotRegular] or an error of the file system.
type AttachmentError struct {
	Name string
	Err  error
}

func (e *AttachmentError) Error() string { return "attachment " + quote(e.Name) + ": " + e.Err.Error() }

// Unwrap returns the reason.
func (e *AttachmentError) Unwrap() error { return e.Err }

// quoteLimit keeps a hostile value from filling the screen.
const quoteLimit = 120

func quote(s string) string {
	if len(s) > quoteLimit {
		return strconv.Quote(s[:quoteLimit]) + "..."
	}
	return strconv.Quote(s)
}

func quoteUnlessPlain(name string) string {
	if isFieldName(name) {
		return name
	}
	return quote(name)
}

// inField names the field of an error that has none.
func inField(err error, field string, line int) error {
	if e, ok := errors.AsType[*Error](err); ok {
		e.Field, e.Line = field, line
	}
	return err
}
