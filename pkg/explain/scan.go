package explain

import (
	"slices"
	"strings"
)

// maxHits bounds how many places of one kind are looked at in a text: the first and the last ones.
const maxHits = 1000

// A scanner collects the refusals that stand in a text.
type scanner struct {
	base    *Base
	forms   *forms
	text    string
	small   string // text in lower case
	asked   span   // the part of the text that is asked about; the rest is context
	found   []Finding
	told    map[int]bool // the lines, by their beginnings, that the findings explain
	taken   span         // the reply that was explained last
	takenBy hit
}

// span is a part of the text.
type span struct{ from, to int }

// scan finds the refusals that stand in a text.
func (b *Base) scan(text string) []Finding { return b.scanBetween("", text, "") }

// scanBetween finds those that begin in the middle one of three parts of a text.
func (b *Base) scanBetween(before, text, after string) []Finding {
	before, text, after = plain(before), plain(text), plain(after)
	s := &scanner{base: b, forms: b.forms(), text: before + text + after, told: map[int]bool{}, asked: span{len(before), len(before) + len(text)}}
	s.small = lower(s.text)
	s.numbers()
	if len(s.found) == 0 {
		s.terms()
	}
	s.replies()
	s.wordings()
	if len(s.found) == 0 {
		s.bareWords()
	}
	if len(s.found) == 0 {
		s.lonelyCode()
	}
	return ranked(s.found)
}

func (s *scanner) add(f Finding, where span) {
	if where.from >= s.asked.from && where.from < s.asked.to {
		s.found = append(s.found, f)
	}
	s.tell(where)
}

// tell marks the lines of a part of the text as explained.
func (s *scanner) tell(where span) {
	for at := s.lineStart(where.from); at < where.to; at = s.lineEnd(at) + 1 {
		s.told[at] = true
	}
}

// lineEnd is where the line ends in which a place lies.
func (s *scanner) lineEnd(at int) int {
	if n := strings.IndexByte(s.text[at:], '\n'); n >= 0 {
		return at + n
	}
	return len(s.text)
}

func (s *scanner) lineStart(at int) int { return strings.LastIndexByte(s.text[:at], '\n') + 1 }

// rankOf is the place of an entry among findings.
func rankOf(e *Entry) int {
	switch {
	case e.Fallback:
		return rankFallback
	case e.Retry == Later:
		return rankPassing
	default:
		return rankSpecific
	}
}

// few leaves the first and the last of too many places.
func few(all [][]int) [][]int {
	if len(all) <= maxHits {
		return all
	}
	return slices.Concat(all[:maxHits/2], all[len(all)-maxHits/2:])
}
