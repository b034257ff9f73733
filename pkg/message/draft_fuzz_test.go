package message

import (
	"slices"
	"strings"
	"testing"
)

// FuzzCompose puts hostile text into every field of a draft: what is composed has the
// fields, the recipients and the parts that were asked for, and no others.
func FuzzCompose(f *testing.F) {
	f.Add("Ada", "ada@x.example", "Hello", "text", "a.pdf", "X-A", "b", "cid")
	f.Add("A\r\nBcc: e@x.example", "a@x.example>, <e@y.example", "x\r\n\r\nbody", "\n--=_0\n", "a\"\r\nX: y", "X:Y\r\nZ", "a\nb", "a>\r\n")
	f.Add("Zoë, e@x.example", "zoë@bücher.example", strings.Repeat("ü ", 99), "\r\n.\r\n", "../ü\u202egpj.exe", "Bcc", "=?utf-8?q?x?=", "a@b")
	f.Fuzz(func(t *testing.T, name, address, subject, text, fileName, field, value, cid string) {
		d := draft()
		d.From.Name, d.Subject, d.Text = name, subject, text
		d.To = []Address{{name, address}}
		d.HTML = "<p>"
		d.Headers = []HeaderField{{field, value}}
		d.Attachments = []Attachment{file(fileName, text)}
		d.Inline = []Inline{{cid, file(fileName, value)}}
		m, err := Compose(d)
		if err != nil {
			return
		}
		s := sample{draft: d, types: "multipart/mixed multipart/alternative text/plain multipart/related text/html " +
			typeOf(FileName(fileName)) + " " + typeOf(FileName(fileName))}
		wire := written(t, m)
		checkFields(t, wire, field)
		got, err := readStandard(wire)
		if err != nil {
			t.Fatalf("%v in\n%s", err, wire)
		}
		want := s.expected(t)
		recipients, _ := m.Recipients()
		want.To[0][1] = strings.ReplaceAll(recipients[0].Address, `"`, "")
		if !strings.EqualFold(field, "X-Comment") {
			want.Comment, got.Comment = "", ""
		}
		checkRead(t, got, want)
	})
}

// checkFields takes the fields of the top header, by name, in order.
func checkFields(t *testing.T, wire, further string) {
	t.Helper()
	header, _, _ := strings.Cut(wire, "\r\n\r\n")
	var got []string
	for line := range strings.SplitSeq(header, "\r\n") {
		if name, _, ok := strings.Cut(line, ":"); ok && line[0] != ' ' {
			got = append(got, name)
		}
	}
	want := []string{"Date", "From", "To", "Subject", "Message-ID", further, "MIME-Version", "Content-Type"}
	if !strings.Contains(header, "\r\nSubject:") {
		want = slices.Delete(want, 3, 4)
	}
	if !slices.Equal(got, want) {
		t.Errorf("fields %q, want %q", got, want)
	}
}
