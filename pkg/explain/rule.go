package explain

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
)

// rule is an entry with its pattern. Most patterns are anchored at one status code; looking for that
// code, and then for the words, spares compiling and running nearly all of them.
type rule struct {
	entry   Entry
	code    string          // text without which the pattern cannot match, "" if there is no such text
	words   func() []string // lower-case texts of which a match has one; nil if that cannot be told
	pattern func() *regexp.Regexp
}

func newRules(entries []Entry) []rule {
	rules := make([]rule, len(entries))
	anchor := regexp.MustCompile(`^\(\?is\)\\b(\d+)\\\.(\d+)\\\.(\d+)\\b`)
	for i, e := range entries {
		rules[i].entry = e
		rules[i].pattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(e.Pattern) })
		rules[i].words = sync.OnceValue(func() []string { return requiredWords(e.Pattern) })
		if digits := anchor.FindStringSubmatch(e.Pattern); digits != nil {
			rules[i].code = strings.Join(digits[1:], ".")
		}
	}
	return rules
}

func (r *rule) matches(text string) bool {
	return r.possible(lower(text)) && r.pattern().MatchString(text)
}

// possible is a quick look at a text in lower case. Nothing is found where it says no.
func (r *rule) possible(text string) bool {
	if !strings.Contains(text, r.code) {
		return false
	}
	words := r.words()
	return words == nil || slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}

// requiredWords are texts of which every match of a pattern holds at least one.
func requiredWords(pattern string) []string {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil
	}
	return required(tree)
}

func required(tree *syntax.Regexp) []string {
	switch tree.Op {
	case syntax.OpLiteral:
		return []string{lower(string(tree.Rune))}
	case syntax.OpCapture, syntax.OpPlus:
		return required(tree.Sub[0])
	case syntax.OpConcat:
		var best []string
		for _, sub := range tree.Sub {
			if words := required(sub); shortest(words) > shortest(best) {
				best = words
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, sub := range tree.Sub {
			words := required(sub)
			if words == nil {
				return nil
			}
			all = append(all, words...)
		}
		return all
	default:
		return nil
	}
}

// shortest is the length of the shortest word: the shorter, the less it rules out.
func shortest(words []string) int {
	if len(words) == 0 {
		return 0
	}
	return len(slices.MinFunc(words, func(a, b string) int { return len(a) - len(b) }))
}

// lower makes ASCII letters small and leaves every other byte, so that places stay the same.
func lower(text string) string {
	small := []byte(text)
	for i, c := range small {
		if 'A' <= c && c <= 'Z' {
			small[i] = c + 'a' - 'A'
		}
	}
	return string(small)
}
