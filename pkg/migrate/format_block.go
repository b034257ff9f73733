package migrate

import (
	"bytes"
	"slices"
	"sort"
)

// widest is how many lines around a host are looked at in a program whose structure says no more.
const widest = 150

// around lists the spans that enclose an offset, from the narrowest that can hold a host and its
// credential to the widest. wide is the index from which on a neighbor is only near, not in the
// same block.
func (d *document) around(at int) (spans []span, wide int) {
	spans = []span{d.continued(at)}
	switch d.syntax.nest {
	case braces:
		spans = append(spans, d.enclosing(at)...)
	case tagged:
		spans = append(spans, d.enclosing(at)...)
	case indented:
		spans = append(spans, d.levels(at)...)
	case sectioned, accounts:
		spans = append(spans, d.section(at))
		if s, more := d.subsections(at); more {
			spans = append(spans, s)
		}
	case flat: // nothing but the lines around it
	}
	wide = len(spans)
	switch {
	case d.syntax.nest == sectioned && d.syntax.role == config, d.syntax.nest == accounts:
		if s, ok := d.defaults(); ok {
			spans = append(spans, s)
		}
	case d.syntax.role == config || d.syntax.role == unnamed:
		spans = append(spans, d.near(at, 25), d.whole())
	default:
		spans = append(spans, d.near(at, 12), d.near(at, 40), d.near(at, widest))
	}
	return spans, wide
}

func (d *document) near(at, rows int) span {
	row := d.row(at)
	return d.rows(row-rows, row+rows)
}

// sortSpans orders by start, an outer span before the ones inside it.
func sortSpans(all []span) {
	sort.Slice(all, func(i, j int) bool {
		a, b := all[i], all[j]
		return a.start < b.start || a.start == b.start && a.end > b.end
	})
}

// enclosing lists the brackets or tags around an offset, innermost first.
func (d *document) enclosing(at int) []span {
	if d.pairs == nil {
		d.pairs = d.match()
	}
	var all []span
	for _, p := range d.pairs {
		if p.holds(at) && p.end-p.start < len(d.text) {
			all = append(all, p)
		}
	}
	slices.Reverse(all)
	return all
}

// match pairs brackets, or tags, in order of their start. Depth and number are bounded, so that
// a hostile file costs no more than its length.
func (d *document) match() []span {
	var pairs []span
	if d.syntax.nest == tagged {
		pairs = d.matchTags()
	} else {
		pairs = matchBrackets(d.code)
	}
	if pairs == nil {
		pairs = []span{}
	}
	return pairs
}

const maxPairs = 20000

func matchBrackets(b []byte) []span {
	var open []int
	var pairs []span
	quote := byte(0)
	for i, c := range b {
		switch {
		case c == '\n' && quote != '`':
			quote = 0
		case quote != 0:
			if c == quote && b[i-1] != '\\' {
				quote = 0
			}
		case c == '"' || c == '`' || c == '\'' && (i == 0 || !isWord(b[i-1])):
			quote = c
		case c == '{' || c == '[' || c == '(':
			open = append(open, i)
		case (c == '}' || c == ']' || c == ')') && len(open) > 0:
			pairs = append(pairs, span{open[len(open)-1], i + 1})
			open = open[:len(open)-1]
		}
		if len(pairs) > maxPairs || len(open) > maxPairs {
			break
		}
	}
	sortSpans(pairs)
	return pairs
}

var tagPattern = lazily(`<(/?)([A-Za-z_][\w.:-]*)(?:\s[^<>]*)?(/?)>`)

// matchTags pairs an element's start with its end; the start counts from its <, so that attributes
// are inside.
func (d *document) matchTags() []span {
	type start struct {
		name string
		at   int
	}
	var open []start
	var pairs []span
	for _, m := range tagPattern().FindAllSubmatchIndex(d.code, maxPairs) {
		name := string(d.code[m[4]:m[5]])
		switch {
		case m[6] != m[7]:
			pairs = append(pairs, span{m[0], m[1]})
		case m[2] == m[3]:
			open = append(open, start{name, m[0]})
			pairs = append(pairs, span{m[0], m[1]})
		default:
			for i, o := range slices.Backward(open) {
				if o.name == name {
					pairs = append(pairs, span{o.at, m[1]})
					open = open[:i]
					break
				}
			}
		}
	}
	sortSpans(pairs)
	return pairs
}

// levels lists the blocks of an indented format around an offset, innermost first.
func (d *document) levels(at int) []span {
	var all []span
	row := d.row(at)
	depth := d.indent(row)
	for depth > 0 && len(all) < 16 {
		from, to := d.level(row, depth)
		all = append(all, d.rows(from, to))
		if from == 0 {
			break
		}
		row = from - 1
		for row > 0 && d.indent(row) < 0 {
			row--
		}
		depth = d.indent(row)
		if d.syntax.role == code {
			break // a function's body; what is around it has no order
		}
		all = append(all, d.rows(row, to))
	}
	return all
}

// level is the run of rows that are at least as deep as depth.
func (d *document) level(row, depth int) (from, to int) {
	from, to = row, row
	for from > 0 && d.deep(from-1, depth) {
		from--
		if d.item(from, depth) {
			break
		}
	}
	for to+1 < len(d.lines) && d.deep(to+1, depth) && !d.item(to+1, depth) {
		to++
	}
	return from, to
}

func (d *document) deep(row, depth int) bool {
	n := d.indent(row)
	return n < 0 || n >= depth
}

// item tells the first row of the next element of a list of mappings, which is as deep as the keys
// of the element before it. "- KEY=value" and "- name: X" alone are elements of one list.
func (d *document) item(row, depth int) bool {
	s := d.rows(row, row)
	line := bytes.TrimLeft(d.code[s.start:s.end], " \t")
	if !bytes.HasPrefix(line, []byte("- ")) || d.indent(row) != depth {
		return false
	}
	return row+1 < len(d.lines) && d.indent(row+1) >= depth && !bytes.HasPrefix(bytes.TrimLeft(d.textAt(row+1), " \t"), []byte("- "))
}

func (d *document) textAt(row int) []byte {
	s := d.rows(row, row)
	return d.code[s.start:s.end]
}

// owner is what an offset stands under: keys above it, section title, names in front of brackets.
func (d *document) owner(at int) []byte {
	switch d.syntax.nest {
	case indented:
		return d.parents(at)
	case sectioned, accounts:
		s := d.section(at)
		return d.textAt(d.row(s.start))
	case braces, tagged:
		var names []byte
		for _, p := range d.enclosing(at) {
			names = append(names, d.before(p.start)...)
			names = append(names, ' ')
		}
		return names
	case flat: // nothing stands above a line
	}
	return nil
}

// before is the text on the same line in front of a bracket, or the tag itself.
func (d *document) before(at int) []byte {
	s := d.rows(d.row(at), d.row(at))
	if d.syntax.nest == tagged {
		end := bytes.IndexAny(d.code[at:s.end], " >\n")
		return d.code[at : at+max(end, 0)]
	}
	return d.code[max(s.start, at-60):at]
}

func (d *document) parents(at int) []byte {
	var names []byte
	row := d.row(at)
	depth := d.indent(row)
	for row > 0 && depth > 0 {
		row--
		if n := d.indent(row); n >= 0 && n < depth {
			depth = n
			key, _, _ := bytes.Cut(d.textAt(row), []byte(":"))
			names = append(append(names, key...), ' ')
		}
	}
	return names
}
