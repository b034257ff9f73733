package message

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestDotTerminated(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	tests := []struct{ name, in, want string }{
		{"no dot", "a\nb", "a\nb"},
		{"empty", "", ""},
		{"dot", "a\n.\nb\n", "a\n"},
		{"dot with crlf", "a\r\n.\r\nb\n", "a\r\n"},
		{"dot first", ".\na\n", ""},
		{"dot last", "a\n.", "a\n"},
		{"two dots", "a\n..\nb\n", "a\n..\nb\n"},
		{"dot in a line", ". a\n.a\na.\n", ". a\n.a\na.\n"},
		{"dot behind a full buffer", long + strings.Repeat("y", 4096*3-10_000) + ".\nz\n", long + strings.Repeat("y", 4096*3-10_000) + ".\nz\n"},
		{"dot and cr", "a\n.\rb\n", "a\n.\rb\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, r := range []io.Reader{strings.NewReader(tt.in), iotest.OneByteReader(strings.NewReader(tt.in)), iotest.DataErrReader(strings.NewReader(tt.in))} {
				got, err := io.ReadAll(iotest.OneByteReader(DotTerminated(r)))
				if string(got) != tt.want || err != nil {
					t.Errorf("got %.40q, %v; want %.40q", got, err, tt.want)
				}
			}
		})
	}
}

func TestDotTerminatedFails(t *testing.T) {
	r := DotTerminated(io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(errFull)))
	got, err := io.ReadAll(r)
	if string(got) != "a\nb" || !errors.Is(err, errFull) {
		t.Errorf("got %q, %v", got, err)
	}
	if err := iotest.TestReader(DotTerminated(strings.NewReader("a\nb\n.\nc")), []byte("a\nb\n")); err != nil {
		t.Error(err)
	}
}

func FuzzDotTerminated(f *testing.F) {
	f.Add("a\n.\nb")
	f.Add("..\r\n.\r\n")
	f.Add("..\n.\r")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := io.ReadAll(DotTerminated(strings.NewReader(s)))
		if err != nil || !strings.HasPrefix(s, string(got)) {
			t.Fatalf("%q from %q, %v", got, s, err)
		}
		for line := range strings.SplitAfterSeq(string(got), "\n") {
			if line == "." || line == ".\n" || line == ".\r\n" {
				t.Errorf("a lone dot is left in %q", got)
			}
		}
		if rest := s[len(got):]; rest != "" && rest != "." && !strings.HasPrefix(rest, ".\n") && !strings.HasPrefix(rest, ".\r\n") {
			t.Errorf("ended before %.20q", rest)
		}
	})
}
