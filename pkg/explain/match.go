package explain

import (
	"regexp"
	"strings"
)

// MaxReply is the number of bytes of a reply that Match looks at. RFC 5321 section 4.5.3.1.5 allows
// 512 for a line; what is longer than this is not a reply.
const MaxReply = 64 << 10

// maxNesting bounds how many quoted replies are followed inside one another.
const maxNesting = 3

// Match is what was found for a reply.
type Match struct {
	Entry *Entry // the entry that decides
	Outer *Entry // the entry of the reply that quotes another one, nil without quotation
	Text  string // the joined reply that Entry matched: the quoted one when Outer is set
}

// Match finds the first entry, in file order, whose pattern fits the reply. The reply may be given
// with or without its basic code, and as several lines. When an entry is known to quote another
// reply, the quoted one is preferred if it is known itself.
func (b *Base) Match(reply string) (Match, bool) {
	if len(reply) > MaxReply {
		reply = reply[:MaxReply]
	}
	return b.match(joinLines(reply), maxNesting)
}

func (b *Base) match(text string, depth int) (Match, bool) {
	rules, small := b.smtp(), lower(text)
	for i := range rules {
		if !rules[i].possible(small) || !rules[i].pattern().MatchString(text) {
			continue
		}
		m := Match{Entry: &rules[i].entry, Text: text}
		if inner, ok := b.quotedIn(m, depth-1); ok {
			return inner, true
		}
		return m, true
	}
	return Match{}, false
}

func (b *Base) quotedIn(outer Match, depth int) (Match, bool) {
	if !outer.Entry.Wraps || depth == 0 {
		return Match{}, false
	}
	text, ok := quotedReply(outer.Text)
	if !ok {
		return Match{}, false
	}
	inner, ok := b.match(text, depth)
	inner.Outer = outer.Entry
	return inner, ok
}

// quotedReply is the reply inside another one: Exchange writes it after "Error:" or in quotes.
func quotedReply(text string) (string, bool) {
	found := regexp.MustCompile(`(?:(?i:Error: )|["'])([245]\d\d [^"']*)`).FindStringSubmatch(text)
	if found == nil {
		return "", false
	}
	return found[1], true
}

// joinLines makes one line of a reply. The code that RFC 5321 section 4.2.1 repeats on each line,
// and the enhanced code that RFC 2034 section 4 repeats, stay on the first line only.
func joinLines(reply string) string {
	prefix := regexp.MustCompile(`^(?:\d{3}[ -])?([245]\.\d{1,3}\.\d{1,3} )?`)
	var all []string
	var enhanced string
	for line := range strings.FieldsFuncSeq(reply, func(r rune) bool { return r == '\r' || r == '\n' }) {
		line = strings.TrimSpace(line)
		found := prefix.FindStringSubmatch(line)
		if len(all) == 0 {
			enhanced = found[1]
		} else {
			line = strings.TrimPrefix(line[len(found[0])-len(found[1]):], enhanced)
		}
		all = append(all, line)
	}
	return strings.Join(all, " ")
}
