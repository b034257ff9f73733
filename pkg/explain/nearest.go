package explain

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// maxNearest is how many entries Nearest returns at the most.
const maxNearest = 5

// maxQuery is the number of bytes of a text that Nearest compares.
const maxQuery = 4 << 10

// Nearest lists the entries most like a text that Find does not know, the nearest first. They are
// no answer: only what a person may have meant.
func (b *Base) Nearest(text string) []*Entry {
	if len(text) > maxQuery {
		text = text[:maxQuery]
	}
	type scored struct {
		entry *Entry
		score float64
	}
	query := wordsOf(text)
	var all []scored
	for _, e := range b.All() {
		if s := likeness(query, strings.ToLower(strings.TrimSpace(text)), e); s > 0 {
			all = append(all, scored{e, s})
		}
	}
	slices.SortStableFunc(all, func(x, y scored) int { return cmp.Compare(y.score, x.score) })
	var nearest []*Entry
	for _, s := range all[:min(len(all), maxNearest)] {
		if s.score*2 >= all[0].score {
			nearest = append(nearest, s.entry)
		}
	}
	return nearest
}

// likeness counts shared words, rare and long ones more, and similar ids and numbers.
func likeness(query map[string]bool, text string, e *Entry) float64 {
	var score float64
	for w := range wordsOf(e.ID + " " + e.Title + " " + e.Sample + " " + e.Name) {
		if query[w] {
			score += float64(len(w))
		}
	}
	score /= 8
	if len(text) > maxName {
		return score
	}
	if d := distance(text, e.ID); d <= len(text)/3 {
		score += 4 - float64(d)/float64(len(text)+1)
	}
	for _, code := range e.Codes {
		if shared := sharedPrefix(strings.TrimPrefix(text, "aadsts"), code); shared >= 3 {
			score += float64(shared)
		}
	}
	if shared := sharedPrefix(text, e.Enhanced); shared >= 4 {
		score += float64(shared)
	}
	return score
}

// wordsOf are the lower-case words of at least four letters.
func wordsOf(text string) map[string]bool {
	words := map[string]bool{}
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if len(w) >= 4 {
			words[strings.ToLower(w)] = true
		}
	}
	return words
}

func sharedPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// distance is Levenshtein's: how many insertions, deletions and replacements of bytes lead from a to b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
