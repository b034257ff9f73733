package message

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"
)

// A sequence stands for randomness: 16 octets of 0, then 16 of 1, and so on, so that no two
// values of a message are equal and two messages can be compared.
type sequence struct{ n int }

func (s *sequence) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(s.n / 16)
		s.n++
	}
	return len(p), nil
}

var (
	ada   = Address{Address: "ada@contoso.example"}
	grace = Address{Name: "Grace Hopper", Address: "grace@contoso.example"}
)

// draft is the least that can be composed.
func draft() Draft {
	return Draft{
		From: ada, To: []Address{grace}, Subject: "Hello", Text: "It works\n",
		Date: time.Date(2026, 11, 24, 9, 30, 0, 0, time.FixedZone("", 3600)), Rand: &sequence{},
	}
}

// file is an attachment in memory.
func file(name, content string) Attachment {
	return Attachment{Name: name, Size: int64(len(content)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content)), nil
	}}
}

func compose(t *testing.T, d Draft) *Message {
	t.Helper()
	m, err := Compose(d)
	if err != nil {
		t.Fatalf("Compose: %v", err)
	}
	return m
}

// written writes a message and holds it against its size and against a second writing.
func written(t *testing.T, m *Message) string {
	t.Helper()
	var first, second bytes.Buffer
	n, err := m.WriteTo(&first)
	if err != nil {
		t.Fatalf("WriteTo: %v", err)
	}
	if n != int64(first.Len()) || m.Size() != n {
		t.Errorf("Size() = %d, WriteTo = %d, written %d", m.Size(), n, first.Len())
	}
	if _, err := m.WriteTo(&second); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Errorf("the second writing differs, error %v", err)
	}
	checkWire(t, first.String())
	return first.String()
}

// checkWire holds what RFC 5322 2.1.1 and RFC 2047 2 say of every message.
func checkWire(t *testing.T, s string) {
	t.Helper()
	if !strings.HasSuffix(s, "\r\n") {
		t.Error("message does not end in CRLF")
	}
	for i, line := range strings.Split(s, "\r\n") {
		if len(line) > maxLine || strings.ContainsAny(line, "\r\n\x00") {
			t.Errorf("line %d is not fit to be sent: %.80q", i+1, line)
		}
		if strings.Contains(line, "=?utf-8?") && len(line) > 76 {
			t.Errorf("line %d has an encoded-word and %d octets", i+1, len(line))
		}
	}
}

