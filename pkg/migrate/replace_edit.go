package migrate

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// edits collects the changes of one finding by the rows of its document.
type edits struct {
	d      *document
	v      verdict
	list   []Edit
	failed bool // a line is not as it would have to be
}

// token is the command that prints a token. Where the mailbox is known its profile is named: there may be
// others.
func (e *edits) token() string { return "o365mail token" + useProfile(e.v.sight.mailbox) }

// send is the command that sends, by its path: a cron job has none to find it by.
func (e *edits) send() string { return command + " " + e.sendArguments() }

func (e *edits) sendArguments() string { return "send" + useProfile(e.v.sight.mailbox) }

// replace puts lines in the place of the rows from one to another, both included. A row that was
// changed before stays so.
func (e *edits) replace(from, to int, lines ...string) {
	first := e.d.first
	for _, old := range e.list {
		if old.Line <= first+to && first+from <= old.EndLine {
			return
		}
	}
	e.list = append(e.list, Edit{Line: first + from, EndLine: first + to, New: lines})
}

// sorted puts the edits in order and joins what is inserted before a line with what takes that
// line's place, so that no two edits begin at one line.
func (e *edits) sorted() []Edit {
	sort.SliceStable(e.list, func(i, j int) bool {
		a, b := e.list[i], e.list[j]
		return a.Line < b.Line || a.Line == b.Line && a.EndLine < b.EndLine
	})
	var joined []Edit
	for _, next := range e.list {
		if n := len(joined) - 1; n >= 0 && joined[n].Line == next.Line {
			joined[n].EndLine = max(joined[n].EndLine, next.EndLine)
			joined[n].New = append(joined[n].New, next.New...)
			continue
		}
		joined = append(joined, next)
	}
	return joined
}

// disjoin keeps the edits of several findings in one file apart: what an earlier finding changes, a
// later one leaves alone.
func disjoin(all []Finding) {
	var taken []Edit
	path := ""
	for i := range all {
		if all[i].Path != path {
			taken, path = nil, all[i].Path
		}
		r := &all[i].Replacement
		if slices.ContainsFunc(r.Edit, func(e Edit) bool { return slices.ContainsFunc(taken, e.touches) }) {
			r.Edit = nil
			r.Steps = append(r.Steps, "scan again after the other edits of this file: they change the same lines")
		}
		taken = append(taken, r.Edit...)
	}
}

func (e Edit) touches(o Edit) bool {
	return e.Line <= max(o.EndLine, o.Line) && o.Line <= max(e.EndLine, e.Line)
}

var assignedName = lazily(`([\w.$>-]*\w)["'\]]*\s*(?:=>|[:=])`)

// losesName reports whether a name that the edits no longer set is used in a row that stays.
func (e *edits) losesName() bool {
	lines := newLines(e.list)
	for row := range e.d.lines {
		m := assignedName().FindStringSubmatch(e.d.textLine(row))
		if m == nil || !e.covers(row) || strings.Contains(lines, m[1]) {
			continue
		}
		name := regexp.QuoteMeta(m[1])
		used := `[$%]\{?(?:env:)?` + name + `\b|\[["']` + name + `["']\]`
		if m[1][0] == '$' {
			used = name + `\b`
		}
		if slices.ContainsFunc(e.rows(e.d.whole(), regexp.MustCompile(used)), func(at int) bool { return !e.covers(at) }) {
			return true
		}
	}
	return false
}

// isContained reports whether the file sets up a container, whose 127.0.0.1 is its own.
func (d *document) isContained() bool {
	if regexp.MustCompile(`(?i)compose|dockerfile|containerfile|(?:^|/)(?:k8s|kubernetes|helm|charts?|manifests|kustomize|docker|templates)/|(?:^|/)values[^/]*\.ya?ml$`).MatchString(d.name) ||
		regexp.MustCompile(`(?m)^apiVersion:|\{\{`).Match(d.code) {
		return true
	}
	for dir, up := filepath.Dir(d.path), 0; up < 2; dir, up = filepath.Join(dir, ".."), up+1 {
		for name := range strings.FieldsSeq("docker-compose.yml docker-compose.yaml compose.yml compose.yaml Dockerfile Containerfile Chart.yaml") {
			if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
				return true
			}
		}
	}
	return false
}

// hostRow and passwordRow are where the finding stands.
func (e *edits) hostRow() int { return e.d.row(e.v.mention.start) }

func (e *edits) passwordRow() (int, bool) {
	c := e.v.sight.credential
	if c == nil || c.value.end == 0 {
		return 0, false
	}
	return e.d.row(c.value.start), true
}

// margin is the space in front of a row.
func (e *edits) margin(row int) string {
	line := e.d.textLine(row)
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}

// find gives the first row in a span that a pattern fits, comments not counted.
func (e *edits) find(in span, p *regexp.Regexp) (int, bool) {
	for row := e.d.row(in.start); row < len(e.d.lines) && e.d.lines[row] < in.end; row++ {
		if p.Match(bytes.TrimRight(e.d.textAt(row), "\r\n")) {
			return row, true
		}
	}
	return 0, false
}

// rows gives all of them.
func (e *edits) rows(in span, p *regexp.Regexp) []int {
	var all []int
	for row := e.d.row(in.start); row < len(e.d.lines) && e.d.lines[row] < in.end; row++ {
		if p.Match(bytes.TrimRight(e.d.textAt(row), "\r\n")) {
			all = append(all, row)
		}
	}
	return all
}

// block is the span that the settings of this finding stand in.
func (e *edits) block() span {
	if e.d.syntax.nest == sectioned || e.d.syntax.nest == accounts {
		return e.d.section(e.v.mention.start)
	}
	return e.d.whole()
}

// set puts a line in the place of the first row that a key has in a span, or adds it before row.
func (e *edits) set(in span, key string, row int, line string) {
	p := regexp.MustCompile(`(?i)^\s*(?:export\s+|set\s+)?` + regexp.QuoteMeta(key) + `\s*(?:[=\s]|$)`)
	if at, ok := e.find(in, p); ok {
		e.replace(at, at, e.margin(at)+line)
		return
	}
	e.list = append(e.list, Edit{Line: e.d.first + row, EndLine: e.d.first + row - 1, New: []string{e.margin(e.hostRow()) + line}})
}

// drop deletes the rows of keys.
func (e *edits) drop(in span, keys ...string) {
	for _, key := range keys {
		for _, row := range e.rows(in, regexp.MustCompile(`(?i)^\s*(?:export\s+|set\s+)?`+regexp.QuoteMeta(key)+`\s*[=\s]`)) {
			e.replace(row, row)
		}
	}
}

// whole deletes server, user and password of a program that is replaced as a whole.
func (e *edits) whole() {
	e.replace(e.hostRow(), e.hostRow())
	e.passwordLine()
	e.drop(e.d.whole(), "AuthUser", "AuthPass", "username", "password")
}

// passwordLine deletes the line that holds the password, for programs that are replaced whole.
func (e *edits) passwordLine() {
	if row, ok := e.passwordRow(); ok && e.v.sight.credential.state == literal {
		e.replace(row, row)
	}
}
