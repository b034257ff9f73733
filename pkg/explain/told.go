package explain

import (
	"regexp/syntax"
	"strings"
)

// Told is the observation that tells an entry from its neighbors: what the entry says of itself, or
// the words that its pattern looks for. It is empty where the code alone decides.
func (e *Entry) Told() string {
	if e.Tell != "" || e.Pattern == "" {
		return e.Tell
	}
	tree, err := syntax.Parse(e.Pattern, syntax.Perl)
	if err != nil {
		return ""
	}
	words := literals(tree, nil)
	if len(words) == 0 {
		return ""
	}
	for i, w := range words {
		words[i] = e.asSampled(w)
	}
	return `the reply says "` + strings.Join(words, " ... ") + `"`
}

// asSampled gives back the capitals, which a pattern without regard to case has lost.
func (e *Entry) asSampled(words string) string {
	if at := strings.Index(lower(e.Sample), lower(words)); at >= 0 {
		return e.Sample[at : at+len(words)]
	}
	return strings.ToLower(words)
}

// Stated is the cause, marked where it is not confirmed by Microsoft or the standard: nobody is to
// take a rumor for certain.
func (e *Entry) Stated() string {
	if e.Confidence == "" || e.Confidence == "documented" {
		return e.Cause
	}
	return e.Cause + " (Reported by others; not documented.)"
}

// minWords is the length from which a literal of a pattern is words and not a part of a code.
const minWords = 4

// literals collects the words of a pattern in order; of alternatives the first.
func literals(tree *syntax.Regexp, words []string) []string {
	switch tree.Op {
	case syntax.OpLiteral:
		if text := strings.TrimSpace(string(tree.Rune)); len(text) >= minWords && strings.Trim(text, "0123456789.") != "" {
			words = append(words, text)
		}
	case syntax.OpAlternate:
		return literals(tree.Sub[0], words)
	default:
		for _, sub := range tree.Sub {
			words = literals(sub, words)
		}
	}
	return words
}
