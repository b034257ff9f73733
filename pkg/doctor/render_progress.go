package doctor

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Progress shows on one line of a terminal, again and again rewritten, which check a run has come
// to. Its calls must not overlap.
type Progress struct {
	w      io.Writer
	checks []Check
	width  int
	done   int
	shown  int // characters on the line now
}

// NewProgress shows nothing when w is nil: where nobody looks on, a rewritten line is a nuisance.
// The width is the terminal's, in columns.
func NewProgress(w io.Writer, checks []Check, width int) *Progress {
	return &Progress{w: w, checks: checks, width: width}
}

// Begin shows the first check.
func (p *Progress) Begin() { p.show() }

// Ended tells that one check has its result.
func (p *Progress) Ended(Result) {
	p.done++
	p.show()
}

// End clears the line.
func (p *Progress) End() { p.rewrite("") }

func (p *Progress) show() {
	if p.done >= len(p.checks) {
		return
	}
	now := p.checks[p.done]
	p.rewrite(fmt.Sprintf("[%d/%d] %s: %s", p.done+1, len(p.checks), now.ID, now.Title))
}

// rewrite covers what the line held before with spaces, which every terminal understands.
func (p *Progress) rewrite(text string) {
	if p.w == nil {
		return
	}
	text = cutTo(oneLine(text), p.width-1) // a full line would scroll
	length := utf8.RuneCountInString(text)
	blanks := strings.Repeat(" ", max(0, p.shown-length))
	end := ""
	if length == 0 {
		end = "\r"
	}
	_, _ = io.WriteString(p.w, "\r"+text+blanks+end)
	p.shown = length
}

func cutTo(text string, limit int) string {
	if limit <= 0 || utf8.RuneCountInString(text) <= limit {
		return text
	}
	return string([]rune(text)[:limit])
}
