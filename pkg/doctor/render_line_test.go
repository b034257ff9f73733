package doctor

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// unsafeRune names the first character that could steer a terminal or turn a line.
func unsafeRune(text string) string {
	for i, r := range text {
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], "\uFFFD") {
			return fmt.Sprintf("octet %#x", text[i])
		}
		if r != '\n' && !unicode.IsPrint(r) {
			return fmt.Sprintf("%U", r)
		}
	}
	return ""
}

func TestOneLine(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"plain", "plain"},
		{"  a \t\n b  ", "a b"},
		{"\x1b[31m", `\x1b[31m`},
		{"\u202ex\u0085y\u2028z", `\u202ex y z`},
		{"\xff", `\xff`},
		{"ü日本", "ü日本"},
		{strings.Repeat("é", lineLimit), strings.Repeat("é", lineLimit)},
		{strings.Repeat("é", lineLimit+1), strings.Repeat("é", lineLimit) + "..."},
	} {
		if got := oneLine(tt.in); got != tt.want {
			t.Errorf("oneLine(%.30q) = %.60q, want %.60q", tt.in, got, tt.want)
		}
	}
}

func TestWrap(t *testing.T) {
	got := wrap("one two three four five six seven", 24, "  ")
	want := "one two three four\n  five six seven"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	long := strings.Repeat("x", 60)
	if got := wrap("a "+long+" b", 24, ""); got != "a\n"+long+"\nb" {
		t.Errorf("a word longer than the line: %q", got)
	}
	if got := wrap("a b", 10, "          "); got != "a b" {
		t.Errorf("no room: %q", got)
	}
}

func FuzzOneLine(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := oneLine(text)
		if bad := unsafeRune(got); bad != "" || strings.Contains(got, "\n") {
			t.Errorf("%q becomes %q, with %s", text, got, bad)
		}
		if n := utf8.RuneCountInString(got); n > lineLimit*10 {
			t.Errorf("%d characters", n)
		}
		if again := oneLine(got); len(text) < lineLimit/10 && again != got {
			t.Errorf("%q becomes %q, and then %q", text, got, again)
		}
	})
}
