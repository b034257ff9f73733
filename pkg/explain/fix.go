package explain

import (
	"strings"
	"unicode"
)

// FixKind tells the steps of a repair from other ways to it.
type FixKind string

// The values of FixKind.
const (
	Step        FixKind = "step"        // comes after the one above it
	Alternative FixKind = "alternative" // begins another way, in place of all above it
	Note        FixKind = "note"        // is not to be done, but holds for every way
)

// Fix is one thing that somebody can do, or has to know.
type Fix struct {
	Kind    FixKind `json:"kind"`
	Text    string  `json:"text"`
	Command string  `json:"command,omitempty"` // can be pasted as it is, but for placeholders
}

// ParseFixes reads the fixes of an entry.
func ParseFixes(texts []string) []Fix {
	fixes := make([]Fix, len(texts))
	for i, text := range texts {
		fixes[i] = ParseFix(text)
	}
	return fixes
}

// ParseFix takes "what to do: command" apart, with "or: " or "note: " in front of what is no further
// step. A command stands alone or behind the last colon.
func ParseFix(text string) Fix {
	f := Fix{Kind: Step}
	if rest, ok := strings.CutPrefix(text, "or: "); ok {
		f.Kind, text = Alternative, rest
	} else if rest, ok = strings.CutPrefix(text, "note: "); ok {
		f.Kind, text = Note, rest
	}
	if isCommand(text) {
		f.Command = text
		return f
	}
	f.Text = text
	at := strings.LastIndex(text, ": ")
	if at < 0 || !isCommand(text[at+2:]) {
		return f
	}
	f.Text, f.Command = text[:at], text[at+2:]
	return f
}

// isCommand knows a PowerShell verb and noun, and the programs that fixes use. Only PowerShell has
// commas in its lists; elsewhere one goes on to say something else.
func isCommand(text string) bool {
	first, rest, _ := strings.Cut(text, " ")
	verb, noun, ok := strings.Cut(first, "-")
	if ok && verb != "" && noun != "" && unicode.IsUpper(rune(verb[0])) && unicode.IsUpper(rune(noun[0])) {
		return true
	}
	const programs = " az o365mail chmod df ls nslookup openssl ps timedatectl w32tm "
	return first != "" && strings.Contains(programs, " "+first+" ") && !strings.ContainsAny(rest, ",;")
}

// Label is what stands before a fix in a list for people: do, then, or, note. Begun tells that a
// step or an alternative stands above it.
func (f Fix) Label(begun bool) string {
	switch {
	case f.Kind == Note:
		return "note"
	case !begun:
		return "do"
	case f.Kind == Alternative:
		return "or"
	}
	return "then"
}

// Line is the fix on one line: the command alone if there is one.
func (f Fix) Line() string {
	if f.Command != "" {
		return f.Command
	}
	return f.Text
}
