package message

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	gomessage "github.com/emersion/go-message"
	gomail "github.com/emersion/go-message/mail"
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
	plain, rich, err := d.texts()
	if err != nil {
		t.Fatal(err)
	}
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

// TestRoundTripPython asks a reader that shares no line of code with us.
func TestRoundTripPython(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("python3 is not installed")
		}
		t.Skip("python3 is not installed")
	}
	dir := t.TempDir()
	arguments := []string{"testdata/parse.py"}
	all := samples()
	for i, s := range all {
		name := filepath.Join(dir, strings.Repeat("m", i+1)+".eml")
		if err := os.WriteFile(name, []byte(written(t, compose(t, s.draft))), 0o600); err != nil {
			t.Fatal(err)
		}
		arguments = append(arguments, name)
	}
	var stderr bytes.Buffer
	command := exec.CommandContext(t.Context(), python, arguments...)
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		t.Fatalf("python3: %v\n%s", err, stderr.Bytes())
	}
	var read []struct {
		messageRead
		Defects []string `json:"defects"`
	}
	if err := json.Unmarshal(out, &read); err != nil || len(read) != len(all) {
		t.Fatalf("%d of %d messages, %v", len(read), len(all), err)
	}
	for i, s := range all {
		t.Run(s.name, func(t *testing.T) {
			want := s.expected(t)
			// Python puts a space between two encoded-words of a display name.
			withoutSpace(want.To)
			withoutSpace(read[i].To)
			checkRead(t, read[i].messageRead, want)
			if len(read[i].Defects) > 0 {
				t.Errorf("defects: %v", read[i].Defects)
			}
		})
	}
}

func withoutSpace(list [][2]string) {
	for i := range list {
		list[i][0] = strings.ReplaceAll(list[i][0], " ", "")
	}
}

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
		if m.NeedsSMTPUTF8() {
			return // net/mail reads it, but not the wire's own rules of A-labels
		}
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
