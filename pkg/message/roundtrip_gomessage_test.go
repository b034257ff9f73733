package message

import (
	"io"
	"mime"
	"strings"
	"testing"

	gomessage "github.com/emersion/go-message"
	gomail "github.com/emersion/go-message/mail"
)

func TestRoundTripGoMessage(t *testing.T) {
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			got, err := readGoMessage(written(t, compose(t, s.draft)))
			if err != nil {
				t.Fatal(err)
			}
			want := s.expected(t)
			for i, leaf := range want.Leaves { // go-message decodes what must not be decoded here
				if want.Leaves[i].Filename, err = new(mime.WordDecoder).DecodeHeader(leaf.Filename); err != nil {
					t.Fatal(err)
				}
			}
			checkRead(t, got, want)
		})
	}
}

func readGoMessage(s string) (got messageRead, err error) {
	e, err := gomessage.Read(strings.NewReader(s))
	if err != nil {
		return got, err
	}
	h := gomail.Header{Header: e.Header}
	if got.Subject, err = h.Subject(); err != nil {
		return got, err
	}
	if got.Comment, err = h.Text("X-Comment"); err != nil {
		return got, err
	}
	for field, list := range map[string]*[][2]string{"From": &got.From, "To": &got.To} {
		addresses, err := h.AddressList(field)
		if err != nil {
			return got, err
		}
		for _, a := range addresses {
			*list = append(*list, [2]string{a.Name, a.Address})
		}
	}
	return got, e.Walk(func(_ []int, e *gomessage.Entity, err error) error {
		if err != nil {
			return err
		}
		return got.goLeaf(e)
	})
}

func (m *messageRead) goLeaf(e *gomessage.Entity) error {
	kind, _, err := e.Header.ContentType()
	if err != nil {
		return err
	}
	m.Types = append(m.Types, kind)
	if e.MultipartReader() != nil {
		return nil
	}
	h := gomail.AttachmentHeader{Header: e.Header}
	leaf := leafRead{Type: kind, CID: strings.Trim(e.Header.Get("Content-Id"), "<>")}
	if e.Header.Has("Content-Disposition") {
		if leaf.Disposition, _, err = e.Header.ContentDisposition(); err != nil {
			return err
		}
		if leaf.Filename, err = h.Filename(); err != nil {
			return err
		}
	}
	b, err := io.ReadAll(e.Body)
	leaf.SHA256 = sum(string(b))
	m.Leaves = append(m.Leaves, leaf)
	return err
}
