package doctor

import (
	"strings"
	"testing"
)

func TestMarkdownProse(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"a_b*c`d", "a\\_b\\*c\\`d"},
		{"<b>&amp;</b>", `\<b\>\&amp;\</b\>`},
		{"a|b\\|c", `a\|b\\\|c`},
		{"ask @everyone", "ask @<!-- -->everyone"},
		{"mail a@b.example", "mail a@b.example"},
		{"see https://x.example", `see https\://x.example`},
		{"[x](y) ![z]", `\[x\](y) \!\[z\]`},
		{"fixes #12", `fixes \#12`},
	} {
		if got := mdProse(tt.in); got != tt.want {
			t.Errorf("mdProse(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestMarkdownCode(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", "(nothing)"},
		{"a", "`a`"},
		{"a`b", "``a`b``"},
		{"``", "``` `` ```"},
		{"a\nb", "`a b`"},
	} {
		if got := mdCode(tt.in); got != tt.want {
			t.Errorf("mdCode(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// FuzzMarkdown reads back what was written: a code span gives the very text, prose has no character
// left that could begin markup.
func FuzzMarkdown(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		plain := oneLine(text)
		if got := spanText(mdCode(text)); plain != "" && got != plain {
			t.Errorf("the span %q holds %q, want %q", mdCode(text), got, plain)
		}
		prose := strings.ReplaceAll(mdProse(text), "<!-- -->", "")
		back, escaped := "", false
		for _, r := range prose {
			switch {
			case escaped || r != '\\':
				if !escaped && strings.ContainsRune("`*_[]<>|~&#$!", r) {
					t.Errorf("%q leaves %q", prose, r)
				}
				back += string(r)
				escaped = false
			default:
				escaped = true
			}
		}
		if want := strings.ReplaceAll(plain, "<!-- -->", ""); len(text) < lineLimit && back != plain && !strings.Contains(plain, "<!--") {
			t.Errorf("%q reads as %q, want %q", prose, back, want)
		}
	})
}

// spanText reads a code span as CommonMark 0.31 section 6.1 does.
func spanText(span string) string {
	mark := len(span) - len(strings.TrimLeft(span, "`"))
	if len(span) < 2*mark {
		return "not a span"
	}
	text := span[mark : len(span)-mark]
	if longestRun(text, '`') == mark {
		return "a span that ends early"
	}
	if strings.HasPrefix(text, " ") && strings.HasSuffix(text, " ") && strings.TrimSpace(text) != "" {
		text = text[1 : len(text)-1]
	}
	return text
}

// TestMarkdownStructure counts the lines that begin something: hostile text adds none.
func TestMarkdownStructure(t *testing.T) {
	want := markdownShape(inForm(t, "markdown", hostileReport("plain")))
	for _, text := range hostile {
		if got := markdownShape(inForm(t, "markdown", hostileReport(text))); got != want {
			t.Errorf("%.30q changes the structure from %s to %s", text, want, got)
		}
	}
}

func markdownShape(document string) string {
	var shape strings.Builder
	fence := ""
	for line := range strings.Lines(document) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || fence != "" && line != fence:
			continue
		case line == fence:
			fence = ""
		case strings.HasPrefix(line, "```"):
			fence = line
		}
		shape.WriteByte(line[0])
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("#-|`", r) {
			return r
		}
		return '.'
	}, shape.String())
}
