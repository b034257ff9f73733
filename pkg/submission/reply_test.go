package submission

import (
	"bufio"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"unicode"
	"unicode/utf8"
)

func parse(text string) (Reply, error) {
	return readReply(bufio.NewReaderSize(strings.NewReader(text), maxReplyLine), &secrets{})
}

func TestReadReply(t *testing.T) {
	rows := []struct {
		text, want string
		reply      Reply
	}{
		{"250 ok\r\n", "250 ok", Reply{250, "", []string{"ok"}}},
		{"250\r\n", "250", Reply{250, "", []string{""}}},
		{"250 \r\n", "250", Reply{250, "", []string{""}}},
		{"250 ok\n", "250 ok", Reply{250, "", []string{"ok"}}},
		{"250-a\r\n250-b\r\n250 c\r\n", "250 a b c", Reply{250, "", []string{"a", "b", "c"}}},
		{"250-\r\n250 c\r\n", "250 c", Reply{250, "", []string{"", "c"}}},
		{"550 5.7.1 no\r\n", "550 5.7.1 no", Reply{550, "5.7.1", []string{"no"}}},
		{"550 5.7.139\r\n", "550 5.7.139", Reply{550, "5.7.139", []string{""}}},
		{"550-5.7.1 no\r\n550 5.7.1 way\r\n", "550 5.7.1 no way", Reply{550, "5.7.1", []string{"no", "way"}}},
		{"550-5.7.1 no\r\n550 5.7.2 way\r\n", "550 5.7.1 no 5.7.2 way", Reply{550, "5.7.1", []string{"no", "5.7.2 way"}}},
		{"250 5.7.1 of another class\r\n", "250 5.7.1 of another class", Reply{250, "", []string{"5.7.1 of another class"}}},
		{"250 2.0.0.1 ok\r\n", "250 2.0.0.1 ok", Reply{250, "", []string{"2.0.0.1 ok"}}},
		{"250 2..0 ok\r\n", "250 2..0 ok", Reply{250, "", []string{"2..0 ok"}}},
		{"250 2.1000.0 ok\r\n", "250 2.1000.0 ok", Reply{250, "", []string{"2.1000.0 ok"}}},
		{"250 a\tb\r\n", "250 a b", Reply{250, "", []string{"a b"}}},
		{"250 \x1b[31mred\x00\r\n", `250 \x1b[31mred\x00`, Reply{250, "", []string{`\x1b[31mred\x00`}}},
		{"250 a\rb\r\n", `250 a\x0db`, Reply{250, "", []string{`a\x0db`}}},
		{"250 \u202egnp.exe \u00e4 \xff \u0085 \u2028\r\n", `250 \u202egnp.exe ä \xff \u0085 \u2028`, Reply{250, "", []string{`\u202egnp.exe ä \xff \u0085 \u2028`}}},
	}
	for _, r := range rows {
		for _, reader := range []io.Reader{strings.NewReader(r.text), iotest.OneByteReader(strings.NewReader(r.text))} {
			got, err := readReply(bufio.NewReaderSize(reader, maxReplyLine), &secrets{})
			if err != nil || !reflect.DeepEqual(got, r.reply) || got.String() != r.want {
				t.Errorf("%q: got %#v (%s), %v, want %#v (%s)", r.text, got, got, err, r.reply, r.want)
			}
		}
	}
}

func TestReadReplyRefuses(t *testing.T) {
	for _, text := range []string{
		"\r\n", "ok\r\n", "25\r\n", "2500\r\n", "250ok\r\n", "250_ok\r\n", "150 early\r\n", "650 late\r\n", "050 x\r\n", "-50 x\r\n", "2x0 x\r\n", "25\x00 x\r\n",
		" 250 ok\r\n", "250-a\r\n251 b\r\n", "250-a\r\nb\r\n", "250-a\r\n\r\n",
		"250 " + strings.Repeat("x", maxReplyLine) + "\r\n", strings.Repeat("250-x\r\n", maxReplyLines) + "250 x\r\n",
	} {
		if got, err := parse(text); !errors.Is(err, ErrProtocol) {
			t.Errorf("%.40q: got %s, %v, want %v", text, got, err, ErrProtocol)
		}
	}
	for _, text := range []string{"", "250 ok", "250-a\r\n", "250-a\r\n250 b"} {
		if got, err := parse(text); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%q: got %s, %v, want %v", text, got, err, io.ErrUnexpectedEOF)
		}
	}
	longest := "250 " + strings.Repeat("x", maxReplyLine-len("250 \r\n")) + "\r\n"
	if _, err := parse(longest); err != nil {
		t.Errorf("a line of %d octets: got %v, want nil", len(longest), err)
	}
	if _, err := parse(strings.Repeat("250-x\r\n", maxReplyLines-1) + "250 x\r\n"); err != nil {
		t.Errorf("%d lines: got %v, want nil", maxReplyLines, err)
	}
}

// TestReadReplyIsBounded counts what is read of a line that does not end.
func TestReadReplyIsBounded(t *testing.T) {
	endless := &counted{r: strings.NewReader("250 " + strings.Repeat("x", 1<<20))}
	_, err := readReply(bufio.NewReaderSize(endless, maxReplyLine), &secrets{})
	if !errors.Is(err, ErrProtocol) || endless.n > maxReplyLine {
		t.Errorf("got %v after %d octets, want %v after %d at most", err, endless.n, ErrProtocol, maxReplyLine)
	}
}

