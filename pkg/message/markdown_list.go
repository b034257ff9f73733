package message

import (
	"strings"
)

// listMarker reads "- ", "* ", "+ ", "1. " or "1) " in front of a line: the first number for an
// ordered list, else the sign; and where the text begins.
func listMarker(line string) (marker string, ordered bool, width int) {
	indent := indentOf(line)
	text := line[indent:]
	if indent > 3 || text == "" {
		return "", false, 0
	}
	end := 1
	if text[0] == '-' || text[0] == '*' || text[0] == '+' {
		marker = text[:1]
	} else {
		for end = 0; end < len(text) && end < 9 && text[end] >= '0' && text[end] <= '9'; {
			end++
		}
		if end == 0 || end == len(text) || text[end] != '.' && text[end] != ')' {
			return "", false, 0
		}
		marker, ordered = text[:end], true
		end++
	}
	if end == len(text) {
		return marker, ordered, indent + end
	}
	if text[end] != ' ' {
		return "", false, 0
	}
	return marker, ordered, indent + end + min(indentOf(text[end:]), 4)
}

// list is a sequence of items of one kind. Blank lines between its items make paragraphs of them.
func (m *markdown) list(lines []string, depth int) int {
	first, ordered, _ := listMarker(lines[0])
	if first == "" || depth == maxMarkdownNesting || isRule(lines[0]) {
		return 0
	}
	items, n, loose := listItems(lines, first, ordered)
	tag := "ul"
	attributes := ""
	if ordered {
		tag = "ol"
		if start := strings.TrimLeft(first, "0"); start != "1" && start != "" {
			attributes = ` start="` + start + `"`
		}
	}
	m.b.WriteString("<" + tag + attributes + ">\n")
	for _, item := range items {
		m.item(item, loose, depth)
	}
	m.b.WriteString("</" + tag + ">\n")
	return n
}

// listItems takes the lines of each item without their indent.
func listItems(lines []string, first string, ordered bool) (items [][]string, n int, loose bool) {
	width := 0
	for n < len(lines) {
		line := lines[n]
		marker, isOrdered, textAt := listMarker(line)
		switch {
		case isBlank(line):
			blank := blankRun(lines[n:])
			if !goesOn(lines[n+blank:], first, ordered, width) {
				return items, n, loose
			}
			loose = true
			items[len(items)-1] = append(items[len(items)-1], lines[n:n+blank]...)
			n += blank - 1
		case len(items) > 0 && indentOf(line) >= width:
			items[len(items)-1] = append(items[len(items)-1], line[width:])
		case sameList(marker, isOrdered, first, ordered) && !isRule(line):
			width = textAt
			items = append(items, []string{line[min(textAt, len(line)):]})
		case marker == "" && !startsBlock(line) && !isBlank(lines[n-1]):
			items[len(items)-1] = append(items[len(items)-1], strings.TrimLeft(line, " ")) // a paragraph goes on without indent
		default:
			return items, n, loose
		}
		n++
	}
	return items, n, loose
}

func sameList(marker string, isOrdered bool, first string, ordered bool) bool {
	return marker != "" && isOrdered == ordered && (ordered || marker == first)
}

func blankRun(lines []string) int {
	n := 0
	for n < len(lines) && isBlank(lines[n]) {
		n++
	}
	return n
}

// goesOn reports whether what follows blank lines belongs to the list.
func goesOn(lines []string, first string, ordered bool, width int) bool {
	if len(lines) == 0 {
		return false
	}
	marker, isOrdered, _ := listMarker(lines[0])
	return indentOf(lines[0]) >= width || sameList(marker, isOrdered, first, ordered) && !isRule(lines[0])
}

func (m *markdown) item(lines []string, loose bool, depth int) {
	text := ""
	if len(lines) > 0 {
		lines[0], text = taskBox(lines[0])
	}
	m.b.WriteString("<li>" + text)
	n := 0
	for !loose && n < len(lines) && !isBlank(lines[n]) && (n == 0 || !startsBlock(lines[n])) && (n > 0 || !startsBlock(lines[0])) {
		n++
	}
	if n > 0 {
		m.b.WriteString(inlineMarkdown(joinLines(lines[:n]), 0))
	}
	if n < len(lines) {
		m.b.WriteString("\n")
		m.blocks(lines[n:], depth+1)
	}
	m.b.WriteString("</li>\n")
}

// taskBox turns the brackets of a task into a box that every mail program shows.
func taskBox(line string) (rest, box string) {
	for mark, sign := range map[string]string{"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "} {
		if text, ok := strings.CutPrefix(line, mark); ok {
			return text, sign
		}
	}
	return line, ""
}

// table is a row of names, a row of dashes and rows of cells, all divided by bars.
func (m *markdown) table(lines []string, _ int) int {
	if len(lines) < 2 || !strings.Contains(lines[0], "|") || !isDivider(lines[1]) {
		return 0
	}
	names := cells(lines[0])
	if len(names) != len(cells(lines[1])) {
		return 0
	}
	m.b.WriteString("<table>\n<thead>\n")
	m.row(names, "th", len(names))
	m.b.WriteString("</thead>\n<tbody>\n")
	n := 2
	for ; n < len(lines) && strings.Contains(lines[n], "|"); n++ {
		m.row(cells(lines[n]), "td", len(names))
	}
	m.b.WriteString("</tbody>\n</table>\n")
	return n
}

func isDivider(line string) bool {
	return strings.Contains(line, "-") && strings.Contains(line, "|") && strings.Trim(line, " |:-") == ""
}

// cells splits a row. A bar behind a backslash is a part of its cell.
func cells(line string) []string {
	line = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(line), "|"), "|")
	var all []string
	start := 0
	for i := range len(line) {
		if line[i] == '|' && (i == 0 || line[i-1] != '\\') {
			all = append(all, strings.TrimSpace(line[start:i]))
			start = i + 1
		}
	}
	return append(all, strings.TrimSpace(line[start:]))
}

// row writes as many cells as the table has columns.
func (m *markdown) row(texts []string, tag string, columns int) {
	m.b.WriteString("<tr>")
	for i := range columns {
		text := ""
		if i < len(texts) {
			text = inlineMarkdown(texts[i], 0)
		}
		m.b.WriteString("<" + tag + ">" + text + "</" + tag + ">")
	}
	m.b.WriteString("</tr>\n")
}
