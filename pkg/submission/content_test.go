package submission

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

// normalize writes content in pieces of n octets and gives what comes out.
func normalize(content string, n int, stuff, eight bool) (string, error) {
	var out bytes.Buffer
	emit := func(p []byte) error {
		out.Write(p)
		return nil
	}
	w := newNormalizer(make([]byte, 0, 2*maxContentLine), stuff, eight, emit)
	for rest := content; rest != ""; {
		piece := rest[:min(n, len(rest))]
		rest = rest[len(piece):]
		if _, err := io.WriteString(w, piece); err != nil {
			return out.String(), err
		}
	}
	err := w.finish()
	out.Write(w.buffer)
	return out.String(), err
}

func TestNormalizer(t *testing.T) {
	long := strings.Repeat("x", maxContentLine)
	rows := []struct {
		name, content, want string
		line                int
		reason              error
	}{
		{"LF", "a\nb\n", "a\r\nb\r\n", 0, nil},
		{"CRLF", "a\r\nb\r\n", "a\r\nb\r\n", 0, nil},
		{"mixed", "a\nb\r\nc\n", "a\r\nb\r\nc\r\n", 0, nil},
		{"no end", "a", "a\r\n", 0, nil},
		{"empty", "", "\r\n", 0, nil},
		{"empty line", "\n", "\r\n", 0, nil},
		{"dot", ".", "..\r\n", 0, nil},
		{"dots", ".a\n..\n", "..a\r\n...\r\n", 0, nil},
		{"LF dot LF", "a\n.\nb", "a\r\n..\r\nb\r\n", 0, nil},
		{"LF dot CRLF", "a\n.\r\nb", "a\r\n..\r\nb\r\n", 0, nil},
		{"CRLF dot LF", "a\r\n.\nb", "a\r\n..\r\nb\r\n", 0, nil},
		{"CRLF dot CRLF", "a\r\n.\r\nb", "a\r\n..\r\nb\r\n", 0, nil},
		{"CR dot CR", "a\r.\rb", "", 1, ErrBareCR},
		{"CR dot CRLF", "a\n\r.\r\nb", "", 2, ErrBareCR},
		{"CRLF dot CR", "a\r\n.\rb", "", 2, ErrBareCR},
		{"CR CRLF", "a\r\r\n", "", 1, ErrBareCR},
		{"CR at the end", "a\nb\r", "", 2, ErrBareCR},
		{"NUL", "a\nb\x00", "", 2, ErrNUL},
		{"NUL dot", "a\n\x00.\r\n", "", 2, ErrNUL},
		{"longest line", long, long + "\r\n", 0, nil},
		{"longest line with CRLF", long + "\r\n", long + "\r\n", 0, nil},
		{"longest line with a dot", "." + long[1:], ".." + long[1:] + "\r\n", 0, nil},
		{"too long a line", "a\n" + long + "x", "", 2, ErrLongLine},
		{"8-bit", "a\nb\n\u00e4\n", "", 3, ErrEightBit},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			for _, n := range []int{1, 2, 3, 7, 4096} {
				got, err := normalize(r.content, n, true, false)
				if r.reason == nil && (err != nil || got != r.want) {
					t.Errorf("in pieces of %d: got %q, %v, want %q", n, got, err, r.want)
				}
				var bad *ContentError
				if r.reason != nil && (!errors.As(err, &bad) || !errors.Is(err, r.reason) || bad.Line != r.line) {
					t.Errorf("in pieces of %d: got %v, want %v in line %d", n, err, r.reason, r.line)
				}
			}
		})
	}
}