type counted struct {
	r io.Reader
	n int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}

// harmless tells whether text can go to a terminal or a log.
func harmless(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}

func FuzzReadReply(f *testing.F) {
	for _, seed := range []string{"250 ok\r\n", "250-a\r\n250 b\r\n", "550-5.7.1 a\r\n550 5.7.1 b\n", "334 \r\n", "250", "\x1b[2J", "421 4.3.2 \u202e\xff\r\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := parse(text)
		if err != nil {
			if !harmless(err.Error()) {
				t.Errorf("error %q is not harmless", err)
			}
			return
		}
		if r.Code < 200 || r.Code > 599 || len(r.Lines) == 0 || len(r.Lines) > maxReplyLines || !harmless(r.String()) {
			t.Errorf("%q becomes %#v", text, r)
		}
		receipt := Receipt{Reply: r}
		receipt.identify()
		if parseExtensions(r).Size() < 0 || !harmless(receipt.ServerMessageID+receipt.QueueID+receipt.Host) {
			t.Errorf("%q becomes %#v", text, receipt)
		}
	})
}

func FuzzChallenge(f *testing.F) {
	for _, seed := range []string{"eyJzdGF0dXMiOiI0MDEifQ==", "", "=", "AAAA", "no base64", "G1sySg==", "\x1b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := parse("334 " + text + "\r\n")
		if err != nil {
			return
		}
		if got := decodeChallenge(r); len(got) > maxChallenge || !harmless(got) {
			t.Errorf("%q becomes %q", text, got)
		}
	})
}

func TestChallengeIsBounded(t *testing.T) {
	r := Reply{Code: 334, Lines: []string{"x" + strings.Repeat("\u00e4", maxChallenge)}}
	if got := decodeChallenge(r); len(got) > maxChallenge || !harmless(got) {
		t.Errorf("got %d octets, want at most %d, and whole characters", len(got), maxChallenge)
	}
}

func TestSecrets(t *testing.T) {
	s := &secrets{}
	if got := s.hide("nothing is secret yet-------"); got != "nothing is secret yet-------" {
		t.Errorf("got %q", got)
	}
	s.add("eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL291dGxvb2sub2ZmaWNlLmNvbSJ9")
	for text, want := range map[string]string{
		"":                                       "",
		"short eyJ0eXAiOiJK stays":               "short eyJ0eXAiOiJK stays",
		"long eyJ0eXAiOiJKV1QiL goes":            "long REDACTED goes",
		"=eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.": "=REDACTED.",
		"eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL291": "REDACTED.REDACTED",
		"another-run-of-base64-is-left-alone":                           "another-run-of-base64-is-left-alone",
	} {
		if got := s.hide(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestExtensions(t *testing.T) {
	r, err := parse("250-mail.test hello PIPELINING\r\n250-size 157286400\r\n250-Pipelining\r\n250-AUTH=LOGIN plain\r\n250-auth xOauth2\r\n250-\r\n250 x-odd  a   b\r\n")
	if err != nil {
		t.Fatal(err)
	}
	e := parseExtensions(r)
	if got, want := strings.Join(e.Keywords(), " "), "AUTH PIPELINING SIZE X-ODD"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := strings.Join(e.Parameters("auth"), " "), "LOGIN PLAIN XOAUTH2"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !e.offersXOAUTH2() || !e.Has("pipelining") || e.Has("8BITMIME") || e.Size() != 157286400 {
		t.Errorf("got %#v", e)
	}
	var none Extensions
	if none.Has("SIZE") || none.Size() != 0 || none.offersXOAUTH2() || len(none.Keywords()) != 0 {
		t.Error("the zero value offers something")
	}
	for _, size := range []string{"SIZE", "SIZE 0", "SIZE x", "SIZE -1", "SIZE 99999999999999999999"} {
		if got := parseExtensions(Reply{250, "", []string{"mail.test", size}}).Size(); got != 0 {
			t.Errorf("%s: got %d, want 0", size, got)
		}
	}
}

func TestIdentify(t *testing.T) {
	rows := []struct{ text, id, queue, host string }{
		{"OK <a@b.example> [Hostname=SYBP282MB2635.AUSP282.PROD.OUTLOOK.COM]", "a@b.example", "", "SYBP282MB2635.AUSP282.PROD.OUTLOOK.COM"},
		{"<a@b.example> [InternalId=123, Hostname=X.PROD.OUTLOOK.COM] 9126 bytes in 0.129, 68.5 KB/sec Queued mail for delivery", "a@b.example", "", "X.PROD.OUTLOOK.COM"},
		{"Ok: queued as 4XYZ12", "", "4XYZ12", "dialed"},
		{"OK <> [Hostname=a b]", "", "", "dialed"},
		{"OK <no at> Hostname=", "", "", "dialed"},
		{"OK <a@b", "", "", "dialed"},
		{"queued as ", "", "", "dialed"},
	}
	for _, row := range rows {
		r := Receipt{Host: "dialed", Reply: Reply{250, "2.0.0", []string{row.text}}}
		r.identify()
		if r.ServerMessageID != row.id || r.QueueID != row.queue || r.Host != row.host {
			t.Errorf("%s: got %q %q %q, want %q %q %q", row.text, r.ServerMessageID, r.QueueID, r.Host, row.id, row.queue, row.host)
		}
	}
}
