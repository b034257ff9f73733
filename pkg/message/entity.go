package message

import (
	"encoding/hex"
	"io"
)

// An entity is a node of the MIME tree (RFC 2045 2.4): a leaf with content, or a multipart
// with children.
type entity struct {
	header   []byte // MIME fields, each with its CRLF
	content  segment
	boundary string
	children []entity
	name     string // for Message.LargestPart
}

func textEntity(t textPart) entity {
	var w fieldWriter
	w.mime("Content-Type", "text/"+t.subtype, parameter{"charset", "utf-8"})
	w.structured("Content-Transfer-Encoding", t.encoding)
	return entity{header: w.b, content: literal(t.encoded), name: "text/" + t.subtype}
}

func attachmentEntity(a Attachment) entity {
	var w fieldWriter
	a.Name = FileName(a.Name)
	// Outlook before 2010 and some gateways only look at name; RFC 2045 does not forbid it.
	w.mime("Content-Type", a.mediaType(), parameter{"name", a.Name})
	w.mime("Content-Disposition", "attachment", parameter{"filename", a.Name})
	w.structured("Content-Transfer-Encoding", "base64")
	return entity{header: w.b, content: base64File{a}, name: a.Name}
}

func inlineEntity(i Inline) entity {
	var w fieldWriter
	i.Name = FileName(i.Name)
	w.mime("Content-Type", i.mediaType(), parameter{"name", i.Name})
	w.mime("Content-Disposition", "inline", parameter{"filename", i.Name})
	w.structured("Content-ID", "<"+i.CID+">")
	w.structured("Content-Transfer-Encoding", "base64")
	return entity{header: w.b, content: base64File{i.Attachment}, name: i.Name}
}

// joinParts makes a multipart of children. A single one stays as it is.
func joinParts(subtype string, rand io.Reader, children []entity, parameters ...parameter) (entity, error) {
	if len(children) == 1 {
		return children[0], nil
	}
	boundary, err := newBoundary(rand)
	if err != nil {
		return entity{}, err
	}
	var w fieldWriter
	w.mime("Content-Type", "multipart/"+subtype, append(parameters, parameter{"boundary", boundary})...)
	return entity{header: w.b, boundary: boundary, children: children}, nil
}

// newBoundary cannot be guessed, so no content can hold it, and begins with what neither
// quoted-printable nor base64 can produce.
func newBoundary(rand io.Reader) (string, error) {
	b, err := randomHex(rand)
	return "=_" + b, err
}

func randomHex(rand io.Reader) (string, error) {
	var b [16]byte
	_, err := io.ReadFull(rand, b[:])
	return hex.EncodeToString(b[:]), err
}

// A layout collects the segments of a message; text between two files is joined.
type layout struct {
	segments []segment
	pending  []byte
	largest  part
}

func (l *layout) text(b ...byte) { l.pending = append(l.pending, b...) }

func (l *layout) add(s segment) {
	if t, ok := s.(literal); ok {
		l.text(t...)
		return
	}
	l.flush()
	l.segments = append(l.segments, s)
}

func (l *layout) flush() {
	if len(l.pending) > 0 {
		l.segments = append(l.segments, literal(l.pending))
		l.pending = nil
	}
}

// entity lays out a node: fields, a blank line, and content or children between delimiters.
// The CRLF before a delimiter is a part of it (RFC 2046 5.1.1).
func (l *layout) entity(e entity) {
	l.text(e.header...)
	l.text('\r', '\n')
	if e.content != nil {
		l.leaf(e)
		return
	}
	for i, child := range e.children {
		if i > 0 {
			l.text('\r', '\n')
		}
		l.text([]byte("--" + e.boundary + "\r\n")...)
		l.entity(child)
	}
	l.text([]byte("\r\n--" + e.boundary + "--\r\n")...)
}

func (l *layout) leaf(e entity) {
	if n := e.content.size(); l.largest.name == "" || n > l.largest.size {
		l.largest = part{e.name, n}
	}
	l.add(e.content)
}
