package migrate

import (
	"strings"
	"unicode"
)

// shellRows reads what PowerShell prints: Format-List ("Name : value") and Format-Table (a
// header, a line of dashes, columns below), several of them one after the other too.
type shellRows struct {
	lines   *reportLines
	header  string
	command string // of the last prompt
	columns []tableColumn
	pending numberedLine // read, and the beginning of the next record
	kept    bool
}

// tableColumn is a column of a table; from and to are where its dashes are, in characters.
type tableColumn struct {
	name     string
	from, to int
}

func (s *shellRows) read() (numberedLine, bool) {
	if s.kept {
		s.kept = false
		return s.pending, true
	}
	return s.lines.read()
}

func (s *shellRows) keep(line numberedLine) { s.pending, s.kept = line, true }

// next returns a record, or why it is broken; false at the end.
func (s *shellRows) next() (record, string, bool) {
	for {
		line, ok := s.read()
		switch {
		case !ok:
			return record{}, "", false
		case line.tooLong:
			return newRecord(line.number), "line too long", true
		case strings.TrimSpace(line.text) == "":
			s.columns = nil
		case s.columns != nil:
			return s.tableRow(line), "", true
		case isPrompt(line.text):
			s.command = line.text
		case isDashes(line.text):
			s.columns = columnsOf(s.header, line.text)
		case isProperty(line.text):
			return s.listRecord(line), "", true
		default:
			s.header = line.text
		}
	}
}

// listRecord reads properties up to an empty line or to a name that was there before; a line that begins
// with blanks continues the value above.
func (s *shellRows) listRecord(line numberedLine) record {
	r := newRecord(line.number)
	r.command = s.command
	last := ""
	for ok := true; ok; line, ok = s.read() {
		name, value, _ := strings.Cut(line.text, ":")
		switch {
		case strings.TrimSpace(line.text) == "":
			return r
		case strings.HasPrefix(line.text, "  "):
			if last != "" {
				r.fields[last] = clipped(r.fields[last] + strings.TrimSpace(line.text))
			}
		case !isProperty(line.text), r.has(columnName(name)):
			s.keep(line)
			return r
		default:
			r.set(name, value)
			last = columnName(name)
		}
	}
	return r
}

// isPrompt recognizes a command that was copied together with what it printed.
func isPrompt(text string) bool {
	_, command, ok := strings.Cut(text, "Get-")
	return ok && command != "" && (strings.HasPrefix(text, "Get-") || strings.Contains(text, ">"))
}

// isProperty recognizes "Name    : value", where a name is one word and a blank precedes the colon.
func isProperty(text string) bool {
	name, _, ok := strings.Cut(text, ":")
	trimmed := strings.TrimRight(name, " ")
	return ok && trimmed != "" && len(trimmed) < len(name) && !strings.ContainsFunc(trimmed, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '.'
	})
}

func isDashes(text string) bool {
	return strings.Contains(text, "--") && strings.Trim(text, "- \t") == ""
}

func columnsOf(header, dashes string) []tableColumn {
	var columns []tableColumn
	names := []rune(header)
	line := []rune(dashes)
	for i := 0; i < len(line); i++ {
		if line[i] != '-' {
			continue
		}
		c := tableColumn{from: i}
		for i < len(line) && line[i] == '-' {
			i++
		}
		c.to = i
		c.name = string(names[min(c.from, len(names)):min(c.to, len(names))])
		columns = append(columns, c)
	}
	return columns
}

// tableRow gives each word to the column whose dashes it stands under; a word under none belongs
// to the column before, whose value is wider than its name. True and False stand at the right.
func (s *shellRows) tableRow(line numberedLine) record {
	values := make([][]string, len(s.columns))
	at := 0
	for word := range strings.SplitSeq(line.text, " ") {
		width := len([]rune(word))
		if word != "" && len(s.columns) > 0 {
			i := s.columnAt(at, at+width)
			values[i] = append(values[i], word)
		}
		at += width + 1
	}
	r := newRecord(line.number)
	r.command = s.command
	for i, c := range s.columns {
		r.set(c.name, strings.Join(values[i], " "))
	}
	return r
}

func (s *shellRows) columnAt(from, to int) int {
	before := 0
	for i, c := range s.columns {
		if from < c.to && to > c.from {
			return i
		}
		if c.to <= from {
			before = i
		}
	}
	return before
}
