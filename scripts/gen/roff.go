package main

import (
	"fmt"
	"strings"
)

// roff writes man(7) source. Cobra's own writer is not used: its pages fail mandoc's lint.
type roff struct{ strings.Builder }

// printf writes roff as it is; what stands in it must be escaped. A builder cannot fail.
func (r *roff) printf(format string, a ...any) { _, _ = fmt.Fprintf(r, format, a...) }

// section begins a section; an empty one makes mandoc warn, so call it when there is text.
func (r *roff) section(title string) { r.printf(".SH %s\n", title) }

// text writes one paragraph's lines. Cobra's help of completion has Markdown's headings.
func (r *roff) text(s string) {
	for line := range strings.SplitSeq(s, "\n") {
		r.line(escape(strings.TrimSpace(strings.TrimLeft(line, "#"))))
	}
}

// line writes escaped text so that its first character is no request.
func (r *roff) line(s string) {
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	r.WriteString(s + "\n")
}

// code writes lines as they stand, in a fixed-width font, indented.
func (r *roff) code(s string) {
	r.WriteString(".RS 4\n.EX\n")
	for line := range strings.SplitSeq(s, "\n") {
		r.line(literal(strings.TrimRight(line, " \t")))
	}
	r.WriteString(".EE\n.RE\n")
}

// tag begins an item of a list: the tag is roff already, the text follows.
func (r *roff) tag(tag, text string) {
	r.printf(".TP\n%s\n", tag)
	r.text(text)
}

// prose writes text as a command's help holds it: paragraphs between blank lines, an indented one
// is code, one of "- " lines is a list.
func (r *roff) prose(s string) {
	for i, paragraph := range paragraphs(s) {
		switch {
		case strings.HasPrefix(paragraph, " ") || strings.HasPrefix(paragraph, "\t"):
			if i > 0 {
				r.WriteString(".PP\n")
			}
			r.code(dedent(paragraph))
		case strings.HasPrefix(paragraph, "- "):
			for item := range strings.SplitSeq(paragraph[2:], "\n- ") {
				r.WriteString(".IP \\(bu 2\n")
				r.text(item)
			}
		default:
			if i > 0 {
				r.WriteString(".PP\n")
			}
			r.text(paragraph)
		}
	}
}

func paragraphs(s string) []string {
	var all []string
	for p := range strings.SplitSeq(strings.Trim(s, "\n"), "\n\n") {
		if p = strings.Trim(p, "\n"); p != "" {
			all = append(all, p)
		}
	}
	return all
}

// dedent removes the indentation of the first line from every line, and makes tabs spaces.
func dedent(s string) string {
	s = strings.ReplaceAll(s, "\t", "    ")
	indent := len(s) - len(strings.TrimLeft(s, " "))
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(line, strings.Repeat(" ", min(indent, len(line))))
	}
	return strings.Join(lines, "\n")
}

// escape makes text that is safe anywhere in a line. Every hyphen becomes \-: the names and options
// in our prose are there to be copied, and a typographic hyphen is not what a shell wants.
func escape(s string) string {
	var out strings.Builder
	for _, c := range s {
		switch {
		case c == '\\':
			out.WriteString(`\e`)
		case c == '-':
			out.WriteString(`\-`)
		case c > '~':
			fmt.Fprintf(&out, `\[u%04X]`, c)
		default:
			out.WriteRune(c)
		}
	}
	return out.String()
}

// literal is escape for code, where quotes, carets and tildes must not become typographic.
func literal(s string) string {
	return strings.NewReplacer("'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`).Replace(escape(s))
}

func bold(s string) string   { return `\fB` + literal(s) + `\fR` }
func italic(s string) string { return `\fI` + literal(s) + `\fR` }
