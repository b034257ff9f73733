package explain

import (
	"regexp"
	"strings"
	"sync"
)

// rule is an entry with its pattern. Most patterns are anchored at one status code; looking for that
// code first spares compiling and running nearly all of them.
type rule struct {
	entry   Entry
	code    string // text without which the pattern cannot match, "" if there is no such text
	pattern func() *regexp.Regexp
}

func newRules(entries []Entry) []rule {
	rules := make([]rule, len(entries))
	anchor := regexp.MustCompile(`^\(\?is\)\\b(\d+)\\\.(\d+)\\\.(\d+)\\b`)
	for i, e := range entries {
		rules[i].entry = e
		rules[i].pattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(e.Pattern) })
		if digits := anchor.FindStringSubmatch(e.Pattern); digits != nil {
			rules[i].code = strings.Join(digits[1:], ".")
		}
	}
	return rules
}

func (r *rule) matches(text string) bool {
	return strings.Contains(text, r.code) && r.pattern().MatchString(text)
}
