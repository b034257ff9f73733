package explain

import (
	"regexp"
	"strings"
)

// hasWords tells whether anything is said after the codes.
func (s *scanner) hasWords(h hit, end int) bool {
	return strings.ContainsFunc(s.text[min(h.words, end):end], func(r rune) bool { return r > '@' && r != '\'' })
}

// wordsOf are the words of one reply, without what a program put around them.
func (s *scanner) wordsOf(h hit, part string) string {
	words := spaced(part)
	if i := strings.Index(words, " (in reply to "); i > 0 {
		words = words[:i]
	}
	if next := regexp.MustCompile(`" ?, ?"[\w.@-]+" ?:`).FindStringIndex(words); next != nil {
		words = words[:next[0]] // the next field of a JSON object
	}
	open := byte(0)
	if h.words > 0 && h.enhanced != "" {
		codes := s.text[h.from:h.words]
		if i := strings.IndexAny(codes, `'"`); i >= 0 {
			open = codes[i]
		} else if h.from > 0 {
			open = s.text[h.from-1]
		}
	}
	if open == '\'' || open == '"' {
		if end := regexp.MustCompile(string(open) + `(?:[),}\]]|$|\. |, )`).FindStringIndex(words[min(len(words), len(h.code())+1):]); end != nil {
			words = words[:min(len(words), len(h.code())+1)+end[0]]
		}
	}
	return bare(regexp.MustCompile(`^(\d{3}), ?b?['"]`).ReplaceAllString(words, "$1 "))
}

// bare takes off the brackets and quotes that a program closed behind the words.
func bare(words string) string {
	words = strings.TrimRight(words, ` '",;`)
	for _, pair := range []string{"()", "{}"} {
		if strings.HasSuffix(words, pair[1:]) && strings.Count(words, pair[:1]) < strings.Count(words, pair[1:]) {
			words = strings.TrimRight(words[:len(words)-1], ` '",;`)
		}
	}
	return words
}
