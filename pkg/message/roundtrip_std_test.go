package message

import (
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
)

func TestRoundTripStandardLibrary(t *testing.T) {
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			got, err := readStandard(written(t, compose(t, s.draft)))
			if err != nil {
				t.Fatal(err)
			}
			checkRead(t, got, s.expected(t))
		})
	}
}

func readStandard(s string) (got messageRead, err error) {
	m, err := mail.ReadMessage(strings.NewReader(s))
	if err != nil {
		return got, err
	}
	var word mime.WordDecoder
	if got.Subject, err = word.DecodeHeader(m.Header.Get("Subject")); err != nil {
		return got, err
	}
	if got.Comment, err = word.DecodeHeader(m.Header.Get("X-Comment")); err != nil {
		return got, err
	}
	for field, list := range map[string]*[][2]string{"From": &got.From, "To": &got.To} {
		addresses, err := m.Header.AddressList(field)
		if err != nil {
			return got, err
		}
		for _, a := range addresses {
			*list = append(*list, [2]string{a.Name, a.Address})
		}
	}
	return got, got.walk(map[string][]string(m.Header), m.Body)
}

// walk reads an entity with mime and mime/multipart alone.
func (m *messageRead) walk(header map[string][]string, body io.Reader) error {
	first := func(name string) string { return strings.Join(header[name], "\x00") }
	kind, parameters, err := mime.ParseMediaType(first("Content-Type"))
	if err != nil {
		return err
	}
	m.Types = append(m.Types, kind)
	if strings.HasPrefix(kind, "multipart/") {
		return m.walkParts(multipart.NewReader(body, parameters["boundary"]))
	}
	leaf := leafRead{Type: kind, CID: strings.Trim(first("Content-Id"), "<>")}
	if d := first("Content-Disposition"); d != "" {
		var file map[string]string
		if leaf.Disposition, file, err = mime.ParseMediaType(d); err != nil {
			return err
		}
		if leaf.Filename = file["filename"]; leaf.Filename != parameters["name"] {
			return errors.New("name and filename differ: " + parameters["name"])
		}
	}
	switch first("Content-Transfer-Encoding") {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	b, err := io.ReadAll(body)
	leaf.SHA256 = sum(string(b))
	m.Leaves = append(m.Leaves, leaf)
	return err
}

func (m *messageRead) walkParts(r *multipart.Reader) error {
	for {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := m.walk(p.Header, p); err != nil {
			return err
		}
	}
}
