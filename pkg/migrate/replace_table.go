package migrate

import (
	"regexp"
	"slices"
	"strings"
)

// inTable reports whether the table has lines for a rule.
func inTable(id string) bool { return strings.Contains("\n"+texts().Settings, "\n"+id+" ") }

// table writes what the table says, all or nothing.
func (e *edits) table() {
	in, ok := e.settings()
	found := true
	for line := range strings.Lines(texts().Settings) {
		rest, mine := strings.CutPrefix(line, e.v.rule.ID+" ")
		if !mine || !ok {
			continue
		}
		keys := strings.Fields(rest[2:])
		value := e.filled(strings.TrimSpace(strings.TrimPrefix(rest[2:], keys[0])))
		switch rest[0] {
		case '-':
			e.dropSettings(in, keys)
		case '+':
			if found {
				e.setLine(in, keys[0], value)
			}
		default:
			found = e.setting(in, rest[0], keys[0], value)
		}
	}
	if e.failed || !ok || !e.covers(e.hostRow()) {
		e.list = nil
	}
}

// settings is where the program's settings stand. In a compose file most programs would have to be in the
// image, so that of YAML only their own files count, and only the block of the host.
func (e *edits) settings() (span, bool) {
	switch s := e.d.syntax; {
	case s.nest == sectioned, s.nest == accounts:
		return e.block(), true
	case s.nest == indented && s.role == config:
		depth := 0
		if e.v.rule.ID == "redmine" {
			depth = 2 // the delivery method stands beside the block
		}
		levels := e.d.levels(e.v.mention.start)
		if len(levels) <= depth || !slices.Contains([]string{"redmine", "alertmanager", "authelia", "synapse", "spring-mail-yaml"}, e.v.rule.ID) {
			return span{}, false
		}
		return levels[depth], true
	case s.role == script:
		return span{}, false
	case s.nest == braces || s.role == code:
		return e.d.near(e.v.mention.start, 25), true
	}
	return e.d.whole(), e.v.rule.ID != "django" && e.v.rule.ID != "flask-mail"
}

// filled puts the commands into a line of the table.
func (e *edits) filled(line string) string {
	return strings.NewReplacer("{send}", e.send(), "{dsn}", strings.ReplaceAll(e.send(), " ", "%20"), "{args}", strings.TrimPrefix(e.send(), command+" ")).Replace(line)
}

// rowOf is the pattern of a row that sets a key, in any of the languages; what precedes the value is group
// 1, the value and all behind it group 2.
func rowOf(key string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(\s*(?:-\s+)?(?:export\s+|set\s+)?(?:[\w$.>-]*[\[.>])?["']?` + regexp.QuoteMeta(key) + `["']?\]?\s*(?:=>|[:=])\s*)(.*)$`)
}

// setting changes the rows of one key; false without any.
func (e *edits) setting(in span, how byte, key, value string) bool {
	p := rowOf(key)
	rows := e.rows(in, p)
	e.failed = e.failed || how == '!' && len(rows) == 0
	for _, row := range rows {
		m := p.FindStringSubmatch(e.d.textLine(row))
		next, ok := value, m != nil
		if ok && how != '>' {
			next, ok = e.requoted(m[2], value)
			next = strings.TrimLeft(m[1], " \t") + next
		}
		e.failed = e.failed || !ok
		e.replace(row, row, e.margin(row)+next)
	}
	return len(rows) > 0
}

// requoted is the new value in the quotes of the old one, with the comma or semicolon behind it. Only a
// plain old value is given up for another; to empty it, it has to end on its line.
func (e *edits) requoted(old, value string) (string, bool) {
	m := regexp.MustCompile(`^(["']?)([^"'\s,;#()]*)["']?\s*([,;]?)\s*(?:(?:#|//).*)?$`).FindStringSubmatch(old)
	quote, end := `"`, ""
	switch {
	case m != nil:
		quote, end = m[1], m[3]
	case value != "" || !closed(old):
		return "", false
	case strings.HasSuffix(strings.TrimSpace(old), ","):
		end = ","
	case strings.HasSuffix(strings.TrimSpace(old), ";"):
		end = ";"
	}
	if quote == "" && value == "" && e.d.syntax.role == code {
		quote = `"`
	}
	return quote + value + quote + end, true
}

// closed reports whether a value ends on its line.
func closed(value string) bool {
	return !regexp.MustCompile(`(?:^|[\\|>{[(+][-+]?)\s*$`).MatchString(value) &&
		strings.Count(value, "(") == strings.Count(value, ")") && strings.Count(value, "[") == strings.Count(value, "]")
}

// setLine puts a line in the place of the row that has the key, or adds it before the host's.
func (e *edits) setLine(in span, key, line string) {
	if !e.setting(in, '>', key, line) {
		row := e.hostRow()
		e.list = append(e.list, Edit{Line: e.d.first + row, EndLine: e.d.first + row - 1, New: []string{e.margin(row) + line}})
	}
}

// dropSettings deletes rows, each a setting of its own: not the first of a list's item, nor what goes on
// below.
func (e *edits) dropSettings(in span, keys []string) {
	for _, key := range keys {
		p := rowOf(key)
		for _, row := range e.rows(in, p) {
			m := p.FindStringSubmatch(e.d.textLine(row))
			e.failed = e.failed || m == nil || !closed(m[2]) || strings.HasPrefix(strings.TrimSpace(m[1]), "- ")
			e.replace(row, row)
		}
	}
}

// covers reports whether a row is changed.
func (e *edits) covers(row int) bool {
	line := e.d.first + row
	for _, edit := range e.list {
		if edit.Line <= line && line <= edit.EndLine {
			return true
		}
	}
	return false
}
