package message

import (
	"html"
	"regexp"
	"strconv"
	"strings"
)

// Markdown is rendered by code of ours: the libraries compile hundreds of expressions when the
// program starts, which cost every call of it a third of its time, and half a megabyte. It is the
// part of CommonMark 0.31 that letters use, with GitHub's tables, strikethrough and bare links.
// HTML in the source is shown as the text that it is.

// maxMarkdownNesting bounds quotes and lists inside one another, and emphasis inside emphasis.
const maxMarkdownNesting = 16

// renderMarkdown makes the HTML of a Markdown text.
func renderMarkdown(source string) string {
	var m markdown
	lines := strings.Split(strings.ReplaceAll(source, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.ReplaceAll(line, "\t", "    ")
	}
	m.blocks(lines, 0)
	return "<!DOCTYPE html>\n<html>\n<head><meta charset=\"utf-8\"></head>\n<body>\n" + m.b.String() + "</body>\n</html>\n"
}

// markdown collects the HTML.
type markdown struct{ b strings.Builder }

// A block reader takes lines from the front and reports how many; none if the block is another.
type blockReader func(m *markdown, lines []string, depth int) int

// blocks renders lines as a sequence of blocks.
func (m *markdown) blocks(lines []string, depth int) {
	readers := []blockReader{(*markdown).fence, (*markdown).heading, (*markdown).rule, (*markdown).quote, (*markdown).list, (*markdown).indented, (*markdown).table, (*markdown).paragraph}
	for len(lines) > 0 {
		if isBlank(lines[0]) {
			lines = lines[1:]
			continue
		}
		for _, read := range readers {
			if n := read(m, lines, depth); n > 0 {
				lines = lines[n:]
				break
			}
		}
	}
}

func isBlank(line string) bool { return strings.TrimSpace(line) == "" }

// indentOf counts the spaces in front of a line.
func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// fence is code between lines of backticks or tildes.
func (m *markdown) fence(lines []string, _ int) int {
	indent := indentOf(lines[0])
	open := strings.TrimSpace(lines[0])
	mark := open[:len(open)-len(strings.TrimLeft(open, open[:1]))]
	if indent > 3 || len(mark) < 3 || mark[0] != '`' && mark[0] != '~' || strings.Contains(open[len(mark):], "`") {
		return 0
	}
	m.b.WriteString("<pre><code>")
	n := 1
	for ; n < len(lines); n++ {
		if text := strings.TrimSpace(lines[n]); len(text) >= len(mark) && strings.Trim(text, mark[:1]) == "" {
			n++
			break
		}
		m.b.WriteString(html.EscapeString(lines[n][min(indent, indentOf(lines[n])):]) + "\n")
	}
	m.b.WriteString("</code></pre>\n")
	return n
}

// heading is a line with number signs in front.
func (m *markdown) heading(lines []string, _ int) int {
	text := strings.TrimSpace(lines[0])
	title := strings.TrimLeft(text, "#")
	level := len(text) - len(title)
	if level < 1 || level > 6 || indentOf(lines[0]) > 3 || title != "" && title[0] != ' ' {
		return 0
	}
	m.titled(level, strings.TrimSpace(strings.TrimRight(title, "# ")))
	return 1
}

func (m *markdown) titled(level int, title string) {
	tag := "h" + strconv.Itoa(level) + ">"
	m.b.WriteString("<" + tag + inlineMarkdown(title, 0) + "</" + tag + "\n")
}

// rule is a line of three or more stars, dashes or underscores.
func (m *markdown) rule(lines []string, _ int) int {
	if !isRule(lines[0]) {
		return 0
	}
	m.b.WriteString("<hr>\n")
	return 1
}

func isRule(line string) bool {
	text := strings.ReplaceAll(strings.TrimSpace(line), " ", "")
	return indentOf(line) < 4 && len(text) >= 3 && (text[0] == '*' || text[0] == '-' || text[0] == '_') && strings.Trim(text, text[:1]) == ""
}

// quote is what has > in front; a paragraph in it may go on without.
func (m *markdown) quote(lines []string, depth int) int {
	if !isQuote(lines[0]) || depth == maxMarkdownNesting {
		return 0
	}
	var inner []string
	n := 0
	for ; n < len(lines) && !isBlank(lines[n]) && (isQuote(lines[n]) || !startsBlock(lines[n])); n++ {
		text := lines[n]
		if isQuote(text) {
			text = strings.TrimPrefix(strings.TrimLeft(text, " ")[1:], " ")
		}
		inner = append(inner, text)
	}
	m.b.WriteString("<blockquote>\n")
	m.blocks(inner, depth+1)
	m.b.WriteString("</blockquote>\n")
	return n
}

func isQuote(line string) bool {
	return indentOf(line) < 4 && strings.HasPrefix(strings.TrimLeft(line, " "), ">")
}

// indented is code with four spaces in front.
func (m *markdown) indented(lines []string, _ int) int {
	n := 0
	for n < len(lines) && (indentOf(lines[n]) >= 4 || isBlank(lines[n])) {
		n++
	}
	for n > 0 && isBlank(lines[n-1]) {
		n--
	}
	if n == 0 {
		return 0
	}
	m.b.WriteString("<pre><code>")
	for _, line := range lines[:n] {
		m.b.WriteString(html.EscapeString(line[min(4, indentOf(line)):]) + "\n")
	}
	m.b.WriteString("</code></pre>\n")
	return n
}

// paragraph is all else, up to a blank line or another block. A line of = or - under it makes a
// heading of it.
func (m *markdown) paragraph(lines []string, _ int) int {
	n := 1
	for ; n < len(lines) && !isBlank(lines[n]); n++ {
		if level := underlineOf(lines[n]); level > 0 {
			m.titled(level, joinLines(lines[:n]))
			return n + 1
		}
		if startsBlock(lines[n]) {
			break
		}
	}
	m.b.WriteString("<p>" + inlineMarkdown(joinLines(lines[:n]), 0) + "</p>\n")
	return n
}

func underlineOf(line string) int {
	text := strings.TrimSpace(line)
	switch {
	case indentOf(line) > 3 || text == "":
		return 0
	case strings.Trim(text, "=") == "":
		return 1
	case strings.Trim(text, "-") == "":
		return 2
	}
	return 0
}

// startsBlock reports whether a line ends the paragraph before it.
func startsBlock(line string) bool {
	text := strings.TrimSpace(line)
	if indentOf(line) > 3 || text == "" {
		return false
	}
	marker, _, _ := listMarker(line)
	return text[0] == '#' && headingLine.MatchString(text) || isRule(line) || isQuote(line) ||
		marker != "" && marker != "0" || strings.HasPrefix(text, "```") || strings.HasPrefix(text, "~~~")
}

var headingLine = regexp.MustCompile(`^#{1,6}( |$)`)

// joinLines makes one text of the lines of a paragraph. Two spaces or a backslash at the end of a
// line break it.
func joinLines(lines []string) string {
	var b strings.Builder
	for i, line := range lines {
		text := strings.TrimSpace(line)
		if i == len(lines)-1 {
			return b.String() + text
		}
		switch {
		case strings.HasSuffix(line, "  "):
			b.WriteString(text + "\\\n")
		default:
			b.WriteString(text + "\n")
		}
	}
	return b.String()
}
