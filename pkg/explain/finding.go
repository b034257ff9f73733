package explain

import (
	"sort"
	"strings"
)

// MaxText is the number of bytes of a text that Find looks at.
const MaxText = 1 << 20

// Finding is one refusal that Find recognized.
type Finding struct {
	Entry *Entry // what explains it; its ID is UnknownReply when nothing does
	Outer *Entry // the entry of the reply that quotes it, nil without quotation
	Code  string // the code that was found or asked for, as Entry.Code writes it
	Words string // the server's own words on one line; empty when a code or a name was asked for
	// Candidate says that a code alone was given, which other findings share: the words decide.
	Candidate bool
	rank      int
}

// Known says whether the knowledge base has an entry for it.
func (f Finding) Known() bool { return f.Entry.ID != UnknownReply }

// The order of findings: what explains most comes first.
const (
	rankNamed    = iota // asked for by its id or number
	rankSpecific        // recognized by its words
	rankPassing         // recognized, and it passes by itself
	rankLocal           // recognized in the words of a program
	rankFallback        // only the code is known
	rankUnknown
)

// Find explains what a person has at hand, most likely first: the id of an entry, an AADSTS number
// with or without its letters, an OAuth error, a status code, a whole reply, or a log or stack trace
// in which refusals stand. Nothing found is an empty list; Nearest may then help.
func (b *Base) Find(text string) []Finding {
	if len(text) > MaxText {
		text = text[:MaxText]
	}
	text = strings.ToValidUTF8(text, "\uFFFD")
	if asked := strings.Trim(text, " \t\r\n.,;:\"'"); len(asked) <= maxName {
		if found := b.named(asked); found != nil {
			return found
		}
	}
	return b.scan(text)
}

// ranked orders findings and leaves the best of those with one entry.
func ranked(all []Finding) []Finding {
	sort.SliceStable(all, func(i, j int) bool { return all[i].rank < all[j].rank })
	var kept []Finding
	seen := map[string]bool{}
	for _, f := range all {
		key := f.Entry.ID
		if !f.Known() {
			key += f.Code
		}
		if !seen[key] {
			seen[key] = true
			kept = append(kept, f)
		}
	}
	return kept
}
