package migrate

import (
	"bytes"
	"regexp"
)

// A call that reads a setting, up to its default, and an expression up to the other that takes its place.
const (
	readsSetting = `[\w.$>:&-]*(?:\(\)\.)?(?:[gG]et\w*|[eE]nv\w*|var|fetch|config|coalesce|Or|default|option|setting)[?!]?\(\s*(?:[\w.]+\(["'][\w.:-]+["']\)|[\w.]+|["'][\w.:-]+["'])` +
		`(?:\s*,\s*(?:default\s*[:=]\s*)?|\)\s*\{\s*|\)\.unwrap_or\w*\(\s*(?:\|\w*\|\s*)?)`
	orElse = `[\w.$>:-]+(?:\([^()\n]*\)|\[[^\]\n]*\]|\{\w+\})?\s*(?:\|\||\?\?|\?:|\bor\b|//)\s*`
)

// What stands in front of a host with which the environment may overrule it, and what belongs to that
// behind the host. The group is the quote, which stays.
var (
	beforeDefault = lazily(`(?:\$\{[A-Za-z_][\w.]*(?::?[-=?]|:)|\{\{-?\s*[\w.]+\s*\|\s*default\(\s*["']|(?:` + readsSetting + `|\(?` + orElse + `)(["']))$`)
	afterDefault  = lazily(`^(?:["']\s*\)\s*\}\}|\}|(["'])(?:\s*[)}]|\.\w+\(\)\)+|\)+)?)`)
)

// unwrap takes a default for the host itself: "${RELAY:-host}" is masked as a whole, and a call around a
// host in quotes leaves the quotes.
func (d *document) unwrap(m *mention) {
	line := d.rows(d.row(m.start), d.row(m.start))
	from := max(line.start, m.start-200)
	b := beforeDefault().FindSubmatchIndex(d.code[from:m.start])
	if b == nil {
		return
	}
	a := afterDefault().FindSubmatchIndex(d.code[m.end:line.end])
	if a == nil || (a[2] < 0) != (b[2] < 0) {
		return
	}
	start, end := from+b[0], m.end+a[1]
	if b[2] < 0 {
		m.start, m.end = start, end
		return
	}
	if d.code[start] == '(' && start > 0 && isWord(d.code[start-1]) {
		start++ // of a call, whose argument this is
	}
	quote := d.code[from+b[2]]
	if within := d.code[start:m.start]; bytes.Count(within, []byte("(")) <= bytes.Count(within, []byte(")")) && !bytes.ContainsRune(within, '{') {
		end = m.end + a[3] // so is the bracket behind it
	}
	for i := m.end; i < end; i++ {
		d.code[i] = ' '
	}
	d.code[start], d.code[m.end] = quote, quote
	m.start = start + 1
}

var setPattern = lazily(`([$@]?[A-Za-z_]\w{2,})["']?\s*(?::\s*[&'\w ]+)?(?:=|:=|<-|\s)\s*["']$`)

// use is where a name stands that holds the host at an offset.
type use struct{ host, at int }

// aliases are where a name stands that holds the host: the constant above, its uses below. They are
// masked like the host, so that a rule knows its program by them.
func (d *document) aliases(m mention) {
	if d.syntax.role != code && d.syntax.role != script {
		return
	}
	line := d.rows(d.row(m.start), d.row(m.start))
	set := setPattern().FindSubmatch(d.code[max(line.start, m.start-120):m.start])
	if set == nil {
		return
	}
	uses := regexp.MustCompile(`(?:^|[^\w."'$@>-])(` + regexp.QuoteMeta(string(set[1])) + `)(?:$|[^\w"'(\s=:]|\s*$|\s+[^=:\s<])`)
	for _, u := range uses.FindAllSubmatchIndex(d.code, 20) {
		if !line.holds(u[2]) {
			d.uses = append(d.uses, use{m.start, u[2] + 1})
			for i := u[2]; i < u[3]; i++ {
				d.code[i] = stand
			}
			d.code[u[2]], d.code[u[3]-1] = d.code[m.start-1], d.code[m.start-1] // in quotes, as above
		}
	}
}
