package explain

import "strings"

// maxSegment is how many bytes after a code are looked at.
const maxSegment = 2 << 10

// maxWrapped is how many lines a wrapped or several-line reply may have.
const maxWrapped = 40

// replies finds SMTP replies.
func (s *scanner) replies() {
	hits := s.hits()
	for i, h := range hits {
		next := len(s.text)
		if i+1 < len(hits) {
			next = hits[i+1].from
		}
		s.reply(h, next)
	}
}

// A part of the text that may be one reply, on one line, and where it ends.
type part struct {
	text  string
	end   int
	coded bool // further lines that repeat its code are in it
}

// reply explains the reply at a hit; next is where the next one begins.
func (s *scanner) reply(h hit, next int) {
	if h.from < s.taken.to && s.takenBy.repeats(h) {
		return // a further line of the reply before
	}
	f, p, ok := s.explained(h, next)
	switch {
	case !ok, f.rank >= rankFallback && h.from < s.taken.to:
		return // a number alone, or words that the reply before has explained
	}
	s.taken, s.takenBy = span{h.from, p.end}, h
	if !s.hinted(f, s.taken) {
		s.add(f, s.taken)
	}
}

// hinted adds the entries of which a reply that is not known by its words keeps some: it was translated,
// or cut. They are candidates, since the words that tell them apart are gone.
func (s *scanner) hinted(f Finding, where span) (found bool) {
	if f.rank < rankFallback {
		return false
	}
	_, enhanced := splitCode(f.Code)
	words := lower(f.Words)
	f.rank, f.Candidate = rankFallback, true
	for _, f.Entry = range s.base.Replies() {
		for _, hint := range f.Entry.Hints {
			if f.Entry.hasEnhanced(enhanced) && strings.Contains(words, hint) {
				s.add(f, where)
				found = true
				break
			}
		}
	}
	return found
}

// explained finds the entry for the reply at a hit, or judges it by its code.
func (s *scanner) explained(h hit, next int) (Finding, part, bool) {
	end := min(s.lineEnd(h.from), h.from+maxSegment)
	whole := s.whole(h, end)
	// What is only quoted, or comes later in the line, must not stand for this one.
	aloneEnd := min(end, max(next, h.words))
	alone := part{text: s.text[h.from:aloneEnd], end: aloneEnd}
	line := part{text: s.text[h.from:end], end: end}
	for _, p := range []part{whole, line, alone} {
		m, ok := s.match(p)
		if !ok || !h.fits(m) || h.basic == "" && !h.said && m.Entry.Told() == "" {
			continue // a number with a version's form and no words of a reply
		}
		if same, ok := s.match(line); ok && same.Entry == m.Entry && !p.coded && len(line.text) >= minWrapped {
			p = line // what follows adds nothing
		}
		f := Finding{Entry: m.Entry, Outer: m.Outer, Code: h.code(), Words: s.wordsOf(h, p.text), rank: rankOf(m.Entry)}
		if h.basic == "" || m.Outer != nil {
			f.Code = m.Entry.Code()
		}
		return f, p, f.rank < rankFallback || (h.said || h.basic != "") && s.hasWords(h, p.end)
	}
	if h.several {
		alone = whole
	}
	certain := h.said || h.basic != "" && h.basic[0] == h.enhanced[0]
	if !certain || !s.hasWords(h, whole.end) {
		return Finding{}, alone, false
	}
	return s.base.unknown(h.code(), s.wordsOf(h, alone.text)), alone, true
}

func (s *scanner) match(p part) (Match, bool) {
	return s.base.Match(s.forms.address.ReplaceAllString(p.text, "0.0.0.0"))
}

// repeats reports whether other is a further line of the same reply, which has the same codes.
func (h hit) repeats(other hit) bool {
	return other.code() == h.code() || other.basic == "" && other.enhanced == h.enhanced ||
		h.several && other.enhanced == "" && other.basic == h.basic ||
		h.several && other.basic == h.basic && !other.said
}

// fits tells whether a match is owed to the code of this hit and not to one further on.
func (h hit) fits(m Match) bool {
	for _, e := range []*Entry{m.Entry, m.Outer} {
		switch {
		case e == nil:
		case h.enhanced == "" && m.Outer == nil, e.hasEnhanced(h.enhanced), !strings.Contains(e.Pattern, `\b`):
			return true
		}
	}
	return m.Outer != nil && m.Outer.hasEnhanced(h.enhanced)
}
