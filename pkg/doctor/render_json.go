package doctor

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf8"
)

// WriteJSON writes a report as one document of the schema that Schema names. Nothing in it can
// steer a terminal: what cannot be printed stands as \u and its number, which JSON reads back as
// it was.
func WriteJSON(w io.Writer, r Report) error { return writeDocument(w, r.withLists()) }

// withLists makes lists that hold nothing empty ones, where JSON would have null.
func (r Report) withLists() Report {
	if r.Results == nil {
		r.Results = []Result{}
	}
	causes := make([]Cause, len(r.Causes))
	for i, c := range r.Causes {
		if c.Fixes == nil {
			c.Fixes = []Fix{}
		}
		causes[i] = c
	}
	r.Causes = causes
	return r
}

func writeDocument(w io.Writer, document any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(document); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	if _, err := w.Write(escapeInvisible(b.Bytes())); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// escapeInvisible works on JSON, where such characters occur within strings only.
func escapeInvisible(document []byte) []byte {
	out := make([]byte, 0, len(document))
	for len(document) > 0 {
		r, size := utf8.DecodeRune(document)
		switch {
		case r == '\n' || unicode.IsPrint(r):
			out = append(out, document[:size]...)
		case r > 0xffff:
			r -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		document = document[size:]
	}
	return out
}
