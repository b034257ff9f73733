package migrate

import (
	"fmt"
	"strings"
)

// maxRowLines bounds a row whose quoted fields hold line ends; a lost quote must not swallow the file.
const maxRowLines = 100

// csvRows reads rows as RFC 4180 has them, and goes on behind one that is broken.
type csvRows struct {
	lines  *reportLines
	comma  byte
	header []string // normalized
}

// newCSVRows reads the header. Export-Csv of PowerShell 5.1 begins with a line "#TYPE", Excel's with "sep=".
func newCSVRows(lines *reportLines) (*csvRows, bool) {
	c := &csvRows{lines: lines, comma: ','}
	for {
		line, ok := lines.read()
		if !ok || line.tooLong {
			return nil, false
		}
		text := strings.TrimSpace(line.text)
		if isPreamble(text) {
			continue
		}
		c.comma = commonest(text, ",;\t")
		header, whole := splitCSV(text, c.comma)
		for _, name := range header {
			c.header = append(c.header, columnName(name))
		}
		return c, whole && len(header) > 1 && len(header) <= maxReportFields
	}
}

// isPreamble recognizes what may stand above a header.
func isPreamble(text string) bool {
	return text == "" || strings.HasPrefix(text, "#TYPE") || strings.HasPrefix(strings.ToLower(text), "sep=") || isPrompt(text)
}

// commonest is the separator that occurs most often.
func commonest(text, of string) byte {
	best := of[0]
	for i := range len(of) {
		if strings.Count(text, of[i:i+1]) > strings.Count(text, string(best)) {
			best = of[i]
		}
	}
	return best
}

// next returns a row, or why it is broken; false at the end.
func (c *csvRows) next() (record, string, bool) {
	line, ok := c.lines.read()
	for ok && strings.TrimSpace(line.text) == "" && !line.tooLong {
		line, ok = c.lines.read()
	}
	if !ok {
		return record{}, "", false
	}
	fields, why := c.row(line)
	r := newRecord(line.number)
	if why != "" {
		return r, why, true
	}
	if len(fields) != len(c.header) {
		return r, fmt.Sprintf("%d fields, the header has %d", len(fields), len(c.header)), true
	}
	for i, name := range c.header {
		r.setColumn(name, fields[i])
	}
	return r, "", true
}

// row joins the lines of a row. Where the closing quote is missing, only the first line is given up.
func (c *csvRows) row(first numberedLine) ([]string, string) {
	if first.tooLong {
		return nil, "line too long"
	}
	text, taken := first.text, []numberedLine(nil)
	for {
		fields, whole := splitCSV(text, c.comma)
		if whole {
			return fields, ""
		}
		line, ok := c.lines.read()
		if ok {
			taken = append(taken, line)
		}
		if !ok || line.tooLong || len(taken) > maxRowLines || len(text)+len(line.text) > maxReportLine {
			c.lines.unread(taken)
			return nil, "a quote is not closed"
		}
		text += "\n" + line.text
	}
}

// splitCSV splits a row; it is not whole when a quoted field goes on.
func splitCSV(text string, comma byte) (fields []string, whole bool) {
	var field strings.Builder
	quoted := false
	for i := 0; i < len(text); i++ {
		b := text[i]
		switch {
		case quoted && b == '"' && i+1 < len(text) && text[i+1] == '"':
			field.WriteByte('"')
			i++
		case b == '"' && (quoted || field.Len() == 0):
			quoted = !quoted
		case b == comma && !quoted:
			fields = append(fields, field.String())
			field.Reset()
		default:
			field.WriteByte(b)
		}
	}
	return append(fields, field.String()), !quoted
}
