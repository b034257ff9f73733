package doctor

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/o365mail/o365mail/pkg/explain"
)

// TextOptions say how a report is shown on a terminal. The zero value suits a file or a pipe.
type TextOptions struct {
	Verbose bool                               // the facts of every check, not only of those with a problem
	Color   func(s Status, word string) string // repeats in color what the word says; nil leaves the word
	Width   int                                // columns of the terminal; zero breaks no line
}

// textIndent is where what belongs to a check stands, behind the longest status word.
const textIndent = "         "

// WriteText shows a report to a person: one line a check, more only where something is wrong, and
// at the end what is at the root of it, who can repair it and how.
func WriteText(w io.Writer, r Report, o TextOptions) error {
	t := textWriter{options: o, ids: r.longestID()}
	t.heading(r)
	for _, one := range r.Results {
		if one.Status != Blocked || o.Verbose {
			t.result(one)
		}
	}
	t.waiting(r)
	t.ending(r)
	if _, err := w.Write(t.b.Bytes()); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

type textWriter struct {
	b       bytes.Buffer
	options TextOptions
	ids     int // characters of the longest check ID
}

func (r Report) longestID() int {
	longest := 0
	for _, one := range r.Results {
		longest = max(longest, utf8.RuneCountInString(oneLine(one.ID)))
	}
	return min(longest, 24)
}

// line writes text behind a prefix; the lines it is broken into stand below its beginning.
func (t *textWriter) line(prefix, text string) {
	indent := strings.Repeat(" ", utf8.RuneCountInString(prefix))
	t.b.WriteString(strings.TrimRight(prefix+wrap(text, t.options.Width, indent), " ") + "\n")
}

func (t *textWriter) heading(r Report) {
	name := "the set-up"
	if r.Profile != "" {
		name = "profile " + oneLine(r.Profile)
	}
	t.b.WriteString(wrap("Examining "+name+", "+minute(r.Time), t.options.Width, "") + "\n\n")
}

func (t *textWriter) result(one Result) {
	word := string(one.Status)
	pad := strings.Repeat(" ", max(1, len(textIndent)-utf8.RuneCountInString(oneLine(word))))
	prefix := fmt.Sprintf("%s%s%-*s  ", oneLine(word), pad, t.ids, oneLine(one.ID))
	title := oneLine(one.Title)
	switch {
	case one.isBad() && one.Detail != "": // the title says what is not so
		title = oneLine(one.Detail)
	case one.Status == Blocked && one.BlockedBy != "":
		title += " (waits for " + oneLine(one.BlockedBy) + ")"
	case one.Status == Skip && one.Detail != "":
		title += " (" + oneLine(one.Detail) + ")"
	}
	indent := strings.Repeat(" ", utf8.RuneCountInString(prefix))
	t.b.WriteString(t.paint(one.Status, oneLine(word)) + prefix[len(oneLine(word)):] + wrap(title, t.options.Width, indent) + "\n")
	t.evidence(one)
}

// waiting counts what waits for a failed check, a line for each such check; -v lists it.
func (t *textWriter) waiting(r Report) {
	if t.options.Verbose {
		return
	}
	var roots []string
	counts := map[string]int{}
	for _, one := range r.Results {
		if one.Status != Blocked {
			continue
		}
		if counts[one.BlockedBy]++; counts[one.BlockedBy] == 1 {
			roots = append(roots, one.BlockedBy)
		}
	}
	for _, root := range roots {
		text := " checks wait for "
		if counts[root] == 1 {
			text = " check waits for "
		}
		t.b.WriteString(t.paint(Blocked, string(Blocked)) + "  " + strconv.Itoa(counts[root]) + text + oneLine(root) + "\n")
	}
}

func (t *textWriter) paint(s Status, word string) string {
	if t.options.Color == nil {
		return word
	}
	return t.options.Color(s, word)
}

func (r *Result) isBad() bool { return r.Status == Warn || r.Status == Fail }

// evidence is what a check saw; of a check that is in order, or what its words hold already, only -v
// tells it.
func (t *textWriter) evidence(one Result) {
	bad := one.isBad()
	if one.Detail != "" && one.Status != Skip && !bad && t.options.Verbose {
		t.line(textIndent, oneLine(one.Detail))
	}
	if bad || t.options.Verbose {
		for _, f := range one.Facts {
			if t.options.Verbose || !strings.Contains(one.Detail, f.Value) {
				t.line(textIndent+oneLine(f.Name)+": ", oneLine(f.Value))
			}
		}
	}
	if one.Code != "" && t.options.Verbose {
		t.line(textIndent+"cause: ", oneLine(one.Code))
	}
}

func (t *textWriter) ending(r Report) {
	t.b.WriteString("\n")
	t.line("", r.summary()+".")
	if len(r.Causes) == 0 {
		if r.Status == Pass && r.count(Pass) > 0 {
			t.line("", r.nothingWrong())
		}
		return
	}
	t.b.WriteString("\nWhat to do:\n")
	for i, c := range r.Causes {
		t.cause(i+1, c)
	}
}

func (t *textWriter) cause(number int, c Cause) {
	prefix := strconv.Itoa(number) + ". "
	indent := strings.Repeat(" ", len(prefix))
	t.b.WriteString("\n")
	t.line(prefix, causeHeadline(c))
	t.line(indent+"found by: ", oneLine(c.Check)+inBrackets(c.Code))
	if len(c.Candidates) == 0 {
		t.line(indent+"who: ", whoName(c.Who))
		t.fixes(indent, c.Who, c.Fixes)
		return
	}
	t.line(indent, "From outside these look alike; the questions decide:")
	for i, one := range c.Candidates {
		t.candidate(indent, i, one)
	}
	if len(c.Fixes) > 0 {
		t.line(indent, inGeneral)
		t.fixes(indent, "", c.Fixes)
	}
}

// inGeneral begins the fixes that belong to none of the candidates.
const inGeneral = "If no question is answered with yes:"

// causeHeadline marks what is only a warning: the causes of failures need no mark.
func causeHeadline(c Cause) string {
	text := oneLine(c.Text)
	if text == "" {
		text = oneLine(c.Code)
	}
	if c.Status == Warn {
		return "Warning: " + text
	}
	return text
}

func inBrackets(text string) string {
	if text == "" {
		return ""
	}
	return " (" + oneLine(text) + ")"
}

func (t *textWriter) candidate(indent string, i int, c Candidate) {
	prefix := indent + candidateLetter(i) + ") "
	inner := strings.Repeat(" ", len(prefix))
	t.line(prefix, oneLine(c.Cause)+inBrackets(c.Code))
	if c.Question != "" {
		t.line(inner+"ask: ", oneLine(c.Question))
	}
	if who := c.who(); who != "" {
		t.line(inner+"who: ", whoName(who))
	}
	t.fixes(inner, c.who(), c.Fixes)
}

// candidateLetter names the few candidates a, b, c.
func candidateLetter(i int) string { return string(rune('a' + i%26)) }

// fixes lists the steps, other ways and notes; each names its person where that is not the one
// that was named already. Commands stand alone on their line and are never broken: they get pasted.
func (t *textWriter) fixes(indent, who string, fixes []Fix) {
	begun := false
	for _, f := range fixes {
		t.line(indent+f.label(&begun, who), fixText(f))
		if f.Command != "" {
			t.b.WriteString(indent + "    " + oneLine(f.Command) + "\n")
		}
	}
}

// label is the word before a fix, and its person where that is not the one that was named. Begun
// tells whether something to be done stands above it.
func (f Fix) label(begun *bool, who string) string {
	label := f.Label(*begun)
	*begun = *begun || f.Kind != explain.Note
	if f.Who != "" && f.Who != who && f.Kind != explain.Note {
		label += " (" + whoName(f.Who) + ")"
	}
	return label + ": "
}

func fixText(f Fix) string {
	if f.Text == "" && f.Command != "" {
		return "run this command"
	}
	return oneLine(f.Text)
}
