package explain

import (
	"regexp"
	"slices"
	"sort"
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
	entries := b.All()
	q := question{
		text: strings.ToLower(strings.TrimSpace(text)), words: weights(text, entries),
		codes: regexp.MustCompile(`[245]\.\d{1,3}\.\d{1,3}`).FindAllString(text, maxNearest),
	}
	var all []scored
	for _, e := range entries {
		if s := q.likeness(e); s > 0 {
			all = append(all, scored{e, s})
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].score > all[j].score })
	var nearest []*Entry
	for _, s := range all[:min(len(all), maxNearest)] {
		if s.score*2 >= all[0].score {
			nearest = append(nearest, s.entry)
		}
	}
	return nearest
}

// A question is a text that Find does not know.
type question struct {
	text  string
	words map[string]float64
	codes []string // enhanced status codes in it
}

// minShared is how many words an entry has to have of the text, which are to be half of what it says.
const minShared = 2

// sameCode outweighs any words: another wording of a code is most likely the same refusal.
const sameCode = 10

// likeness counts shared codes and words, and similar ids and numbers. Nothing in common is 0.
func (q question) likeness(e *Entry) float64 {
	var score, all float64
	shared := 0
	known := vocabulary(e)
	for w, weight := range q.words {
		all += weight
		if known[w] {
			score += weight
			shared++
		}
	}
	if shared < minShared || 2*score < all {
		score = 0 // a word or two that happen to be in both say nothing
	}
	if slices.ContainsFunc(q.codes, e.hasEnhanced) {
		score += sameCode
	}
	if len(q.text) > maxName {
		return score
	}
	if d := distance(q.text, e.ID); d <= len(q.text)/3 {
		score += 4 - float64(d)/float64(len(q.text)+1)
	}
	for _, code := range e.Codes {
		if shared := sharedPrefix(strings.TrimPrefix(q.text, "aadsts"), code); shared >= 3 {
			score += float64(shared)
		}
	}
	if shared := sharedPrefix(q.text, e.Enhanced); shared >= 4 {
		score += float64(shared)
	}
	return score
}

// common is in how many entries a word stands that still counts in full.
const common = 10

// weights are the words of a text with what each of them counts: the more entries have a word, the
// less it tells one from another.
func weights(text string, entries []*Entry) map[string]float64 {
	count := map[string]int{}
	for _, e := range entries {
		for w := range vocabulary(e) {
			count[w]++
		}
	}
	all := map[string]float64{}
	for w := range wordsOf(text) {
		all[w] = float64(len(w)) / 8 * common / float64(max(count[w], common))
	}
	return all
}

func vocabulary(e *Entry) map[string]bool {
	return wordsOf(e.ID + " " + e.Title + " " + e.Sample + " " + e.Name)
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
