package message

import (
	"strings"
	"testing"
)

func TestTextEncoding(t *testing.T) {
	tests := []struct{ name, in, encoding, want string }{
		{"empty", "", "7bit", ""},
		{"line", "a\n", "7bit", "a\r\n"},
		{"line without end", "a", "7bit", "a\r\n"},
		{"crlf", "a\r\nb\r\n", "7bit", "a\r\nb\r\n"},
		{"mixed ends", "a\nb\r\n\nc", "7bit", "a\r\nb\r\n\r\nc\r\n"},
		{"lone dot", ".\n", "7bit", ".\r\n"},
		{"longest", strings.Repeat("x", 76) + "\n", "7bit", strings.Repeat("x", 76) + "\r\n"},
		{"too long", strings.Repeat("x", 77) + "\n", "quoted-printable", strings.Repeat("x", 75) + "=\r\nxx\r\n"},
		{"space at the end", "a \nb\t\n", "quoted-printable", "a=20\r\nb=09\r\n"},
		{"umlaut", "ü=\n", "quoted-printable", "=C3=BC=3D\r\n"},
		{"escape", "\x1b\n", "quoted-printable", "=1B\r\n"},
		{"del", "\x7f", "quoted-printable", "=7F\r\n"},
		{"tab", "a\tb", "7bit", "a\tb\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := newTextPart("text", "plain", tt.in)
			if err != nil || got.encoding != tt.encoding || string(got.encoded) != tt.want {
				t.Errorf("got %s %q, %v; want %s %q", got.encoding, got.encoded, err, tt.encoding, tt.want)
			}
		})
	}
}

func TestMarkdownAndText(t *testing.T) {
	d := Draft{Markdown: "*a*", Text: "own"}
	plain, rich := d.texts()
	if plain.text != "own" || !strings.Contains(rich.text, "<em>a</em>") {
		t.Errorf("got %q and %q", plain.text, rich.text)
	}
}

func TestPlainText(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"empty", "", "\n"},
		{"words", "a  b\n c", "a b c\n"},
		{"entities", "a &amp; &uuml;&nbsp;b &lt;c&gt;", "a & ü b <c>\n"},
		{"inline", "a<b>b</b> <i>c</i>d", "ab cd\n"},
		{"paragraphs", "<p>a</p><p>b</p>", "a\n\nb\n"},
		{"break", "a<br>b<br/>c", "a\nb\nc\n"},
		{"list", "<ul><li>a</li><li>b</li></ul>c", "- a\n- b\n\nc\n"},
		{"table", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc\n"},
		{"link", `<a href="https://x.example/">here</a>.`, "here <https://x.example/>.\n"},
		{"bare link", `<a href="https://x.example/">https://x.example/</a>`, "https://x.example/\n"},
		{"mail link", `<a href="mailto:a@x.example">a@x.example</a>`, "a@x.example\n"},
		{"anchor", `<a href="#top">top</a>`, "top\n"},
		{"image", `<img src="cid:a" alt="a cat"> sat`, "a cat sat\n"},
		{"hidden", "<title>t</title><style>p{}</style><script>x<y</script>a<!-- c -->", "a\n"},
		{"head without end", "<head><meta charset=utf-8><title>t</title><p>a", "a\n"},
		{"cr by entity", "a&#13;b <img alt='c&#13;&#10;d'>", "a b c d\n"},
		{"preformatted", "<pre>a\n  b</pre>c", "a\n  b\n\nc\n"},
		{"preformatted at once", "x<pre>\n\na  b\n<b>c</b>\n</pre>", "x\n\n\na  b\nc\n"},
		{"cr in preformatted", "<pre>a&#13;b&#13;&#10;c</pre>", "a\nb\nc\n"},
		{"open script", "a<script>b", "a\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := plainText(tt.in); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// FuzzPlainText holds that HTML which may be sent gives a text which may be sent.
func FuzzPlainText(f *testing.F) {
	f.Add(`<p>a<br><a href="https://x.example/&#13;">b</a><img alt="&#0;">`)
	f.Fuzz(func(t *testing.T, s string) {
		if err := checkLines("html", s); err != nil {
			return
		}
		if err := checkLines("text", plainText(s)); err != nil {
			t.Errorf("%q gives %q: %v", s, plainText(s), err)
		}
	})
}
