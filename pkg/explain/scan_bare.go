package explain

import "strings"

// minBare is the length of words that are enough without their code.
const minBare = 24

// bareWords finds a reply whose code was left out, by words that only its entry has.
func (s *scanner) bareWords() {
	smtp := s.base.smtp()
	for i := range smtp {
		e := &smtp[i].entry
		_, words, coded := strings.Cut(e.Pattern, `\b.*`)
		if words = "(?is)" + words; !coded || smtp[i].code == "" || e.Fallback || e.Wraps || len(e.Variants) > 0 || shortest(requiredWords(words)) < minBare {
			continue
		}
		before := len(s.found)
		s.wording(&newRules([]Entry{{Pattern: words}})[0], rankOf(e))
		if len(s.found) > before {
			s.found[before].Entry, s.found[before].Code = e, e.Code()
		}
	}
}
