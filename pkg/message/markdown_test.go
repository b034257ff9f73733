package message

import (
	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// bodyOf is what stands between the tags of the body.
func bodyOf(source string) string {
	_, rest, _ := strings.Cut(renderMarkdown(source), "<body>\n")
	body, _, _ := strings.Cut(rest, "</body>")
	return body
}

func TestMarkdown(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"empty", "", ""},
		{"paragraphs", "a\nb\n\nc", "<p>a\nb</p>\n<p>c</p>\n"},
		{"headings", "# Hi & bye #\n### x\n#no", "<h1>Hi &amp; bye</h1>\n<h3>x</h3>\n<p>#no</p>\n"},
		{"underlined", "a\n===\nb\n---", "<h1>a</h1>\n<h2>b</h2>\n"},
		{"rule", "***\n", "<hr>\n"},
		{"breaks", "a  \nb\\\nc", "<p>a<br>\nb<br>\nc</p>\n"},
		{"emphasis", "*a* **b** _c_ __d__ ~~e~~ ***f***", "<p><em>a</em> <strong>b</strong> <em>c</em> <strong>d</strong> <del>e</del> <strong><em>f</em></strong></p>\n"},
		{"no emphasis", "2 * 3 * 4, snake_case_name, a*", "<p>2 * 3 * 4, snake_case_name, a*</p>\n"},
		{"nested emphasis", "**a *b* c**", "<p><strong>a <em>b</em> c</strong></p>\n"},
		{"code", "`a<b` ``c`d``", "<p><code>a&lt;b</code> <code>c`d</code></p>\n"},
		{"escapes", `\*a\* &amp; & <`, "<p>*a* &amp; &amp; &lt;</p>\n"},
		{"fence", "```go\na<b\n\n# x\n```\nc", "<pre><code>a&lt;b\n\n# x\n</code></pre>\n<p>c</p>\n"},
		{"open fence", "~~~\na", "<pre><code>a\n</code></pre>\n"},
		{"indented code", "    a\n\n    b\n\nc", "<pre><code>a\n\nb\n</code></pre>\n<p>c</p>\n"},
		{"quote", "> a\n> > b\nc", "<blockquote>\n<p>a</p>\n<blockquote>\n<p>b\nc</p>\n</blockquote>\n</blockquote>\n"},
		{"list", "- a\n- b\n  c\n* d", "<ul>\n<li>a</li>\n<li>b\nc</li>\n</ul>\n<ul>\n<li>d</li>\n</ul>\n"},
		{"ordered list", "3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n"},
		{"nested list", "- a\n  - b\n- c", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n<li>c</li>\n</ul>\n"},
		{"loose list", "- a\n\n- b", "<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>\n"},
		{"tasks", "- [ ] a\n- [x] b", "<ul>\n<li>☐ a</li>\n<li>☑ b</li>\n</ul>\n"},
		{"list after text", "a\n- b", "<p>a</p>\n<ul>\n<li>b</li>\n</ul>\n"},
		{"table", "|a|b|\n|-|:-:|\n|1|*2*|\n|3|\nend", "<table>\n<thead>\n<tr><th>a</th><th>b</th></tr>\n</thead>\n<tbody>\n<tr><td>1</td><td><em>2</em></td></tr>\n<tr><td>3</td><td></td></tr>\n</tbody>\n</table>\n<p>end</p>\n"},
		{"no table", "a | b\nc", "<p>a | b\nc</p>\n"},
		{"link", "[a *b*](https://x.example/?a=1&b=2 \"t\")", "<p><a href=\"https://x.example/?a=1&amp;b=2\">a <em>b</em></a></p>\n"},
		{"bare link", "see https://x.example/a_b_c. End", "<p>see <a href=\"https://x.example/a_b_c\">https://x.example/a_b_c</a>. End</p>\n"},
		{"angle links", "<https://x.example> <a@b.example>", "<p><a href=\"https://x.example\">https://x.example</a> <a href=\"mailto:a@b.example\">a@b.example</a></p>\n"},
		{"inline image", "![logo](cid:logo@x)", "<p><img src=\"cid:logo@x\" alt=\"logo\"></p>\n"},
		{"html", "<script>alert(1)</script> a <b>b</b>", "<p>&lt;script&gt;alert(1)&lt;/script&gt; a &lt;b&gt;b&lt;/b&gt;</p>\n"},
		{"javascript", "[a](javascript:alert(1)) [b](JavaScript:x)", "<p><a href=\"\">a</a> <a href=\"\">b</a></p>\n"},
		{"data", "![a](data:text/html,x)", "<p><img src=\"\" alt=\"a\"></p>\n"},
		{"attribute", "[a](https://x\"onclick=y)", "<p><a href=\"https://x&#34;onclick=y\">a</a></p>\n"},
		{"crlf", "a\r\n\r\n- b\r\n", "<p>a</p>\n<ul>\n<li>b</li>\n</ul>\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := bodyOf(tt.in); got != tt.want {
				t.Errorf("%q\n got %q\nwant %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestMarkdownIsHTML(t *testing.T) {
	if got := renderMarkdown("a"); !strings.Contains(got, `<meta charset="utf-8">`) || !strings.HasPrefix(got, "<!DOCTYPE html>") {
		t.Errorf("got %q", got)
	}
}

// markdownTags are all that a text can bring about.
var markdownTags = []string{
	"html", "head", "meta", "body", "p", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "br", "pre", "code", "blockquote", "ul", "ol", "li",
	"table", "thead", "tbody", "tr", "th", "td", "em", "strong", "del", "a", "img",
}

func FuzzMarkdown(f *testing.F) {
	for _, seed := range []string{
		"# a\n\n- b\n  1. c\n> d\n", "|a|b|\n|-|-|\n|1|2|", "*a **b* c**", "[a](b) ![c](d)", "```\nx", "<script>", "- a\n\n      b\n", "&#x3c;script&#62;",
		"***\n* a\n0) b\n", "[[[[", "****a", "\\", "> \n>>>", "`` ` ",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		z := html.NewTokenizer(strings.NewReader(renderMarkdown(source)))
		for {
			kind := z.Next()
			if kind == html.ErrorToken {
				if z.Err() != io.EOF { //nolint:errorlint // the very value
					t.Fatal(z.Err())
				}
				return
			}
			token := z.Token()
			if kind != html.StartTagToken {
				continue
			}
			if !slices.Contains(markdownTags, token.Data) {
				t.Fatalf("%q brought about <%s>", source, token.Data)
			}
			for _, a := range token.Attr {
				if !slices.Contains([]string{"href", "src", "alt", "start", "charset"}, a.Key) || strings.HasPrefix(strings.ToLower(a.Val), "javascript:") {
					t.Fatalf("%q brought about %s=%q", source, a.Key, a.Val)
				}
			}
		}
	})
}

// TestMarkdownOfAnySize has texts that a careless reader would go over again for each line or sign.
func TestMarkdownOfAnySize(t *testing.T) {
	for name, text := range map[string]string{
		"blank lines in a list": "- a" + strings.Repeat("\n", 200_000) + "- b",
		"open emphasis":         strings.Repeat("*a ", 50_000),
		"open brackets":         strings.Repeat("[", 50_000),
		"nested quotes":         strings.Repeat(">", 50_000) + "a",
		"nested lists":          strings.Repeat("- ", 50_000) + "a",
		"bars":                  strings.Repeat("|", 50_000) + "\n" + strings.Repeat("|-", 50_000),
	} {
		if got := renderMarkdown(text); len(got) < 100 || len(got) > 20*len(text)+1000 {
			t.Errorf("%s: %d octets became %d", name, len(text), len(got))
		}
	}
}
