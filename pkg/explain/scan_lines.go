package explain

import (
	"regexp"
	"strings"
)

// minWrapped is the length of a line from which the next one may be its continuation.
const minWrapped = 60

// maxWidth is the width at which a shorter line was broken because the next word is long.
const maxWidth = 72

// whole is a reply with the lines that belong to it: those that repeat its code (RFC 5321 section
// 4.2.1), behind whatever a log puts before each line, and those that a mail program or terminal broke.
func (s *scanner) whole(h hit, end int) part {
	all := []string{s.text[h.from:end]}
	code := regexp.MustCompile(`(?:^|[^\d.])` + regexp.QuoteMeta(h.basic) + `([- ])(?: ?` + regexp.QuoteMeta(h.enhanced) + `\b)?`)
	size, coded := end-h.from, false
	width := end - s.lineStart(h.from) // of the line before
	for range maxWrapped {
		from := end + 1
		if from >= len(s.text) || size > maxSegment {
			break
		}
		next := s.lineEnd(from)
		line := s.text[from:min(next, from+maxSegment)]
		trimmed := strings.TrimLeft(line, " >|")
		switch repeated := code.FindStringSubmatchIndex(line); {
		case h.several && repeated != nil:
			all, coded = append(all, line[repeated[1]:]), true
			h.several = line[repeated[2]] == '-'
		case h.enhanced != "" && strings.HasPrefix(trimmed, h.enhanced+" "):
			all, coded = append(all, trimmed[len(h.enhanced):]), true
		case s.continues(width, line, trimmed):
			all = append(all, trimmed)
		default:
			return part{joined(h, all), end, coded}
		}
		end, width = next, len(line)
		size += len(line)
	}
	return part{joined(h, all), end, coded}
}

// continues tells a broken line, behind one of that width, from the next entry of a log and from a
// frame of a stack trace.
func (s *scanner) continues(width int, line, trimmed string) bool {
	word, _, _ := strings.Cut(trimmed, " ")
	if trimmed == "" || width < minWrapped && width+len(word) < maxWidth && line == trimmed {
		return false
	}
	return !s.forms.entry.MatchString(trimmed)
}

// joined makes one line of the parts, as Match wants it. Postfix keeps the repeated codes of several
// lines within one.
func joined(h hit, parts []string) string {
	text := spaced(strings.Join(parts, " "))
	if h.basic == "" || len(text) <= len(h.code()) || text[min(len(text)-1, len(h.basic))] != '-' {
		return text
	}
	again := regexp.MustCompile(` ` + h.basic + `[- ](?:` + regexp.QuoteMeta(h.enhanced) + `(?: |$))?`)
	return text[:len(h.basic)] + again.ReplaceAllString(text[len(h.basic):], " ")
}

// wordings finds what needs no code: exceptions of Exchange, and the words of programs for what goes
// wrong on this side. A line that is explained already is left out.
func (s *scanner) wordings() {
	smtp, local := s.base.smtp(), s.base.local()
	for i := range smtp {
		if r := &smtp[i]; r.code == "" && !r.entry.Fallback && r.entry.Told() != "" {
			s.wording(r, rankOf(&r.entry))
		}
	}
	for i := range local {
		if r := &local[i]; r.entry.Pattern != "" {
			s.wording(r, rankLocal)
		}
	}
}

// wording looks for a pattern line by line, at the lines that have one of its words.
func (s *scanner) wording(r *rule, rank int) {
	looked := -1 // where the last line ended
	for _, word := range r.words() {
		at := 0
		for range maxHits {
			i := strings.Index(s.small[at:], word)
			if i < 0 {
				break
			}
			at += i
			start := s.lineStart(at)
			where := span{max(start, at-maxSegment), min(s.lineEnd(at), at+maxSegment)}
			at += len(word)
			if where.from < looked || s.told[start] {
				continue
			}
			looked = where.to
			if line := s.text[where.from:where.to]; r.pattern().MatchString(line) {
				s.add(Finding{Entry: &r.entry, Code: r.entry.Code(), Words: excerptOf(line), rank: rank}, span{where.from, where.from})
				return
			}
		}
		looked = -1
	}
}

// excerptOf bounds what is repeated of a line.
func excerptOf(line string) string {
	line = spaced(line)
	if len(line) > maxMessage {
		return strings.ToValidUTF8(line[:maxMessage], "")
	}
	return line
}

// lonelyCode takes a code that a program shows without the words of the server.
func (s *scanner) lonelyCode() {
	if len(s.text) > MaxReply {
		return
	}
	code := regexp.MustCompile(`(?i)(?:response ?code|smtp code|got code|status|dsn|reply|code|error)["': =(]{1,4}((?:[45]\d\d)?[ ]?(?:[45]\.\d{1,3}\.\d{1,3})?)\b`)
	for _, m := range few(code.FindAllStringSubmatchIndex(s.text, -1)) {
		text := strings.TrimSpace(s.text[m[2]:m[3]])
		if text != "" && (strings.Contains(text, ".") || smtpCode(text)) && !s.partOfNumber(m[2], m[3]) && !s.forms.http.MatchString(s.text[m[2]:]) {
			s.found = append(s.found, s.base.byStatus(text)...)
		}
	}
}
