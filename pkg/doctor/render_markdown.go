package doctor

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// WriteMarkdown writes a report as a description of the set-up as it was found, in GitHub's
// Markdown. What was observed stands in code spans, so that nothing in it is markup, a link or the
// mention of somebody. Private data is replaced unless the options say otherwise: see NewRedactor.
func WriteMarkdown(w io.Writer, r Report, o DocumentOptions) error {
	r = o.redacted(r)
	var m markdownWriter
	m.line("# " + mdProse(r.title()))
	m.paragraph("Examined " + minute(r.Time) + " by `o365mail doctor`: **" + mdProse(string(r.Status)) + "**, " + r.summary() + ".")
	m.paragraph(o.note())
	m.causes(r.Causes)
	m.table(r.Results)
	m.paragraph("## What was found")
	for _, one := range r.Results {
		m.result(one)
	}
	if _, err := w.Write(m.b.Bytes()); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

type markdownWriter struct{ b bytes.Buffer }

func (m *markdownWriter) line(text string)      { m.b.WriteString(text + "\n") }
func (m *markdownWriter) paragraph(text string) { m.b.WriteString("\n" + text + "\n") }

func (m *markdownWriter) causes(causes []Cause) {
	m.paragraph("## What to do")
	if len(causes) == 0 {
		m.paragraph("Nothing.")
	}
	for i, c := range causes {
		first, rest := c.heading()
		m.paragraph("### " + strconv.Itoa(i+1) + ". " + mdProse(first))
		if rest != "" {
			m.paragraph(mdProse(rest))
		}
		m.line("")
		m.line("- Found by: " + mdCode(c.Check) + ", cause " + mdCode(c.Code))
		if len(c.Candidates) == 0 {
			m.line("- Who can repair it: " + mdProse(whoName(c.Who)))
		}
		m.candidates(c.Candidates)
		if len(c.Candidates) > 0 && len(c.Fixes) > 0 {
			m.paragraph(inGeneral)
			m.line("")
		}
		m.fixes(c.Who, c.Fixes)
	}
}

func (m *markdownWriter) candidates(candidates []Candidate) {
	if len(candidates) == 0 {
		return
	}
	m.paragraph("From outside these look alike; the questions decide:")
	for i, c := range candidates {
		m.paragraph("#### " + candidateLetter(i) + ") " + mdProse(c.Cause))
		m.line("")
		m.line("- Cause: " + mdCode(c.Code))
		if c.Question != "" {
			m.line("- Ask: " + mdProse(c.Question))
		}
		if who := c.who(); who != "" {
			m.line("- Who can repair it: " + mdProse(whoName(who)))
		}
		m.fixes(c.who(), c.Fixes)
	}
}

func (m *markdownWriter) fixes(who string, fixes []Fix) {
	begun := false
	for _, f := range fixes {
		m.line("- " + mdProse(capital(f.label(&begun, who))+fixText(f)))
		if f.Command != "" {
			m.fence(oneLine(f.Command))
		}
	}
}

// fence puts a command into a block of its own within a list item; GitHub gives it a button to copy.
func (m *markdownWriter) fence(command string) {
	mark := strings.Repeat("`", max(3, longestRun(command, '`')+1))
	m.line("\n  " + mark + "\n  " + command + "\n  " + mark + "\n")
}

func (m *markdownWriter) table(results []Result) {
	m.paragraph("## Checks")
	m.paragraph("| Status | Check | What it asks |\n| --- | --- | --- |")
	m.b.WriteString(strings.Join(mdRows(results), ""))
}

func mdRows(results []Result) []string {
	rows := make([]string, len(results))
	for i, one := range results {
		status := mdProse(string(one.Status))
		if one.Status == Fail || one.Status == Warn {
			status = "**" + status + "**"
		}
		rows[i] = "| " + status + " | " + mdProse(one.ID) + " | " + mdProse(one.Title) + " |\n"
	}
	return rows
}

func (m *markdownWriter) result(one Result) {
	if one.Detail == "" && len(one.Facts) == 0 && one.BlockedBy == "" {
		return
	}
	m.paragraph("### " + mdProse(one.ID) + ": " + mdProse(one.Title))
	m.line("")
	m.line("- Status: " + mdProse(string(one.Status)))
	if one.BlockedBy != "" {
		m.line("- Waits for: " + mdCode(one.BlockedBy))
	}
	if one.Detail != "" {
		m.line("- Observed: " + mdCode(one.Detail))
	}
	for _, f := range one.Facts {
		m.line("- " + mdCode(f.Name) + ": " + mdCode(f.Value))
	}
}

// mdCode makes a code span, in which nothing is markup (CommonMark 0.31 section 6.1).
func mdCode(text string) string {
	text = oneLine(text)
	if text == "" {
		return "(nothing)"
	}
	mark := strings.Repeat("`", longestRun(text, '`')+1)
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return mark + text + mark
}

// mdProse escapes what Markdown would take for markup. An empty comment parts an @ from a name
// behind it, since GitHub tells people when they are mentioned.
func mdProse(text string) string {
	var b strings.Builder
	last := ' '
	text = oneLine(text)
	for i, r := range text {
		switch {
		case r == '@' && !unicode.IsLetter(last) && !unicode.IsDigit(last):
			b.WriteString("@<!-- -->")
		case r == ':' && strings.HasPrefix(text[i:], "://"), strings.ContainsRune("\\`*_[]<>|~&#$!", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

func longestRun(text string, of rune) int {
	longest, run := 0, 0
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		run++
		if r != of {
			run = 0
		}
		longest = max(longest, run)
		text = text[size:]
	}
	return longest
}
