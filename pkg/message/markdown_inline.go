package message

import (
	"html"
	"net/url"
	"slices"
	"strings"
)

// maxSpan bounds how far the end of an emphasis, a link or a code span is looked for, so that a
// hostile text takes no more than linear time.
const maxSpan = 2048

// inlineMarkdown renders the text of one paragraph.
func inlineMarkdown(s string, depth int) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		rendered, n := span(s, i, depth)
		if n == 0 {
			n = plainRun(s[i:])
			rendered = html.EscapeString(s[i : i+n])
		}
		b.WriteString(rendered)
		i += n
	}
	return b.String()
}

// plainRun is the length of what has no meaning: at least one octet.
func plainRun(s string) int {
	n := strings.IndexAny(s[1:], "\\`*_~[!<h&")
	if n < 0 {
		return len(s)
	}
	return n + 1
}

// span renders what begins at i, if something does.
func span(s string, i, depth int) (rendered string, n int) {
	if depth == maxMarkdownNesting {
		return "", 0
	}
	rest := s[i:min(len(s), i+maxSpan)]
	switch s[i] {
	case '\\':
		return escaped(rest)
	case '`':
		return codeSpan(rest)
	case '*', '_', '~':
		return emphasis(s, i, rest, depth)
	case '!':
		return image(rest)
	case '[':
		return link(rest, depth)
	case '<':
		return angleLink(rest)
	case 'h':
		return bareLink(s, i, rest)
	case '&':
		return entityReference(rest)
	}
	return "", 0
}

const punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

func escaped(s string) (string, int) {
	switch {
	case len(s) > 1 && s[1] == '\n':
		return "<br>\n", 2
	case len(s) > 1 && strings.IndexByte(punctuation, s[1]) >= 0:
		return html.EscapeString(s[1:2]), 2
	}
	return "", 0
}

// codeSpan is between runs of backticks of the same length.
func codeSpan(s string) (string, int) {
	run := len(s) - len(strings.TrimLeft(s, "`"))
	mark := s[:run]
	for from := run; ; {
		at := strings.Index(s[from:], mark)
		if at < 0 {
			return html.EscapeString(mark), run
		}
		end := from + at
		after := len(s[end:]) - len(strings.TrimLeft(s[end:], "`"))
		if after == run {
			return "<code>" + html.EscapeString(strings.TrimSpace(strings.ReplaceAll(s[run:end], "\n", " "))) + "</code>", end + run
		}
		from = end + after
	}
}

// emphases are the marks of each sign, the longest first, with the tags around the text.
func emphases(sign string) [][3]string {
	if sign == "~" {
		return [][3]string{{"~~", "<del>", "</del>"}}
	}
	return [][3]string{
		{sign + sign + sign, "<strong><em>", "</em></strong>"},
		{sign + sign, "<strong>", "</strong>"},
		{sign, "<em>", "</em>"},
	}
}

// emphasis is one to three stars or underscores, or two tildes, close to the text at both ends.
// Underscores inside a word are none.
func emphasis(s string, i int, rest string, depth int) (string, int) {
	if rest[0] == '_' && i > 0 && isWord(s[i-1]) {
		return "", 0
	}
	for _, e := range emphases(rest[:1]) {
		mark := e[0]
		if !strings.HasPrefix(rest, mark) {
			continue
		}
		if end := closing(rest, mark); end > 0 {
			return e[1] + inlineMarkdown(rest[len(mark):end], depth+1) + e[2], end + len(mark)
		}
	}
	return "", 0
}

