package migrate

import (
	"bytes"
	"regexp"
	grammar "regexp/syntax"
	"strings"
)

// An expression is a pattern and a word that stands in all that it matches. Looking for a word costs a
// thousandth of looking for a pattern, and most patterns of most rules have no word in most files.
type expression struct {
	words  []string // in small letters; one of them must be there
	regexp func() *regexp.Regexp
}

func expressionOf(text string) *expression {
	if text == "" {
		return nil
	}
	text = strings.ReplaceAll(text, "{host}", "\x01+")
	e := &expression{regexp: lazily(text)}
	if tree, err := grammar.Parse(text, grammar.Perl); err == nil {
		e.words = wordsOf(tree.Simplify())
	}
	return e
}

// wordsOf are the longest words of which one is in whatever a pattern matches; none are known of a
// pattern that can do without.
func wordsOf(r *grammar.Regexp) []string {
	var best []string
	switch r.Op {
	case grammar.OpLiteral:
		return []string{strings.ToLower(string(r.Rune))}
	case grammar.OpCapture, grammar.OpPlus:
		return wordsOf(r.Sub[0])
	case grammar.OpConcat:
		for _, sub := range r.Sub {
			if found := wordsOf(sub); shortest(found) > shortest(best) {
				best = found
			}
		}
	case grammar.OpAlternate:
		for _, sub := range r.Sub {
			found := wordsOf(sub)
			if len(found) == 0 {
				return nil
			}
			best = append(best, found...)
		}
	default: // may match without any word
	}
	return best
}

func shortest(words []string) int {
	least := 0
	for i, w := range words {
		if i == 0 || len(w) < least {
			least = len(w)
		}
	}
	return least
}

// mayBeIn reports whether a span has a word of the pattern.
func (e *expression) mayBeIn(d *document, s span) bool {
	text := d.inSmall()[s.start:s.end]
	for _, w := range e.words {
		if bytes.Contains(text, []byte(w)) {
			return true
		}
	}
	return len(e.words) == 0
}

// in reports whether a span has a match.
func (e *expression) in(d *document, s span) bool {
	return e.mayBeIn(d, s) && e.regexp().Match(d.code[s.start:s.end])
}

// covers reports whether one of the matches in a span holds an offset.
func (e *expression) covers(d *document, s span, at int) bool {
	for _, m := range e.regexp().FindAllIndex(d.code[s.start:s.end], maxPairs) {
		if s.start+m[0] <= at && at < s.start+m[1] {
			return true
		}
	}
	return false
}

// inSmall is the code with the letters A to Z made small, at the same offsets.
func (d *document) inSmall() []byte {
	if d.small == nil {
		d.small = make([]byte, len(d.code))
		for i, c := range d.code {
			if isUpper(c) {
				c += 'a' - 'A'
			}
			d.small[i] = c
		}
	}
	return d.small
}

// nameFit is how closely the names of the rule with an index fit the document's.
func (d *document) nameFit(i int) int {
	if d.names == nil {
		for _, r := range rules() {
			d.names = append(d.names, r.named(d.name))
		}
	}
	return d.names[i]
}
