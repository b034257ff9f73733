package message

import (
	"fmt"
	"strings"
	"testing"
)

func TestLargestPartOfRead(t *testing.T) {
	const from = "From: a@x.example\n"
	line := strings.Repeat("x", 70) + "\n"
	leaf := func(header string, lines int) string { return "--b\n" + header + "\n" + strings.Repeat(line, lines) }
	tests := []struct {
		name, in, want string
		size           int64
	}{
		{"text", from + "\n" + line, "text/plain", 72},
		{"empty", from + "\n", "", 0},
		{"html", from + "Content-Type: text/html\n\n" + line, "text/html", 72},
		{"one file", from + "Content-Type: application/pdf; name=a.pdf\n\n" + line, "a.pdf", 72},
		{"broken type", from + "Content-Type: multipart\n\n" + line, "multipart", 72},
		{"no boundary", from + "Content-Type: multipart/mixed\n\n" + line, "multipart/mixed", 72},
		{
			"files", from + "Content-Type: multipart/mixed; boundary=b\n\npreamble\n" + leaf("", 1) +
				leaf("Content-Disposition: attachment;\n filename*=utf-8''%C3%BC.bin\n", 5) + leaf("Content-Type: image/png\n", 2) + "--b--\n",
			"ü.bin", 5*72 + 66, // with its header
		},
		{
			"nested", from + "Content-Type: multipart/mixed; boundary=\"b\"\n\n" +
				"--b\nContent-Type: multipart/alternative; boundary=bb\n\n--bb\n\n" + line + "--bb\nContent-Type: text/html\n\n" + line + line + "--bb--\n" +
				leaf("Content-Type: a/b; name=\"../c\"\n", 1) + "--b--\n" + "epilogue\n",
			"text/html", 2*72 + 25 + 2,
		},
		{
			"inner end is missing", from + "Content-Type: multipart/mixed; boundary=b\n\n" +
				"--b\nContent-Type: multipart/alternative; boundary=i\n\n--i\n\n" + line + leaf("Content-Type: a/b; name=c\n", 2) + "--b--\n",
			"c", 2*72 + 27 + 2,
		},
		{
			"inner boundary after its end", from + "Content-Type: multipart/mixed; boundary=b\n\n" +
				"--b\nContent-Type: multipart/alternative; boundary=i\n\n--i\n\n" + leaf("Content-Type: a/b; name=c\n", 2) + "--i\n--b--\n",
			"c", 2*72 + 27 + 2 + 5,
		},
		{"hostile name", from + "Content-Type: multipart/mixed; boundary=b\n\n" + leaf("Content-Disposition: attachment; filename*=utf-8''%1B%5B2J\n", 1), "_[2J", 72 + 60 + 2},
		{"delimiter-like text", from + "Content-Type: multipart/mixed; boundary=b\n\n" + leaf("", 1) + "--bee\n--\n", "text/plain", 2 + 72 + 7 + 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := Read(strings.NewReader(tt.in), readOptions(false))
			if err != nil {
				t.Fatal(err)
			}
			if name, size := m.LargestPart(); name != tt.want || size != tt.size {
				t.Errorf("got %q, %d; want %q, %d", name, size, tt.want, tt.size)
			}
		})
	}
}

// TestPartScannerIsBounded reads nesting without end and a part whose header has none.
func TestPartScannerIsBounded(t *testing.T) {
	s := newPartScanner(&head{fields: []*field{newField([]byte("Content-Type: multipart/mixed; boundary=b0\r\n"), 1)}})
	for i := range 10_000 {
		s.line(fmt.Appendf(nil, "--b%d", i))
		s.line(fmt.Appendf(nil, "Content-Type: multipart/mixed; boundary=b%d", i+1))
		s.line(nil)
	}
	if len(s.boundaries) != maxDepth {
		t.Errorf("%d levels are followed", len(s.boundaries))
	}
	s.line([]byte("--b0"))
	for range 2000 {
		s.line([]byte("X: " + strings.Repeat("x", 900)))
	}
	if s.header.Len() > 2*maxPartHeader {
		t.Errorf("%d octets of a header are kept", s.header.Len())
	}
	if p := s.end(); p.size != 2000*905 {
		t.Errorf("largest part has %d octets", p.size)
	}
}
