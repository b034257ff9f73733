package explain

import (
	"regexp"
	"strings"
)

// minWrapped is the length of a line from which the next one may be its continuation.
const minWrapped = 60

// whole is a reply with the lines that belong to it: those that repeat its code (RFC 5321 section
// 4.2.1), behind whatever a log puts before each line, and those that a mail program or terminal broke.
func (s *scanner) whole(h hit, end int) part {
	all := []string{s.text[h.from:end]}
	code := regexp.MustCompile(`(?:^|[^\d.])` + regexp.QuoteMeta(h.basic) + `([- ])(?: ?` + regexp.QuoteMeta(h.enhanced) + `\b)?`)
	size := end - h.from
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
			all = append(all, line[repeated[1]:])
			h.several = line[repeated[2]] == '-'
		case h.enhanced != "" && strings.HasPrefix(trimmed, h.enhanced+" "):
			all = append(all, trimmed[len(h.enhanced):])
		case continues(all[len(all)-1], line, trimmed):
			all = append(all, trimmed)
		default:
			return part{joined(h, all), end}
		}
		end = next
		size += len(line)
	}
	return part{joined(h, all), end}
}

// continues tells a broken line from the next entry of a log and from a frame of a stack trace.
func continues(previous, line, trimmed string) bool {
	if trimmed == "" || len(previous) < minWrapped && line == trimmed {
		return false
	}
	return !regexp.MustCompile(`^(?:at |File |raise|Caused by|Traceback|\.\.\.|(?i:error|warn\w*|info|debug|fatal)\b|\d{4}-\d\d|[A-Z][a-z]{2} [ \d]\d |\[(?:\d+[-:/\]]|(?i:error|warn|info|debug))|#\d|[245]\d\d[ -]|goroutine |[\w.]+\.go:)`).MatchString(trimmed)
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
	from := 0
	for line := range strings.SplitSeq(s.text, "\n") {
		where := span{from, from + len(line)}
		from += len(line) + 1
		if len(line) < minWords || !s.untold(where) {
			continue
		}
		for i := range smtp {
			if smtp[i].code == "" && !smtp[i].entry.Fallback {
				s.wording(&smtp[i], line, where, rankOf(&smtp[i].entry))
			}
		}
		for i := range local {
			if local[i].entry.Pattern != "" {
				s.wording(&local[i], line, where, rankLocal)
			}
		}
	}
}

func (s *scanner) wording(r *rule, line string, where span, rank int) {
	if len(line) > MaxReply {
		line = line[:MaxReply]
	}
	if r.pattern().MatchString(line) {
		s.found = append(s.found, Finding{Entry: &r.entry, Code: r.entry.Code(), Words: excerptOf(line), rank: rank})
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
	code := regexp.MustCompile(`(?i)(?:response ?code|smtp code|got code|status|dsn|reply|code|error)["': =(]{1,4}((?:[45]\d\d)?[ ]?(?:[45]\.\d{1,3}\.\d{1,3})?)\b`)
	for _, m := range few(code.FindAllStringSubmatchIndex(s.text, -1)) {
		text := strings.TrimSpace(s.text[m[2]:m[3]])
		if text != "" && (strings.Contains(text, ".") || smtpCode(text)) && !s.partOfNumber(m[2], m[3]) {
			s.found = append(s.found, s.base.byStatus(text)...)
		}
	}
}
