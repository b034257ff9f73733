package message

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"reflect"
	"strings"
	"testing"
)

// A leafRead is what a reader found in one leaf of the MIME tree.
type leafRead struct {
	Type        string `json:"type"`
	Filename    string `json:"filename"`
	Disposition string `json:"disposition"`
	CID         string `json:"cid"`
	SHA256      string `json:"sha256"`
}

// A messageRead is what a reader found in a message.
type messageRead struct {
	Subject string      `json:"subject"`
	From    [][2]string `json:"from"`
	To      [][2]string `json:"to"`
	Comment string      `json:"comment"`
	Types   []string    `json:"types"`
	Leaves  []leafRead  `json:"leaves"`
}

// sample is a draft with the facts that every reader has to find in it.
type sample struct {
	name  string
	draft Draft
	types string // of the whole tree, in order
}

func samples() []sample {
	bin := string([]byte{0, 1, 0xff, '\r', '\n', '.', '\r', '\n', 0xfe})
	long := strings.Repeat("Grüße und Wünsche ", 40)
	names := []string{
		"report.pdf", "Übersicht März.xlsx", `quo"te.txt`, `back\slash.txt`, "semi;colon='x'.csv", "日本語の名前.docx",
		strings.Repeat("long name ", 100) + ".bin", strings.Repeat("ü", 1000) + ".bin", "=?utf-8?q?x?=.txt",
		"100%25.log", "\u200fשלום.pdf", " .eml", "a,b.eml",
	}
	var attached []Attachment
	kinds := ""
	for i, name := range names {
		kinds += " " + typeOf(name)
		attached = append(attached, file(name, strings.Repeat(bin, i*30)))
	}
	pixel := Inline{CID: "logo@contoso", Attachment: file("logo.png", bin)}
	set := func(change func(*Draft)) Draft { d := draft(); change(&d); return d }
	return []sample{
		{"text", draft(), "text/plain"},
		{"empty", set(func(d *Draft) { d.Text, d.Subject = "", "" }), "text/plain"},
		{"8-bit text", set(func(d *Draft) { d.Text = "Grüße \n\n.\n.x\nFrom here\n" + long + " \nend" }), "text/plain"},
		{"controls in text", set(func(d *Draft) { d.Text = "\x1b[1mbold\x1b[0m\f\x7f\ttab\t\n" }), "text/plain"},
		{"subject", set(func(d *Draft) { d.Subject = long + "=?utf-8?q?x?= a  b " }), "text/plain"},
		{"mixed subject", set(func(d *Draft) { d.Subject = "Re: [x] 日本 and 語 (a) =?utf-8?q?x?= " + strings.Repeat("w", 90) }), "text/plain"},
		{"emoji subject", set(func(d *Draft) { d.Subject = strings.Repeat("👩‍💻🎉", 60) }), "text/plain"},
		{"ascii subject", set(func(d *Draft) { d.Subject = strings.Repeat("plain words ", 30) + "end" }), "text/plain"},
		{"names", set(func(d *Draft) {
			d.From.Name = "Zoë \"Z\" O'Neil, (x) <evil@x.example>"
			d.To = []Address{{long[:400], "a@x.example"}, {"Lovelace, Ada", "b@x.example"}, {"plain name", "c@x.example"}, {"=?utf-8?q?x?=", "d@x.example"}, {strings.Repeat("n", 300), "e@x.example"}, {" a  b ", "f@x.example"}}
		}), "text/plain"},
		{"html", set(func(d *Draft) { d.HTML = "<p>Grüße</p>" }), "multipart/alternative text/plain text/html"},
		{"html only", set(func(d *Draft) { d.HTML, d.Text = "<p>Grüße</p>", "" }), "multipart/alternative text/plain text/html"},
		{"markdown", set(func(d *Draft) { d.Markdown, d.Text = "# Grüße\n\n* a\n", "" }), "multipart/alternative text/plain text/html"},
		{"attachments", set(func(d *Draft) { d.Attachments = attached }), "multipart/mixed text/plain" + kinds},
		{
			"inline", set(func(d *Draft) { d.HTML = `<img src="cid:logo@contoso">`; d.Inline = []Inline{pixel} }),
			"multipart/alternative text/plain multipart/related text/html image/png",
		},
		{"all", set(func(d *Draft) {
			d.Markdown, d.Text, d.Inline, d.Attachments = "![x](cid:logo@contoso)", "", []Inline{pixel}, attached[:1]
			d.Headers = []HeaderField{{"X-Comment", "größer <a@x.example>, =?x und 'y'"}}
		}), "multipart/mixed multipart/alternative text/plain multipart/related text/html image/png application/pdf"},
	}
}

// expected is what the draft says that a reader has to find.
func (s sample) expected(t *testing.T) messageRead {
	t.Helper()
	d := s.draft
	want := messageRead{Subject: d.Subject, Types: strings.Fields(s.types), From: pairs([]Address{d.From}), To: pairs(d.To)}
	if len(d.Headers) > 0 {
		want.Comment = d.Headers[0].Value
	}
	plain, rich := d.texts()
	want.Leaves = append(want.Leaves, leafRead{Type: "text/plain", SHA256: sum(lineEnds(plain.text))})
	if rich.text != "" {
		want.Leaves = append(want.Leaves, leafRead{Type: "text/html", SHA256: sum(lineEnds(rich.text))})
	}
	for _, i := range d.Inline {
		want.Leaves = append(want.Leaves, leafRead{i.mediaType(), FileName(i.Name), "inline", i.CID, sum(content(t, i.Attachment))})
	}
	for _, a := range d.Attachments {
		want.Leaves = append(want.Leaves, leafRead{a.mediaType(), FileName(a.Name), "attachment", "", sum(content(t, a))})
	}
	return want
}

func pairs(list []Address) (p [][2]string) {
	for _, a := range list {
		p = append(p, [2]string{a.Name, a.Address})
	}
	return p
}

func sum(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

func lineEnds(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	if s != "" && !strings.HasSuffix(s, "\n") {
		s += "\n"
	}
	return strings.ReplaceAll(s, "\n", "\r\n")
}

func content(t *testing.T, a Attachment) string {
	t.Helper()
	r, err := a.Open()
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// checkRead compares; the two parsers of Go do not tell the comment from other fields.
func checkRead(t *testing.T, got, want messageRead) {
	t.Helper()
	for i := range max(len(got.Leaves), len(want.Leaves)) {
		if i >= len(got.Leaves) || i >= len(want.Leaves) || got.Leaves[i] != want.Leaves[i] {
			t.Errorf("leaf %d differs\ngot  %+v\nwant %+v", i, got.Leaves, want.Leaves)
			break
		}
	}
	got.Leaves, want.Leaves = nil, nil
	if !reflect.DeepEqual(got, want) {
		t.Errorf("\ngot  %+v\nwant %+v", got, want)
	}
}
