package message

import (
	"io"
	"strings"
	"testing"
)

// FuzzRead holds that whatever is taken is written with all its bytes, less Bcc, as a message
// that is taken again and stays as it is.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"From: a@x.example\r\nTo: b@x.example\r\n\r\nbody\r\n.\r\n",
		"From root Mon\nTo: root\nBcc: c@x.example,\n d@x.example\n\nbody",
		"no header\n", "", "From: root (Cron)\n\n--b\n", "X:\n\n\xff\n",
		"From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: a/b; name=c\n\nx\n--b--\n",
	} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, s string, sendmail bool) {
		o := readOptions(sendmail)
		o.From = ada
		m, err := Read(strings.NewReader(s), o)
		if err != nil {
			return
		}
		got := written(t, m)
		header, body, _ := strings.Cut(got, "\r\n\r\n")
		if strings.Contains("\n"+strings.ToLower(header), "\nbcc:") {
			t.Errorf("Bcc is left in %q", got)
		}
		if !strings.HasSuffix(lineEnds(s), body) {
			t.Errorf("body %q is not the end of %q", body, s)
		}
		again, err := Read(strings.NewReader(got), o)
		if err != nil {
			t.Fatalf("%q from %q is refused: %v", got, s, err)
		}
		if second := written(t, again); second != got {
			t.Errorf("%q is not stable: %q", got, second)
		}
	})
}

func BenchmarkRead35MB(b *testing.B) {
	line := strings.Repeat("x", 76) + "\r\n"
	s := "From: a@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + strings.Repeat(line, 35<<20/len(line))
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		m, err := Read(strings.NewReader(s), readOptions(false))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := m.WriteTo(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
