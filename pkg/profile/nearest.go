package profile

import "fmt"

// UnknownKeyError is a setting in a file that does not exist. It is an error, not a warning: a
// mistyped smtp.host must not send mail through another server.
type UnknownKeyError struct {
	Path    string
	Key     string // dotted, from the top of the file
	Nearest string // the known key most like it, empty if none is
}

// Error names the key and the one that was probably meant.
func (e *UnknownKeyError) Error() string {
	if e.Nearest == "" {
		return fmt.Sprintf("%s: unknown key %q", e.Path, e.Key)
	}
	return fmt.Sprintf("%s: unknown key %q, did you mean %q", e.Path, e.Key, e.Nearest)
}

func nearestKey(key string, global bool) string {
	candidates := []string{}
	if global {
		candidates = append(candidates, "default", "profiles")
	}
	for _, s := range table() {
		if s.global == global {
			candidates = append(candidates, s.name)
		}
	}
	return Nearest(key, candidates)
}

// Nearest is the candidate with the smallest distance, if that is at most a third of the word;
// else it is empty.
func Nearest(word string, candidates []string) string {
	if len(word) > 64 {
		return ""
	}
	best, limit := "", max(len(word)/3, 1)
	for _, c := range candidates {
		if d := distance(word, c); d <= limit {
			best, limit = c, d-1
		}
	}
	return best
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
