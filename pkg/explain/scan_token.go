package explain

import (
	"regexp"
	"slices"
	"strings"
)

// maxMessage is how many bytes one message of Entra has at the most: numbers further apart in a line
// belong to different ones.
const maxMessage = 600

// numbers finds AADSTS numbers. Those of one message belong together, and the last is the cause.
func (s *scanner) numbers() {
	if !strings.Contains(s.small, "aadsts") && !strings.Contains(s.small, "error_codes") {
		return
	}
	number := regexp.MustCompile(`(?i)AADSTS[-: ]?0*(\d{4,8})\b|"?error_codes"?\s*[:=]\s*\[\s*(\d{4,8})\b`)
	hits := few(number.FindAllStringSubmatchIndex(s.text, -1))
	for len(hits) > 0 {
		n := 1
		for n < len(hits) && s.sameMessage(hits[n-1], hits[n]) {
			n++
		}
		s.message(hits[:n])
		hits = hits[n:]
	}
}

func (s *scanner) sameMessage(a, b []int) bool {
	return b[0]-a[1] < maxMessage && !strings.Contains(s.text[a[1]:b[0]], "\n")
}

func (s *scanner) message(hits [][]int) {
	var t TokenError
	for _, h := range hits {
		code := max(h[2], h[4])
		t.Codes = append(t.Codes, s.text[code:h[1]])
	}
	from, to := hits[0][0], s.lineEnd(hits[len(hits)-1][1])
	to = min(to, from+2*maxMessage)
	words := s.text[from:to]
	if hits[0][4] >= 0 {
		words = ""
	}
	if i := strings.Index(words, "Trace ID"); i > 0 {
		words = words[:i]
	}
	e, known := s.base.MatchToken(TokenError{Codes: t.Codes})
	f := Finding{Entry: e, Words: bare(spaced(words)), rank: rankOf(&Entry{})}
	if !known {
		f = unknownNumber(t.Codes[len(t.Codes)-1], f.Words)
	} else {
		f.Code, f.rank = "AADSTS"+lastOf(e.Codes, t.Codes), rankOf(e)
	}
	s.add(f, span{from, to})
}

// lastOf is the last of the numbers that is one of the entry's.
func lastOf(known, numbers []string) string {
	for _, n := range slices.Backward(numbers) {
		if slices.Contains(known, n) {
			return n
		}
	}
	return known[0]
}

// terms finds OAuth errors without a number. RFC 6749 section 5.2.
func (s *scanner) terms() {
	var words []string
	for _, e := range s.base.All() {
		words = append(words, slices.Concat(e.Terms, e.OAuthErrors, []string{e.Suberror})...)
	}
	slices.Sort(words)
	for _, word := range slices.Compact(words) {
		if !strings.Contains(word, "_") || !s.holds(word) {
			continue
		}
		for _, f := range s.base.byTerm(word) {
			f.rank = rankFallback
			s.found = append(s.found, f)
		}
	}
}

// holds reports whether the text has a word that is no part of a longer one.
func (s *scanner) holds(word string) bool {
	for at := 0; ; {
		i := strings.Index(s.small[at:], word)
		if i < 0 {
			return false
		}
		at += i
		if !letterAt(s.small, at-1) && !letterAt(s.small, at+len(word)) {
			return true
		}
		at++
	}
}

func letterAt(text string, i int) bool {
	return i >= 0 && i < len(text) && (text[i] == '_' || 'a' <= text[i] && text[i] <= 'z')
}

// unknownNumber explains an AADSTS number that is not in the knowledge base.
func unknownNumber(number, words string) Finding {
	e := &Entry{
		ID: UnknownReply, Kind: TokenRefusal, Class: Policy, Retry: Never, Who: ByEntraAdmin, Codes: []string{number},
		Title: "Unknown AADSTS number",
		Cause: "This number is not in the knowledge base. Entra refused the sign-in; its words are all there is.",
		Fixes: []string{
			"Look it up: https://login.microsoftonline.com/error?code=" + number,
			"or: Look at the sign-in: Entra admin center > Monitoring > Sign-in logs",
		},
		Confidence: "unknown", Source: "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
	}
	return Finding{Entry: e, Code: "AADSTS" + number, Words: words, rank: rankUnknown}
}