func TestComposeText(t *testing.T) {
	got := written(t, compose(t, draft()))
	want := strings.ReplaceAll(`Date: Tue, 24 Nov 2026 09:30:00 +0100
From: ada@contoso.example
To: Grace Hopper <grace@contoso.example>
Subject: Hello
Message-ID: <20261124083000.00000000000000000000000000000000@contoso.example>
MIME-Version: 1.0
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: 7bit

It works
`, "\n", "\r\n")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestComposeHeader(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Draft)
		want   string // lines that are in the header, each whole
		absent string
	}{
		{"bcc", func(d *Draft) { d.Bcc = []Address{{Address: "secret@contoso.example"}} }, "", "secret"},
		{"bcc only", func(d *Draft) { d.To, d.Bcc = nil, []Address{grace} }, "To: undisclosed-recipients:;", "grace"},
		{"cc only", func(d *Draft) { d.To, d.Cc = nil, []Address{grace} }, "Cc: Grace Hopper <grace@contoso.example>", "To:"},
		{"no subject", func(d *Draft) { d.Subject = "" }, "", "Subject"},
		{"sender", func(d *Draft) { d.Sender = grace }, "Sender: Grace Hopper <grace@contoso.example>", ""},
		{"sender is author", func(d *Draft) { d.Sender = Address{Address: "ada@CONTOSO.example"} }, "", "Sender"},
		{"reply-to", func(d *Draft) { d.ReplyTo = []Address{ada, grace} }, "Reply-To: ada@contoso.example, Grace Hopper <grace@contoso.example>", ""},
		{"high", func(d *Draft) { d.Importance = HighImportance }, "Importance: high\nX-Priority: 1", ""},
		{"normal", func(d *Draft) { d.Importance = NormalImportance }, "Importance: normal\nX-Priority: 3", ""},
		{"low", func(d *Draft) { d.Importance = LowImportance }, "Importance: low\nX-Priority: 5", ""},
		{"no importance", func(*Draft) {}, "", "X-Priority"},
		{"message id", func(d *Draft) { d.MessageID = "a.1@b" }, "Message-ID: <a.1@b>", ""},
		{"message id in brackets", func(d *Draft) { d.MessageID = "<a.1@b>" }, "Message-ID: <a.1@b>", ""},
		{"author at an address literal", func(d *Draft) { d.From.Address = "ada@[127.0.0.1]" }, "Message-ID: <20261124083000.00000000000000000000000000000000@127.0.0.1>", ""},
		{"idn", func(d *Draft) { d.From.Address = "ada@bücher.example" }, "From: ada@xn--bcher-kva.example", "bü"},
		{"quoted name", func(d *Draft) { d.From.Name = `Love"lace, Ada\` }, `From: "Love\"lace, Ada\\" <ada@contoso.example>`, ""},
		{"encoded name", func(d *Draft) { d.From.Name = "Zoë, evil@x.example" }, "From: =?utf-8?b?Wm/DqywgZXZpbEB4LmV4YW1wbGU=?= <ada@contoso.example>", ""},
		{"field", func(d *Draft) { d.Headers = []HeaderField{{"X-Job", "nightly"}, {"X-Empty", ""}} }, "X-Job: nightly\nX-Empty: ", ""},
		{"field with a long name", func(d *Draft) {
			d.Headers = []HeaderField{{"X-" + strings.Repeat("n", 73), "größer"}, {"Y-" + strings.Repeat("n", 73), "plain"}}
		}, "X-" + strings.Repeat("n", 73) + ":\n =?utf-8?b?Z3LDtsOfZXI=?=\nY-" + strings.Repeat("n", 73) + ": plain", ""},
		{"spaces in name", func(d *Draft) { d.From.Name = "a  b" }, `From: "a  b" <ada@contoso.example>`, ""},
		{"field keeps its syntax", func(d *Draft) { d.Headers = []HeaderField{{"X-To", "Zoë <z@x.example>"}} }, "X-To: =?utf-8?q?Zo=C3=AB?= <z@x.example>", ""},
		{"field keeps a long url", func(d *Draft) {
			d.Headers = []HeaderField{{"List-Unsubscribe", "<https://x.example/" + strings.Repeat("a", 200) + ">"}}
		}, "List-Unsubscribe: <https://x.example/" + strings.Repeat("a", 200) + ">", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := draft()
			tt.change(&d)
			header, _, _ := strings.Cut(written(t, compose(t, d)), "\r\n\r\n")
			header = "\n" + strings.ReplaceAll(header, "\r\n", "\n") + "\n"
			if !strings.Contains(header, "\n"+tt.want+"\n") && tt.want != "" {
				t.Errorf("%q is not in\n%s", tt.want, header)
			}
			if tt.absent != "" && strings.Contains(header, tt.absent) {
				t.Errorf("%q is in\n%s", tt.absent, header)
			}
		})
	}
}

func TestComposeDefaults(t *testing.T) {
	d := draft()
	d.Date, d.Rand = time.Time{}, nil
	before := time.Now().Truncate(time.Second)
	one, two := compose(t, d), compose(t, d)
	if one.MessageID() == two.MessageID() || !strings.HasSuffix(one.MessageID(), "@contoso.example>") {
		t.Errorf("Message-IDs %s and %s", one.MessageID(), two.MessageID())
	}
	line, _, _ := strings.Cut(written(t, one), "\r\n")
	date, err := time.Parse("Date: "+dateLayout, line)
	if err != nil || date.Before(before) || date.After(time.Now()) {
		t.Errorf("%q, error %v", line, err)
	}
}

func TestComposeRecipients(t *testing.T) {
	d := draft()
	d.To = []Address{grace, {Address: "grace@CONTOSO.example"}, {Address: "Grace@contoso.example"}}
	d.Cc, d.Bcc = []Address{ada}, []Address{ada, {Address: "x@bücher.example"}}
	list, err := compose(t, d).Recipients()
	var got []string
	for _, a := range list {
		got = append(got, a.Address)
	}
	want := "grace@contoso.example Grace@contoso.example ada@contoso.example x@xn--bcher-kva.example"
	if strings.Join(got, " ") != want || err != nil {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

func TestComposeRefuses(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Draft)
		want   string
	}{
		{"no author", func(d *Draft) { d.From = Address{} }, "From: missing"},
		{"two authors", func(d *Draft) { d.From.Address = "a@x.example, b@x.example" }, "From: \"a@x.example, b@x.example\": holds more than one address"},
		{"header in name", func(d *Draft) { d.From.Name = "x\r\nBcc: evil@x.example" }, "From: \"x\\r\\nBcc: evil@x.example\": holds a control character"},
		{"long name", func(d *Draft) { d.To[0].Name = strings.Repeat("n", 999) }, "longer than 998 octets"},
		{"header in address", func(d *Draft) { d.To[0].Address = "a@x.example\nBcc: evil@x.example" }, "To: \"a@x.example\\nBcc: evil@x.example\": holds a control character"},
		{"no address", func(d *Draft) { d.Cc = []Address{{Name: "Ada"}} }, "Cc: "},
		{"header in subject", func(d *Draft) { d.Subject = "x\r\nBcc: evil@x.example" }, "Subject: \"x\\r\\nBcc: evil@x.example\": holds a control character"},
		{"nul in subject", func(d *Draft) { d.Subject = "\x00" }, "Subject: \"\\x00\": holds a control character"},
		{"latin-1 subject", func(d *Draft) { d.Subject = "Gr\xfc\xdfe" }, "Subject: \"Gr\\xfc\\xdfe\": not valid UTF-8"},
		{"latin-1 text", func(d *Draft) { d.Text = "a\nb\nGr\xfc\xdfe\n" }, "line 3: text: not valid UTF-8"},
		{"bare cr in html", func(d *Draft) { d.HTML = "<p>\r\n<b>\rx" }, "line 2: html: bare CR"},
		{"bare cr at the end", func(d *Draft) { d.Text = "a\nb\r" }, "line 2: text: bare CR"},
		{"nul in markdown", func(d *Draft) { d.Markdown = "\n\x00" }, "line 2: markdown: holds a NUL"},
		{"html and markdown", func(d *Draft) { d.HTML, d.Markdown = "x", "y" }, "html: given beside markdown, which makes HTML too"},
		{"inline without html", func(d *Draft) { d.Inline = []Inline{{"a", file("a.png", "")}} }, "inline: needs HTML or Markdown to be shown in"},
		{"inline twice", func(d *Draft) { d.HTML = "x"; d.Inline = []Inline{{"a", file("", "")}, {"a", file("", "")}} }, "inline: \"a\": content id is given twice"},
		{"content id", func(d *Draft) { d.HTML = "x"; d.Inline = []Inline{{"a>\r\nX: y", file("", "")}} }, "content id may only hold"},
		{"importance", func(d *Draft) { d.Importance = "urgent" }, "Importance: \"urgent\": not high, normal or low"},
		{"message id", func(d *Draft) { d.MessageID = "<a b@c>" }, "Message-ID: \"<a b@c>\": not of the form <left@right>"},
		{"message id beyond ascii", func(d *Draft) { d.MessageID = "<ü@x.example>" }, "not of the form <left@right>"},
		{"long message id", func(d *Draft) { d.MessageID = strings.Repeat("x", 253) + "@x" }, "not of the form <left@right>"},
		{"message id without domain", func(d *Draft) { d.MessageID = "a" }, "not of the form <left@right>"},
		{"date", func(d *Draft) { d.Date = time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC) }, "Date: "},
		{"owned field", func(d *Draft) { d.Headers = []HeaderField{{"bcc", "a@x.example"}} }, "bcc: is set by its own option"},
		{"content field", func(d *Draft) { d.Headers = []HeaderField{{"CONTENT-TYPE", "x/y"}} }, "CONTENT-TYPE: is set from the content of the message"},
		{"trace field", func(d *Draft) { d.Headers = []HeaderField{{"Resent-Bcc", "a@x.example"}} }, "Resent-Bcc: is a trace field, written when a message is passed on"},
		{"field name", func(d *Draft) { d.Headers = []HeaderField{{"X Y", "z"}} }, "header: \"X Y\": not a field name of RFC 5322"},
		{"field in field name", func(d *Draft) { d.Headers = []HeaderField{{"X\r\nBcc: a@x.example, Y", "z"}} }, "not a field name of RFC 5322"},
		{"field in field", func(d *Draft) { d.Headers = []HeaderField{{"X", "y\nBcc: z"}} }, "X: \"y\\nBcc: z\": holds a control character"},
		{"references twice", func(d *Draft) { d.Headers = []HeaderField{{"References", "<a@b>"}, {"references", "<c@d>"}} }, "references: given twice"},
		{"huge header", func(d *Draft) { d.Subject = strings.Repeat("x", maxHeader) }, "header: larger than 1 MiB"},
		{"attachment without content", func(d *Draft) { d.Attachments = []Attachment{{Name: "a"}} }, "attachment: \"a\": has no content"},
		{"attached message", func(d *Draft) { a := file("a", ""); a.ContentType = "message/rfc822"; d.Attachments = []Attachment{a} }, "not a media type for a file"},
		{"header in media type", func(d *Draft) { a := file("a", ""); a.ContentType = "a/b\r\nX: y"; d.Attachments = []Attachment{a} }, "not a media type for a file"},
		{"long file name", func(d *Draft) { d.Attachments = []Attachment{file(strings.Repeat("x", 4097), "")} }, "name is longer than 4096 octets"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := draft()
			d.To = []Address{grace}
			tt.change(&d)
			_, err := Compose(d)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if _, ok := err.(*Error); !ok { //nolint:errorlint // the type itself is promised
				t.Errorf("error is a %T", err)
			}
		})
	}
}

func TestComposeWithoutRandomness(t *testing.T) {
	for left := range 4 {
		d := draft()
		d.HTML, d.Attachments = "x", []Attachment{file("a", "")}
		d.Inline = []Inline{{"a", file("a", "")}}
		d.Rand = io.LimitReader(&sequence{}, int64(16*left))
		if _, err := Compose(d); err == nil {
			t.Errorf("composed with %d of 4 random values", left)
		}
	}
}

func TestComposeSMTPUTF8(t *testing.T) {
	d := draft()
	if m := compose(t, d); m.NeedsSMTPUTF8() || m.Has8Bit() {
		t.Error("ASCII message needs an extension")
	}
	d.To = []Address{{Address: "zoë@x.example"}}
	if m := compose(t, d); !m.NeedsSMTPUTF8() || !m.Has8Bit() {
		t.Error("message to a local part outside ASCII does not need SMTPUTF8")
	}
}

func TestComposeDerivesText(t *testing.T) {
	d := draft()
	d.Text, d.HTML = "", "<h1>Up</h1><p>All <b>good</b>"
	if got := written(t, compose(t, d)); !strings.Contains(got, "\r\n\r\nUp\r\n\r\nAll good\r\n\r\n--") {
		t.Errorf("no derived text in\n%s", got)
	}
}

// TestComposeFileNames holds the one rule for names on all four places that they stand.
func TestComposeFileNames(t *testing.T) {
	d := draft()
	d.HTML = "x"
	name := "/tmp/a\r\nBcc: b\u202egpj.exe"
	d.Attachments, d.Inline = []Attachment{file(name, "")}, []Inline{{"a", file(name, "")}}
	if got := written(t, compose(t, d)); strings.Count(got, `name="a__Bcc: b_gpj.exe"`) != 4 {
		t.Errorf("the safe name is not four times in\n%s", got)
	}
}

func TestLargestPartOfDraft(t *testing.T) {
	d := draft()
	d.Attachments = []Attachment{file("small.bin", "x"), file("dir/big.bin", strings.Repeat("x", 570)), file("b", "xx")}
	if name, size := compose(t, d).LargestPart(); name != "big.bin" || size != 10*78-2 {
		t.Errorf("got %q with %d octets", name, size)
	}
	d.Attachments = nil
	if name, size := compose(t, d).LargestPart(); name != "text/plain" || size != 10 {
		t.Errorf("got %q with %d octets", name, size)
	}
}
