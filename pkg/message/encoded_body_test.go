package message

import (
	"errors"
	"io"
	"mime/quotedprintable"
	"strings"
	"testing"
)

func TestReadEncodesText(t *testing.T) {
	const h = dated + "From: a@x.example\r\n"
	const plain = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=\"utf-8\"\r\n"
	const qp = "Content-Transfer-Encoding: quoted-printable\r\n"
	long := strings.Repeat("x", 999)
	broken := "x" + strings.Repeat("x", 74) + "=\r\n" + strings.Repeat(strings.Repeat("x", 75)+"=\r\n", 12) + strings.Repeat("x", 24)
	tests := []struct{ name, in, want string }{
		{"not needed", h + "\nü \n", h + "\r\nü \r\n"},
		{"long line", h + "\n" + long + "\n", h + qp + plain + "\r\n" + broken + "\r\n"},
		{"progress", h + "\n10%\r20%\r\nü \n\nend", h + qp + plain + "\r\n10%=0D20%\r\n=C3=BC=20\r\n\r\nend\r\n"},
		{"nul", h + "\na\x00", h + qp + plain + "\r\na=00\r\n"},
		{
			"of cron", h + "MIME-Version: 1.0\nContent-Type: text/plain; charset=ISO-8859-1\nContent-Transfer-Encoding: 8bit\n\n\xfc\r\r\n",
			h + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=ISO-8859-1\r\n" + qp + "\r\n=FC=0D\r\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := readOptions(true)
			o.EncodeText = true
			m, err := Read(strings.NewReader(tt.in), o)
			if err != nil {
				t.Fatal(err)
			}
			if got := written(t, m); got != tt.want {
				t.Errorf("\ngot  %q\nwant %q", got, tt.want)
			}
			_, body, _ := strings.Cut(tt.want, "\r\n\r\n")
			if name, size := m.LargestPart(); name != "text/plain" || size != int64(len(body)) {
				t.Errorf("largest part %q, %d", name, size)
			}
			if m.Has8Bit() != (tt.name == "not needed") {
				t.Errorf("8-bit %v", m.Has8Bit())
			}
		})
	}
}

func TestReadDoesNotEncode(t *testing.T) {
	for _, field := range []string{
		"Content-Type: multipart/mixed; boundary=b",
		"Content-Type: application/pdf",
		"Content-Type: text/",
		"Content-Transfer-Encoding: base64",
		"Content-Transfer-Encoding: quoted-printable",
		"DKIM-Signature: v=1",
	} {
		o := readOptions(true)
		o.EncodeText = true
		_, err := Read(strings.NewReader("From: a@x.example\n"+field+"\n\na\rb\n"), o)
		if e, ok := errors.AsType[*Error](err); !ok || e.Line != 4 {
			t.Errorf("%s: got %v", field, err)
		}
	}
	o := readOptions(true)
	o.EncodeText = true
	if _, err := Read(strings.NewReader("From: a@x.example\nX: a\rb\n\n"), o); err == nil {
		t.Error("a bare CR in the header was taken")
	}
}

func TestEncodeTextFails(t *testing.T) {
	if err := encodeText(&limited{left: 10}, strings.NewReader(strings.Repeat("x", 100))); !errors.Is(err, errFull) {
		t.Errorf("got %v from a broken connection", err)
	}
	if err := encodeText(io.Discard, failing{errFull}); !errors.Is(err, errFull) {
		t.Errorf("got %v from a broken spool", err)
	}
}

// FuzzEncodeText decodes with the standard library and finds every octet again.
func FuzzEncodeText(f *testing.F) {
	f.Add("a\rb\r\nc\n\nd ", 0)
	f.Add("\r\n\r", 1<<15-1)
	f.Add("\r\r\n", 1<<15-2)
	f.Fuzz(func(t *testing.T, s string, padding int) {
		s = strings.Repeat("x", padding&(1<<16-1)) + s
		var b strings.Builder
		if err := encodeText(&b, strings.NewReader(s)); err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(b.String())))
		if want := lineEnds(s); string(got) != want || err != nil {
			t.Errorf("got ...%q, want ...%q, %v", got[max(0, len(got)-99):], want[max(0, len(want)-99):], err)
		}
		for line := range strings.SplitSeq(b.String(), "\r\n") {
			if len(line) > 76 || strings.ContainsAny(line, "\r\n\x00") || !isASCII(line) {
				t.Errorf("line %q", line)
			}
		}
	})
}
