package message

import (
	"bytes"
	"errors"
	"io"
	"net/mail"
	"strings"
	"testing"
	"time"
)

func readOptions(sendmail bool) ReadOptions {
	return ReadOptions{Sendmail: sendmail, Date: draft().Date, Rand: &sequence{}}
}

// dated is the header that needs no addition.
const dated = "Date: Mon, 1 Jan 2024 00:00:00 +0000\r\nMessage-ID: <1@x.example>\r\n"

// The two fields that are added to what has none.
const (
	addedDate = "Date: Tue, 24 Nov 2026 09:30:00 +0100\r\n"
	addedID   = "Message-ID: <20261124083000.00000000000000000000000000000000@"
)

func TestRead(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{
			"kept byte for byte",
			"Received: from x\r\n\tby y;\r\n  now\r\n" + dated + "FROM:a@x.example\r\nSubject:  odd   spacing \r\nX-Y:\r\n\r\nbody \r\n\r\n.\r\n..\r\nend\r\n",
			"Received: from x\r\n\tby y;\r\n  now\r\n" + dated + "FROM:a@x.example\r\nSubject:  odd   spacing \r\nX-Y:\r\n\r\nbody \r\n\r\n.\r\n..\r\nend\r\n",
		},
		{"lf", strings.ReplaceAll(dated, "\r", "") + "From: a@x.example\n\na\nb\n", dated + "From: a@x.example\r\n\r\na\r\nb\r\n"},
		{"mixed ends", dated + "From: a@x.example\n\r\na\r\nb\n\nc", dated + "From: a@x.example\r\n\r\na\r\nb\r\n\r\nc\r\n"},
		{"no body", dated + "From: a@x.example", dated + "From: a@x.example\r\n\r\n"},
		{"blank line and no body", dated + "From: a@x.example\n\n", dated + "From: a@x.example\r\n\r\n"},
		{"smuggled end", dated + "From: a@x.example\n\na\n.\nMAIL FROM:<b>\r\n.\n", dated + "From: a@x.example\r\n\r\na\r\n.\r\nMAIL FROM:<b>\r\n.\r\n"},
		{
			"bcc", dated + "Bcc: b@x.example,\n c@x.example\nFrom: a@x.example\nbcc: d@x.example\nResent-BCC: e@x.example\nX-Bcc: kept\n\nBcc: body\n",
			dated + "From: a@x.example\r\nX-Bcc: kept\r\n\r\nBcc: body\r\n",
		},
		{"no date and id", "From: a@x.example\n\n", "From: a@x.example\r\n" + addedDate + addedID + "x.example>\r\n\r\n"},
		{"empty date and id", "Date:\nMessage-ID: \nFrom: a@x.example\n\n", "From: a@x.example\r\n" + addedDate + addedID + "x.example>\r\n\r\n"},
		{"utf-8", dated + "From: a@x.example\nSubject: Grüße\n\nü\n", dated + "From: a@x.example\r\nSubject: Grüße\r\n\r\nü\r\n"},
		{"bytes in body", dated + "From: a@x.example\n\n\xff\xfe\x01\n", dated + "From: a@x.example\r\n\r\n\xff\xfe\x01\r\n"},
		{"longest line", dated + "From: a@x.example\n\n" + strings.Repeat("x", 998) + "\r\n", dated + "From: a@x.example\r\n\r\n" + strings.Repeat("x", 998) + "\r\n"},
		{"two authors", dated + "From: a@x.example, b@x.example\nSender: a@x.example\n\n", dated + "From: a@x.example, b@x.example\r\nSender: a@x.example\r\n\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, sendmail := range []bool{false, true} {
				m, err := Read(strings.NewReader(tt.in), readOptions(sendmail))
				if err != nil {
					t.Fatal(err)
				}
				if got := written(t, m); got != tt.want {
					t.Errorf("sendmail %v:\ngot  %q\nwant %q", sendmail, got, tt.want)
				}
				if m.From().Address != "a@x.example" {
					t.Errorf("from %v", m.From())
				}
			}
		})
	}
}

