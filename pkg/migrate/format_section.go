package migrate

import "bytes"

// section is the run of rows under the heading above an offset.
func (d *document) section(at int) span {
	from := d.row(at)
	to := from
	for from > 0 && !d.heading(from) {
		from--
	}
	for to+1 < len(d.lines) && !d.heading(to+1) {
		to++
	}
	return d.rows(from, to)
}

// subsections is a section of an ini or TOML file with those behind it that are named under it:
// [mail] and [mail.auth].
func (d *document) subsections(at int) (span, bool) {
	s := d.section(at)
	name := bytes.TrimRight(bytes.TrimSpace(d.textAt(d.row(s.start))), "]")
	if d.syntax.nest != sectioned || len(name) < 2 || name[0] != '[' {
		return s, false
	}
	all := s
	for all.end < len(d.text) && bytes.HasPrefix(bytes.TrimSpace(d.textAt(d.row(all.end))), append(bytes.Clone(name), '.')) {
		all.end = d.section(all.end).end
	}
	return all, all.end > s.end
}

func (d *document) heading(row int) bool {
	line := bytes.TrimSpace(d.textAt(row))
	if d.syntax.nest == accounts {
		word, _, _ := bytes.Cut(line, []byte(" "))
		return bytes.EqualFold(word, []byte("account")) || bytes.EqualFold(word, []byte("defaults")) || bytes.EqualFold(word, []byte("machine"))
	}
	return len(line) > 2 && line[0] == '[' && (line[len(line)-1] == ']' || bytes.Contains(line, []byte("] ")))
}

// defaults is the section that holds for all others: msmtp's "defaults", "[DEFAULT]" of an ini file.
func (d *document) defaults() (span, bool) {
	for row := range d.lines {
		line := bytes.ToLower(bytes.TrimSpace(d.textAt(row)))
		if bytes.Equal(line, []byte("defaults")) || bytes.Equal(line, []byte("[default]")) {
			return d.section(d.lines[row] + bytes.IndexFunc(d.textAt(row), func(r rune) bool { return r > ' ' })), true
		}
	}
	return span{}, false
}
