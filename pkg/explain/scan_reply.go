package explain

import (
	"regexp"
	"slices"
	"strings"
)

// maxSegment is how many bytes after a code are looked at.
const maxSegment = 2 << 10

// maxWrapped is how many lines a wrapped or several-line reply may have.
const maxWrapped = 40

// A hit is a place where a reply begins.
type hit struct {
	basic, enhanced string
	from            int  // of the code
	words           int  // where the words after the codes begin
	several         bool // the code has the hyphen of a reply of several lines
	said            bool // what stands before it announces a reply
}

func (h hit) code() string { return strings.TrimSpace(h.basic + " " + h.enhanced) }

// replyCode takes the codes of a reply in the forms in which programs print them:
// 535 5.7.3, 535-5.7.3, (535, b'5.7.3, 535: 5.7.3, 550 #5.1.0, #5.1.0, and 535 alone before words.
func replyCode() *regexp.Regexp {
	return regexp.MustCompile(`^(?:(?:([45]\d\d)(-|[ ]|, ?|: ?|" ?)[ ]{0,3}(?:[bB]?['"])?#?)?\b([45]\.\d{1,3}\.\d{1,3})\b|` +
		`([45]\d\d)(-|[ ]|, ?[bB]?['"]|: )[ ]{0,3}[\pL<(\[])`)
}

// maxCode is how many bytes replyCode needs to see.
const maxCode = 40

// codes are the places where replyCode finds something.
func (s *scanner) codes() [][]int {
	code := replyCode()
	var found [][]int
	for i := 0; i < len(s.text); i++ {
		if c := s.text[i]; c != '4' && c != '5' || i > 0 && wordByte(s.text[i-1]) {
			continue
		}
		m := code.FindStringSubmatchIndex(s.text[i:min(len(s.text), i+maxCode)])
		if m == nil {
			continue
		}
		for j := range m {
			if m[j] >= 0 {
				m[j] += i
			}
		}
		found = append(found, m)
		i = m[1] - 1
	}
	return found
}

func wordByte(c byte) bool {
	return c == '_' || isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// announced is what stands before a reply, or before its code alone.
func announced() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:^|\b(?:said|says|respon[sd]\w*|repl(?:y|ied)|answer\w*|server|smtp|status|dsn|diagnostic-code|stat|errors?|\w*exception|\w*error|failed|failure|refused|rejected|login|message|info|detail|data|code|was|got|bounce\w*|s)\b|[\w\])]+:|[<>~*|({=]|\bb['"])[ \pP\pS]*$`)
}

// smtpCodes are those that servers use. Other numbers of three digits are ports, lines and times.
func smtpCode(code string) bool {
	return slices.Contains([]string{
		"421", "422", "430", "431", "432", "441", "442", "446", "447", "450", "451", "452", "454", "455", "458", "471",
		"500", "501", "502", "503", "504", "510", "511", "512", "515", "521", "523", "525", "530", "534", "535", "538", "541",
		"550", "551", "552", "553", "554", "555", "556", "557",
	}, code)
}

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

func (s *scanner) hits() []hit {
	var hits []hit
	before, http := announced(), regexp.MustCompile(`(?i)http|\bport\b|\bline\b|status code`)
	seen := map[string]bool{}
	for _, m := range s.codes() {
		group := func(n int) string {
			if m[2*n] < 0 {
				return ""
			}
			return s.text[m[2*n]:m[2*n+1]]
		}
		h := hit{basic: group(1) + group(4), enhanced: group(3), from: m[0], words: m[1], several: group(2)+group(5) == "-"}
		if s.partOfNumber(m[0], m[1]) || h.basic != "" && !smtpCode(h.basic) || s.repeated(m[0], seen) {
			continue
		}
		context := s.text[max(s.lineStart(m[0]), m[0]-60):m[0]]
		h.said = before.MatchString(context)
		if h.enhanced == "" {
			h.words = m[1] - 1
			if !h.said || http.MatchString(context) || httpStatus(s.text[m[0]:]) {
				continue
			}
		}
		hits = append(hits, h)
	}
	return hits
}

// maxAlike is how many bytes are compared to tell that a log repeats a refusal.
const maxAlike = 300

// repeated reports whether the same was said before, but for the numbers in it.
func (s *scanner) repeated(at int, seen map[string]bool) bool {
	if len(seen) > maxHits {
		return true
	}
	end := min(len(s.text), at+maxAlike)
	if n := strings.IndexByte(s.text[at:end], '\n'); n >= 0 {
		end = at + n
	}
	alike := strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return '0'
		}
		return r
	}, s.small[min(at+maxCode/2, end):end])
	key := s.small[at:min(at+maxCode/2, end)] + alike
	if seen[key] {
		s.told[strings.LastIndexByte(s.text[max(0, at-maxSegment):at], '\n')+1+max(0, at-maxSegment)] = true
		return true
	}
	seen[key] = true
	return false
}

// partOfNumber tells a code from a piece of an address, a version or a time.
func (s *scanner) partOfNumber(from, to int) bool {
	if from > 0 && strings.IndexByte("0123456789.:-/", s.text[from-1]) >= 0 && !strings.HasPrefix(s.text[max(0, from-2):], ": ") {
		return s.text[from-1] != ':' && s.text[from-1] != '-' || from > 1 && isDigit(s.text[from-2])
	}
	return to+1 < len(s.text) && s.text[to] == '.' && isDigit(s.text[to+1])
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// httpStatus recognizes a status line of HTTP, which has the same numbers.
func httpStatus(text string) bool {
	return regexp.MustCompile(`(?i)^\d{3} (internal server error|not implemented|bad gateway|service unavailable|gateway time-?out|` +
		`http version|locked|too early|request header|unavailable for legal|misdirected|unprocessable|proxy auth)`).MatchString(text)
}

// A part of the text that may be one reply, on one line, and where it ends.
type part struct {
	text string
	end  int
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
	s.add(f, span{h.from, p.end})
}

// explained finds the entry for the reply at a hit, or judges it by its code.
func (s *scanner) explained(h hit, next int) (Finding, part, bool) {
	end := min(s.lineEnd(h.from), h.from+maxSegment)
	whole := s.whole(h, end)
	// What is only quoted, or comes later in the line, must not stand for this one.
	aloneEnd := min(end, max(next, h.words))
	alone := part{s.text[h.from:aloneEnd], aloneEnd}
	for _, p := range []part{whole, {s.text[h.from:end], end}, alone} {
		m, ok := s.base.Match(withoutAddresses(p.text))
		if !ok || !h.fits(m) {
			continue
		}
		f := Finding{Entry: m.Entry, Outer: m.Outer, Code: h.code(), Words: s.wordsOf(h, p.text), rank: rankOf(m.Entry)}
		if h.basic == "" || m.Outer != nil {
			f.Code = m.Entry.Code()
		}
		return f, p, f.rank < rankFallback || (h.said || h.basic != "") && s.hasWords(h, end)
	}
	if h.several {
		alone = whole
	}
	certain := h.said || h.basic != "" && h.basic[0] == h.enhanced[0]
	if !certain || !s.hasWords(h, end) {
		return Finding{}, alone, false
	}
	return s.base.unknown(h.code(), s.wordsOf(h, alone.text)), alone, true
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