func TestReadSendmail(t *testing.T) {
	own := Address{Name: "Alerts", Address: "alerts@contoso.example"}
	added := "From: Alerts <alerts@contoso.example>\r\n" + addedDate + addedID + "contoso.example>\r\n\r\n"
	tests := []struct{ name, in, want string }{
		{"empty", "", added},
		{"no header", "just text\nTo: nobody\n", added + "just text\r\nTo: nobody\r\n"},
		{"no header, no end", "just text", added + "just text\r\n"},
		{"blank line first", "\nText: x\n", added + "Text: x\r\n"},
		{"space first", " x: y\n", added + " x: y\r\n"},
		{"colon within text", "see here: x\n", added + "see here: x\r\n"},
		{"colon first", ": x\n", added + ": x\r\n"},
		{"address first", "a@x.example said: x\n", added + "a@x.example said: x\r\n"},
		{"bytes first", "\xff\n", added + "\xff\r\n"},
		{"mbox line", "From root@x Mon Jan  1 00:00:00 2024\nSubject: x\n\ny\n", "Subject: x\r\n" + added + "y\r\n"},
		{"only mbox line", "From root@x Mon Jan  1 00:00:00 2024\n", added},
		{"text after mbox line", "From root\ntext\n", added + "text\r\n"},
		{"no blank line", "Subject: x\ntext\nmore: text\n", "Subject: x\r\n" + added + "text\r\nmore: text\r\n"},
		{"fold is not text", "Subject: x\n y\ntext\n", "Subject: x\r\n y\r\n" + added + "text\r\n"},
		{"space before colon", "Subject : x\n\n", "Subject : x\r\n" + added},
		{"line of spaces", "Subject: x\n  \n\ny\n", "Subject: x\r\n  \r\n" + added + "y\r\n"},
		{"recipients in two fields", "To: a@x.example\nTo: b@x.example\n\n", "To: a@x.example\r\nTo: b@x.example\r\n" + added},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := readOptions(true)
			o.From = own
			m, err := Read(strings.NewReader(tt.in), o)
			if err != nil {
				t.Fatal(err)
			}
			if got := written(t, m); got != tt.want {
				t.Errorf("\ngot  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	const h = "From: a@x.example\n"
	tests := []struct {
		name, in string
		line     int
		reason   string
		both     bool // refused for sendmail too
	}{
		{"empty", "", 1, "no header", false},
		{"no header", "\ntext\n", 1, "no header", false},
		{"no colon", h + "To: x@x.example\nSubject\n\n", 3, "no colon", false},
		{"no blank line", h + "text\n", 2, "no colon", false},
		{"mbox line", "From root@x Mon Jan  1 00:00:00 2024\n" + h, 1, "not a field name", false},
		{"space first", " x\n" + h, 1, "white space", false},
		{"line of spaces", h + "Subject: x\n \t\n\n", 3, "white space", false},
		{"space in name", h + "X Y: z\n\n", 2, "not a field name", false},
		{"space before colon", h + "Subject : z\n\n", 2, "not a field name", false},
		{"empty name", h + ": z\n\n", 2, "not a field name", false},
		{"umlaut in name", h + "Ü: z\n\n", 2, "not a field name", false},
		{"latin-1", h + "Subject: Gr\xfc\xdfe\n\n", 2, "not UTF-8", true},
		{"escape", h + "X: a\nSubject: \x1b[2J\n\n", 3, "control character", true},
		{"del", h + "X: \x7f\n\n", 2, "control character", true},
		{"control in fold", h + "X: a\n \x02\n\n", 3, "control character", true},
		{"nul in header", h + "X: \x00\n\n", 2, "NUL", true},
		{"bare cr in header", h + "X: a\rBcc: b@x.example\n\n", 2, "bare CR", true},
		{"nul in body", h + "\na\nb\x00\n", 4, "NUL", true},
		{"bare cr in body", h + "\na\n\nb\rc\n", 5, "bare CR", true},
		{"bare cr at the end", h + "\na\r", 3, "bare CR", true},
		{"two cr", h + "\na\r\r\n", 3, "bare CR", true},
		{"long header line", h + "X: " + strings.Repeat("x", 996) + "\n\n", 2, "998", true},
		{"long line", h + "\n" + strings.Repeat("x", 999) + "\n", 3, "998", true},
		{"endless line", h + "\n" + strings.Repeat("x", 1<<17), 3, "998", true},
		{"two authors", h + "to: b@x.example\nFROM: c@x.example\n\n", 3, "given twice", true},
		{"two subjects", h + "Subject: a\nSubject: b\n\n", 3, "given twice", true},
		{"two content types", h + "Content-Type: a/b\nContent-type: c/d\n\n", 3, "given twice", true},
		{"two to", h + "To: a@x.example\nTo: b@x.example\n\n", 3, "given twice", false},
		{"no author", "To: a@x.example\n\n", 0, "missing", true},
		{"empty author", "From:\n\n", 1, "no address", true},
		{"empty group as author", "From: nobody:;\n\n", 1, "no address", true},
		{"author without meaning", "X: y\nFrom: a b c\n\n", 2, "", true},
		{"huge header", h + strings.Repeat("X: "+strings.Repeat("x", 900)+"\n", 1200), 1160, "1 MiB", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, sendmail := range []bool{false, true} {
				m, err := Read(strings.NewReader(tt.in), readOptions(sendmail))
				if sendmail && !tt.both {
					continue
				}
				var e *Error
				if !errors.As(err, &e) || e.Line != tt.line || !strings.Contains(e.Reason, tt.reason) {
					t.Errorf("sendmail %v: got %v, %#v", sendmail, m, err)
				}
			}
		})
	}
}

func TestReadNeeds(t *testing.T) {
	tests := []struct {
		in         string
		eight, utf bool
	}{
		{"From: a@x.example\n\nplain\n", false, false},
		{"From: a@x.example\n\nü\n", true, false},
		{"From: a@x.example\nSubject: ü\n\nplain\n", true, true},
		{"From: a@x.example\nBcc: zoë@x.example\n\nplain\n", false, false},
	}
	for _, tt := range tests {
		m, err := Read(strings.NewReader(tt.in), readOptions(false))
		if err != nil {
			t.Fatal(err)
		}
		if m.Has8Bit() != tt.eight || m.NeedsSMTPUTF8() != tt.utf {
			t.Errorf("%q: 8-bit %v, SMTPUTF8 %v", tt.in, m.Has8Bit(), m.NeedsSMTPUTF8())
		}
	}
}

func TestReadMessageID(t *testing.T) {
	m, err := Read(strings.NewReader("From: a@x.example\nMessage-ID:\n <1.2@x.example>\n\n"), readOptions(false))
	if err != nil || m.MessageID() != "<1.2@x.example>" {
		t.Errorf("got %q, %v", m.MessageID(), err)
	}
}

func TestReadDefaults(t *testing.T) {
	m, err := Read(strings.NewReader("From: a@x.example\n\n"), ReadOptions{})
	if err != nil || !strings.HasSuffix(m.MessageID(), "@x.example>") {
		t.Fatalf("got %q, %v", m.MessageID(), err)
	}
	p, err := mail.ReadMessage(strings.NewReader(written(t, m)))
	if err != nil {
		t.Fatal(err)
	}
	if date, err := p.Header.Date(); err != nil || time.Since(date).Abs() > time.Hour {
		t.Errorf("date %v, %v", date, err)
	}
	if _, err := Read(strings.NewReader("From: a@x.example\n\n"), ReadOptions{Rand: strings.NewReader("short")}); err == nil {
		t.Error("read without randomness")
	}
}

// A spoiled spool fails or changes once it has been read.
type spoiled struct {
	*bytes.Reader
	fail error
}

func (s *spoiled) Seek(offset int64, whence int) (int64, error) {
	if s.fail != nil {
		return 0, s.fail
	}
	return s.Reader.Seek(offset, whence)
}

func TestSpoolChanged(t *testing.T) {
	s := &spoiled{Reader: bytes.NewReader([]byte("From: a@x.example\n\nbody\n"))}
	m, err := Read(s, readOptions(false))
	if err != nil {
		t.Fatal(err)
	}
	s.Reader = bytes.NewReader([]byte("From: a@x.example\n\nbod\n"))
	var e *Error
	if _, err := m.WriteTo(io.Discard); !errors.As(err, &e) {
		t.Errorf("got %v from a shorter spool", err)
	}
	s.fail = errFull
	if _, err := m.WriteTo(io.Discard); !errors.Is(err, errFull) {
		t.Errorf("got %v from a broken spool", err)
	}
	if _, err := Read(s, readOptions(false)); !errors.Is(err, errFull) {
		t.Errorf("got %v from a broken spool", err)
	}
}