func isWord(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// closing finds the mark that ends an emphasis: behind text, not before a word if it is of
// underscores, and not a part of a longer run.
func closing(s, mark string) int {
	from := len(mark)
	if from >= len(s) || s[from] == ' ' || s[from] == '\n' || s[from] == mark[0] {
		return 0
	}
	for end := from + 1; end+len(mark) <= len(s); end++ {
		switch {
		case s[end] == '\\':
			end++
		case strings.HasPrefix(s[end:], mark) && s[end-1] != ' ' && s[end-1] != '\n':
			after := end + len(mark)
			if after < len(s) && (s[after] == mark[0] || mark[0] == '_' && isWord(s[after])) {
				end += len(s[end:]) - len(strings.TrimLeft(s[end:], mark[:1])) - 1
				continue
			}
			return end
		}
	}
	return 0
}

// link is [text](address "title").
func link(s string, depth int) (string, int) {
	text, target, n := bracketed(s)
	if n == 0 {
		return "", 0
	}
	return `<a href="` + html.EscapeString(safeURL(target)) + `">` + inlineMarkdown(text, depth+1) + "</a>", n
}

// image is ![text](address); cid: shows an inline attachment.
func image(s string) (string, int) {
	text, target, n := bracketed(s[1:])
	if n == 0 {
		return "", 0
	}
	return `<img src="` + html.EscapeString(safeURL(target)) + `" alt="` + html.EscapeString(text) + `">`, n + 1
}

// bracketed reads [text](target), and a title behind the target.
func bracketed(s string) (text, target string, n int) {
	if !strings.HasPrefix(s, "[") {
		return "", "", 0
	}
	end := matching(s, '[', ']')
	if end < 0 || !strings.HasPrefix(s[end:], "](") {
		return "", "", 0
	}
	closed := matching(s[end+1:], '(', ')')
	if closed < 0 {
		return "", "", 0
	}
	target, _, _ = strings.Cut(strings.TrimSpace(s[end+2:end+1+closed]), " ")
	return s[1:end], strings.Trim(target, "<>"), end + closed + 2
}

// matching finds the bracket that closes the one at the beginning.
func matching(s string, open, closed byte) int {
	level := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case open:
			level++
		case closed:
			if level--; level == 0 {
				return i
			}
		}
	}
	return -1
}

// angleLink is <https://...> or <somebody@example.com>.
func angleLink(s string) (string, int) {
	end := strings.IndexAny(s[1:], "<> \n")
	if end < 0 || s[end+1] != '>' {
		return "", 0
	}
	text := s[1 : end+1]
	target := text
	if !strings.Contains(text, ":") && strings.Contains(text, "@") {
		target = "mailto:" + text
	}
	if !strings.Contains(target, ":") || safeURL(target) == "" {
		return "", 0
	}
	return `<a href="` + html.EscapeString(target) + `">` + html.EscapeString(text) + "</a>", end + 2
}

// bareLink is a web address in the text, without the punctuation that ends the sentence.
func bareLink(s string, i int, rest string) (string, int) {
	if i > 0 && isWord(s[i-1]) || !strings.HasPrefix(rest, "https://") && !strings.HasPrefix(rest, "http://") {
		return "", 0
	}
	end := strings.IndexAny(rest, " \n<>\"`*|")
	if end < 0 {
		end = len(rest)
	}
	text := strings.TrimRight(rest[:end], ".,:;!?)]'_~")
	if safeURL(text) == "" || strings.HasSuffix(text, "/") && strings.Count(text, "/") == 2 {
		return "", 0
	}
	return `<a href="` + html.EscapeString(text) + `">` + html.EscapeString(text) + "</a>", len(text)
}

// entityReference passes &amp; and its like on.
func entityReference(s string) (string, int) {
	end := strings.IndexByte(s, ';')
	if end < 2 || end > 32 || html.UnescapeString(s[:end+1]) == s[:end+1] {
		return "", 0
	}
	return html.EscapeString(html.UnescapeString(s[:end+1])), end + 1
}

// safeURL is an address that a letter may lead to; anything that runs or embeds becomes "".
func safeURL(address string) string {
	u, err := url.Parse(address)
	if err != nil || !slices.Contains([]string{"", "http", "https", "mailto", "cid", "tel", "ftp"}, strings.ToLower(u.Scheme)) {
		return ""
	}
	return address
}
