package doctor

import "github.com/o365mail/o365mail/pkg/explain"

// LocalCauseIDs are the causes that are ours, for the tests.
func LocalCauseIDs() []string {
	var ids []string
	for _, group := range localCauses() {
		for _, c := range group {
			ids = append(ids, c.id)
		}
	}
	return ids
}

// Meaning is what a code means, for the tests.
func Meaning(b *explain.Base, code string) (explain.Entry, bool) {
	return knowledge{b, func() explain.Values { return explain.Values{} }}.entry(code)
}
