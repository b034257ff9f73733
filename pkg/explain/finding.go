package explain

import (
	"slices"
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
	text = decoded(text)
	if asked := strings.Trim(text, " \t\r\n.,;:\"'"); len(asked) <= maxName {
		if found := b.named(asked); found != nil {
			return found
		}
	}
	found := b.scan(text)
	for _, guessed := range []bool{false, true} {
		if guessed && len(found) > 0 && found[0].rank < rankFallback {
			break
		}
		if joined := unbroken(text, b.forms().entry, guessed); joined != text {
			if again := b.scan(joined); b.better(again, found) && (!guessed || again[0].rank < rankLocal) {
				return again
			}
		}
	}
	return found
}

// better compares two readings of one text: what explains more, or the same with less, or by an entry
// that is tried before.
func (b *Base) better(one, other []Finding) bool {
	switch {
	case len(one) == 0 || len(other) == 0:
		return len(one) > len(other)
	case one[0].rank != other[0].rank:
		return one[0].rank < other[0].rank
	case len(one) != len(other):
		return len(one) < len(other)
	}
	all := b.Replies()
	return slices.Index(all, one[0].Entry) < slices.Index(all, other[0].Entry)
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
		if seen[key] || !f.Known() && seen[f.Code] {
			continue // told before, as the field dsn=5.7.57 of a log is by the reply itself
		}
		seen[key], seen[f.Entry.Enhanced] = true, true
		kept = append(kept, f)
	}
	return kept
}
