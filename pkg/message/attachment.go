package message

import (
	"fmt"
	"io"
	"os"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An Attachment is a file that goes with a message.
type Attachment struct {
	Name        string // file name for the recipient; [Compose] makes it safe as FileName does
	ContentType string // media type without parameters; empty: by the extension of Name

	// Size is the exact number of octets that the reader of Open gives. Open is called each
	// time the message is written.
	Size int64
	Open func() (io.ReadCloser, error)
}

// An Inline is an image or another file that the HTML text shows by the URL "cid:CID" (RFC 2392).
type Inline struct {
	CID string
	Attachment
}

// FileAttachment attaches the regular file at path, which is opened once to see whether it
// can be read, and then each time the message is written. Errors are of type [*AttachmentError].
func FileAttachment(path string) (Attachment, error) {
	size, err := readableSize(path)
	if err != nil {
		return Attachment{}, &AttachmentError{Name: path, Err: err}
	}
	open := func() (io.ReadCloser, error) { return os.Open(path) } //nolint:gosec // the user named the file
	return Attachment{Name: FileName(path), Size: size, Open: open}, nil
}

// readableSize asks before it opens, since opening a pipe would wait for its writer.
func readableSize(path string) (int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	if info.IsDir() {
		return 0, fmt.Errorf("is a directory, %w", ErrNotRegular)
	}
	if !info.Mode().IsRegular() {
		return 0, ErrNotRegular
	}
	f, err := os.Open(path) //nolint:gosec // the user named the file
	if err != nil {
		return 0, err
	}
	return info.Size(), f.Close()
}

// maxFileName bounds a file name, in octets. No file system has one this long.
const maxFileName = 4096

// FileName makes a name safe for the recipient: the last element of a path of any system,
// with an underscore for each control character, each character that reorders the text
// around it ("cod.exe" shown as "exe.doc") and each octet that is not UTF-8.
func FileName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) || reorders(r) {
			return '_'
		}
		return r
	}, name)
	if name = strings.TrimSpace(name); strings.Trim(name, "./") == "" {
		return "attachment"
	}
	return name
}

// reorders reports the overrides, embeddings and isolates of UAX 9, and the two separators
// that some programs take for the end of a line.
func reorders(r rune) bool {
	return r >= '\u2028' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069'
}

func (a Attachment) check() error {
	switch {
	case len(a.Name) > maxFileName:
		return &Error{Field: "attachment", Value: a.Name, Reason: "name is longer than 4096 octets"}
	case a.Size < 0 || a.Open == nil:
		return &Error{Field: "attachment", Value: a.Name, Reason: "has no content"}
	case a.ContentType != "" && !isMediaType(a.ContentType):
		return &Error{Field: "attachment", Value: a.ContentType, Reason: "not a media type for a file"}
	}
	return nil
}

// mediaType is the type that the attachment is sent as.
func (a Attachment) mediaType() string {
	if a.ContentType != "" {
		return a.ContentType
	}
	return typeOf(a.Name)
}

func (i Inline) check() error {
	if !isContentID(i.CID) {
		return &Error{Field: "inline", Value: i.CID, Reason: "content id may only hold letters, digits and -._+@"}
	}
	return i.Attachment.check()
}

// isContentID takes the part of id-left and id-right of RFC 5322 3.6.4 that needs no escape
// in a URL. Real ones are often without "@", and readers compare them as strings.
func isContentID(s string) bool {
	return s != "" && len(s) <= maxFieldName && !strings.ContainsFunc(s, func(r rune) bool {
		return !isAlphanumeric(r) && !strings.ContainsRune("-._+@", r)
	})
}
