package explain

import (
	"slices"
	"strings"
)

// A hit is a place where a reply begins.
type hit struct {
	basic, enhanced string
	from            int  // of the code
	words           int  // where the words after the codes begin
	several         bool // the code has the hyphen of a reply of several lines
	said            bool // what stands before it announces a reply
}

func (h hit) code() string { return strings.TrimSpace(h.basic + " " + h.enhanced) }

// maxCode is how many bytes the codes of a reply take.
const maxCode = 40

// maxCodes bounds how many codes of a text are looked at; a megabyte of log has a line for each.
const maxCodes = 10_000

// codes are the places where a reply has its codes.
func (s *scanner) codes() [][]int {
	var found [][]int
	for i := 0; i < len(s.text) && len(found) < maxCodes; i++ {
		if c := s.text[i]; c != '4' && c != '5' || i > 0 && wordByte(s.text[i-1]) {
			continue
		}
		m := s.forms.code.FindStringSubmatchIndex(s.text[i:min(len(s.text), i+maxCode)])
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

// smtpCode knows those that servers use. Other numbers of three digits are ports, lines and times.
func smtpCode(code string) bool {
	return slices.Contains([]string{
		"421", "422", "430", "431", "432", "441", "442", "446", "447", "450", "451", "452", "454", "455", "458", "471",
		"500", "501", "502", "503", "504", "510", "511", "512", "515", "521", "523", "525", "530", "534", "535", "538", "541",
		"550", "551", "552", "553", "554", "555", "556", "557",
	}, code)
}

// hits are the places where replies begin.
func (s *scanner) hits() []hit {
	var hits []hit
	seen := map[string]bool{}
	for _, m := range s.codes() {
		group := func(n int) string {
			if m[2*n] < 0 {
				return ""
			}
			return s.text[m[2*n]:m[2*n+1]]
		}
		h := hit{basic: group(1) + group(4), enhanced: group(3), from: m[0], words: m[1], several: group(2)+group(5) == "-"}
		if s.partOfNumber(m[0], m[1]) || h.basic == "" && s.forms.version.MatchString(s.text[m[1]:]) || h.basic != "" && !smtpCode(h.basic) || s.repeated(m[0], seen) {
			continue
		}
		context := s.text[max(s.lineStart(m[0]), m[0]-60):m[0]]
		h.said = s.forms.announced.MatchString(context)
		if h.basic == "" {
			h.said = m[0] == s.asked.from && s.lineStart(m[0]) == m[0] && s.text[min(m[1], len(s.text)-1)] == ' ' || s.forms.spoken.MatchString(context)
		}
		if h.enhanced == "" {
			h.words = m[1] - 1
			if !h.said || s.forms.foreign.MatchString(context) || s.forms.http.MatchString(s.text[m[0]:]) {
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
	return to+1 < len(s.text) && (s.text[to] == '@' || s.text[to] == '.' && isDigit(s.text[to+1]))
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
