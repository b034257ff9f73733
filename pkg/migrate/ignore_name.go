package migrate

import "strings"

// A nameItem is one item of the pattern for a name: a character, "?", "*" or a bracket expression.
type nameItem struct {
	char  rune
	star  bool
	any   bool
	class string // what stands between the brackets
}

// matchName compares one segment of a pattern with one name: "*", "?", "[a-z]" and the backslash.
func matchName(pattern, name string) bool {
	items, ok := parseNamePattern(pattern)
	return ok && matchSequence(items, []rune(name), nameItem.isStar, nameItem.matches)
}

func (n nameItem) isStar() bool { return n.star }

func (n nameItem) matches(r rune) bool {
	switch {
	case n.any:
		return true
	case n.class != "":
		return matchClass(n.class, r)
	}
	return n.char == r
}

// parseNamePattern refuses an open bracket and a backslash at the end, which match nothing in git.
func parseNamePattern(pattern string) ([]nameItem, bool) {
	var items []nameItem
	runes := []rune(pattern)
	for i := 0; i < len(runes); i++ {
		switch runes[i] {
		case '*':
			items = append(items, nameItem{star: true})
		case '?':
			items = append(items, nameItem{any: true})
		case '[':
			class, ok := cutClass(runes[i+1:])
			if !ok {
				return nil, false
			}
			items = append(items, nameItem{class: class})
			i += len([]rune(class)) + 1
		case '\\':
			i++
			if i == len(runes) {
				return nil, false
			}
			items = append(items, nameItem{char: runes[i]})
		default:
			items = append(items, nameItem{char: runes[i]})
		}
	}
	return items, true
}

// cutClass finds the end of a bracket expression. A bracket that comes first is a member, and so
// is one that belongs to a named class.
func cutClass(runes []rune) (string, bool) {
	i := 0
	if i < len(runes) && (runes[i] == '!' || runes[i] == '^') {
		i++
	}
	for start := i; i < len(runes); i++ {
		switch {
		case runes[i] == ']' && i > start:
			return string(runes[:i]), true
		case runes[i] == '\\':
			i++
		case runes[i] == '[' && i+1 < len(runes) && runes[i+1] == ':':
			if end := strings.Index(string(runes[i:]), ":]"); end > 0 {
				i += len([]rune(string(runes[i:])[:end])) + 1
			}
		}
	}
	return "", false
}

func matchClass(class string, r rune) bool {
	negated := strings.HasPrefix(class, "!") || strings.HasPrefix(class, "^")
	if negated {
		class = class[1:]
	}
	return classHolds([]rune(class), r) != negated
}

func classHolds(members []rune, r rune) bool {
	for i := 0; i < len(members); i++ {
		if name, length := namedClass(members[i:]); length > 0 {
			if inNamedClass(name, r) {
				return true
			}
			i += length - 1
			continue
		}
		if members[i] == '\\' && i+1 < len(members) {
			i++
		}
		low, high := members[i], members[i]
		if i+2 < len(members) && members[i+1] == '-' {
			high = members[i+2]
			i += 2
		}
		if low <= r && r <= high {
			return true
		}
	}
	return false
}

func namedClass(members []rune) (name string, length int) {
	text, ok := strings.CutPrefix(string(members), "[:")
	if !ok {
		return "", 0
	}
	name, _, ok = strings.Cut(text, ":]")
	if !ok {
		return "", 0
	}
	return name, len([]rune(name)) + len("[::]")
}

// inNamedClass knows the classes of POSIX 9.3.5 that file names use.
func inNamedClass(name string, r rune) bool {
	lower, upper, digit := 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9'
	switch name {
	case "lower":
		return lower
	case "upper":
		return upper
	case "alpha":
		return lower || upper
	case "digit":
		return digit
	case "alnum":
		return lower || upper || digit
	case "xdigit":
		return digit || 'a' <= r && r <= 'f' || 'A' <= r && r <= 'F'
	case "space", "blank":
		return r == ' ' || r == '\t'
	case "punct":
		return '!' <= r && r <= '~' && !lower && !upper && !digit
	}
	return false
}
