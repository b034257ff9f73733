package migrate

import (
	"bytes"
	"regexp"
	"sort"
	"strings"
)

// stand takes the place of each letter of a submission host in document.code, so that a rule's
// pattern can ask for a host in one letter. It occurs in no text file.
const stand = '\x01'

// document is a file, a part of a large file, or a file inside a file.
type document struct {
	path   string // for the finding
	name   string // with slashes, from the top of the disk: what the rules go by
	place  string // with slashes, from the root that was given: what the judgement goes by
	first  int    // number of the first line
	own    span   // where hosts are judged; the rest was or will be seen with its other side
	inner  bool   // stands inside another file
	aside  string // what it is when it only talks about mail
	copied bool   // text is not what the file holds, so that its lines cannot be edited
	syntax syntax
	text   []byte
	code   []byte // text with comments blanked and hosts masked by stand
	lines  []int  // where lines start
	hosts  []mention
	uses   []use
	known  map[string]state // what variables hold, as far as it was looked up

	// On first use, for the next host asks for the same.
	pairs      []span                   // brackets or tags that enclose something, by start
	small      []byte                   // code in small letters
	names      []int                    // how closely the names of each rule fit
	said       map[*regexp.Regexp][]int // where words of OAuth stand
	users      []userKey                // of the span that was asked for
	asked      span
	others     []*document // that this one includes
	asksOthers bool
}

// incomparable is a field of structs that nothing compares: the code that could is left out of the
// release, where it would be a page.
type incomparable [0]func()

// span is a range of offsets.
type span struct{ start, end int }

func (s span) holds(at int) bool { return s.start <= at && at < s.end }

func newDocument(path, name string, text []byte) *document {
	d := &document{path: path, name: name, place: name, first: 1, text: text, own: span{0, len(text) + 1}}
	d.syntax = syntaxOf(name, text)
	d.mask()
	return d
}

// mask splits the text in lines and finds the hosts that are not in comments.
func (d *document) mask() {
	d.lines = append(d.lines[:0], 0)
	for i, c := range d.text {
		if c == '\n' {
			d.lines = append(d.lines, i+1)
		}
	}
	d.code = withoutComments(d.text, d.syntax)
	d.small, d.said, d.asked, d.pairs = nil, nil, span{}, nil
	d.hosts = mentions(d.code)
	for i := range d.hosts {
		d.unwrap(&d.hosts[i])
		d.hide(d.hosts[i])
	}
	d.uses = nil
	for _, m := range d.hosts {
		d.aliases(m)
	}
}

func (d *document) hide(m mention) {
	for i := m.start; i < m.end; i++ {
		d.code[i] = stand
	}
	d.small = nil
}

// row is the index of the line that holds an offset.
func (d *document) row(at int) int {
	return sort.Search(len(d.lines), func(i int) bool { return d.lines[i] > at }) - 1
}

// line is the number of the line in the file.
func (d *document) line(at int) int {
	return d.first + d.row(at)
}

// rows is the span of the lines from one row to another, both included.
func (d *document) rows(from, to int) span {
	from, to = max(from, 0), min(to, len(d.lines)-1)
	end := len(d.text)
	if to+1 < len(d.lines) {
		end = d.lines[to+1]
	}
	return span{d.lines[from], end}
}

// lineOf is the whole line around an offset, comments blanked.
func (d *document) lineOf(at int) []byte {
	s := d.rows(d.row(at), d.row(at))
	return d.code[s.start:s.end]
}

// textLine is the line as it stands in the file, without its end.
func (d *document) textLine(row int) string {
	s := d.rows(row, row)
	return strings.TrimRight(string(d.text[s.start:s.end]), "\r\n")
}

func (d *document) whole() span { return span{0, len(d.text)} }

// indent is the depth of a row: its leading space, a list's dash counted as space. Empty rows
// have none.
func (d *document) indent(row int) int {
	s := d.rows(row, row)
	for i := s.start; i < s.end; i++ {
		switch c := d.code[i]; {
		case c == '\n' || c == '\r':
			return -1
		case c == ' ' || c == '\t':
		case c == '-' && i+1 < s.end && d.code[i+1] == ' ' && d.syntax.role == config:
		default:
			return i - s.start
		}
	}
	return -1
}

// continued is the command around an offset with the lines that a trailing backslash, backtick or
// caret joins to it.
func (d *document) continued(at int) span {
	from := d.row(at)
	to := from
	for from > 0 && d.joins(from-1) {
		from--
	}
	for to+1 < len(d.lines) && d.joins(to) {
		to++
	}
	return d.rows(from, to)
}

func (d *document) joins(row int) bool {
	s := d.rows(row, row)
	line := bytes.TrimRight(d.code[s.start:s.end], " \t\r\n")
	return bytes.HasSuffix(line, []byte(`\`)) || bytes.HasSuffix(line, []byte("`")) || bytes.HasSuffix(line, []byte("^")) ||
		bytes.HasSuffix(line, []byte("|"))
}