func TestNormalizerOptions(t *testing.T) {
	if got, err := normalize(".\u00e4\n", 1, false, true); err != nil || got != ".\u00e4\r\n" {
		t.Errorf("got %q, %v, want no stuffing and no refusal", got, err)
	}
	if got, err := normalize("a\r\n.\nb", 1, false, false); err != nil || got != "a\r\n.\r\nb\r\n" {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestNormalizerStops proves that a failed write is kept, and that nothing is written after it.
func TestNormalizerStops(t *testing.T) {
	calls := 0
	w := newNormalizer(make([]byte, 0, 2*maxContentLine), true, false, func([]byte) error {
		calls++
		return io.ErrClosedPipe
	})
	for range 10 {
		_, _ = io.WriteString(w, strings.Repeat("x", 500)+"\n")
	}
	if err := w.finish(); !errors.Is(err, io.ErrClosedPipe) || calls != 1 {
		t.Errorf("got %v after %d writes, want %v after 1", err, calls, io.ErrClosedPipe)
	}
}

// lineEnds are what servers have been seen to take for the end of a line.
var lineEnds = []string{"\r\n", "\n", "\r", "\r\n\x00", "\n\r"}

// endsOfMessage counts how often a server that takes any of the ends for a line end, before and after
// a dot, would see the end of a message.
func endsOfMessage(wire string) int {
	found := map[int]bool{}
	for _, before := range lineEnds {
		for _, after := range lineEnds {
			mark := before + "." + after
			for at := 0; ; at++ {
				i := strings.Index(wire[at:], mark)
				if i < 0 {
					break
				}
				at += i
				found[at+strings.Index(mark, ".")] = true
			}
		}
	}
	return len(found)
}

// checkOneMessage decodes what DATA puts on the wire as strict and as lax servers do.
func checkOneMessage(t *testing.T, content string) {
	t.Helper()
	wire, err := normalize(content, 5, true, true)
	if err != nil {
		return // nothing of it reaches its end
	}
	wire = "DATA\r\n" + wire + ".\r\n"
	if n := endsOfMessage(wire); n != 1 {
		t.Fatalf("%q becomes %q with %d ends", content, wire, n)
	}
	if strings.Contains(strings.ReplaceAll(wire, "\r\n", ""), "\r") || strings.Contains(strings.ReplaceAll(wire, "\r\n", ""), "\n") {
		t.Fatalf("%q becomes %q with a bare CR or LF", content, wire)
	}
	body := strings.TrimSuffix(strings.TrimPrefix(wire, "DATA\r\n"), ".\r\n")
	var decoded strings.Builder
	for line := range strings.Lines(body) {
		decoded.WriteString(strings.TrimPrefix(line, "."))
	}
	want := strings.ReplaceAll(strings.ReplaceAll(content, "\r\n", "\n"), "\n", "\r\n")
	if !strings.HasSuffix(want, "\r\n") {
		want += "\r\n"
	}
	if decoded.String() != want {
		t.Fatalf("%q is decoded as %q, want %q", content, decoded.String(), want)
	}
}

// TestSmuggling tries every mixture of line ends around a dot, and around a command after it.
func TestSmuggling(t *testing.T) {
	ends := append([]string{"", "\x00", "\r\r", "\n\n", "\r\r\n"}, lineEnds...)
	for _, a := range ends {
		for _, b := range ends {
			for _, c := range ends {
				checkOneMessage(t, "a"+a+"."+b+"MAIL FROM:<x@y>"+c+"."+a+b)
			}
		}
	}
}

func FuzzSmuggling(f *testing.F) {
	for _, seed := range []string{"", ".", "\r\n.\r\n", "\n.\n", "a\r.\r", "\r\n.\rQUIT", ".\r\n.\r\n.", strings.Repeat("x", 999)} {
		f.Add(seed)
	}
	f.Fuzz(checkOneMessage)
}

func BenchmarkNormalizer(b *testing.B) {
	content := []byte(strings.Repeat(strings.Repeat("QUJD", 19)+"\r\n", 1<<14))
	emit := func([]byte) error { return nil }
	buffer := make([]byte, 0, writeSize)
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		w := newNormalizer(buffer, true, false, emit)
		for rest := content; len(rest) > 0; {
			n := min(len(rest), 32<<10)
			if _, err := w.Write(rest[:n]); err != nil {
				b.Fatal(err)
			}
			rest = rest[n:]
		}
		if err := w.finish(); err != nil {
			b.Fatal(err)
		}
	}
}
