package profile

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Bounds of nesting; the settings need three levels. The decoder recurses, and its work grows with
// the square of the depth: a megabyte of braces would take gigabytes.
const (
	maxBraces = 64
	maxDots   = 256
)

// tooDeep looks at brackets and dotted keys without regard to strings and comments, whose brackets
// balance in practice.
func tooDeep(data []byte) bool {
	braces, dots := 0, 0
	for _, b := range data {
		switch b {
		case '{', '[':
			braces++
		case '}', ']':
			braces = max(braces-1, 0)
		case '=', ',', '\n':
			dots = 0
		case '.':
			dots++
		}
		if braces > maxBraces || dots > maxDots {
			return true
		}
	}
	return false
}

// textOf writes a TOML value the way a flag or a variable would give it, if it has the right type.
func textOf(kind Kind, value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, kind == Text
	case int64:
		return strconv.FormatInt(v, 10), kind == Number
	case bool:
		return strconv.FormatBool(v), kind == Switch
	case map[string]any:
		text, ok := pairsOf(v)
		return text, ok && kind == Table
	default:
		return "", false
	}
}

func pairsOf(table map[string]any) (string, bool) {
	var pairs []string
	for _, name := range sortedKeys(table) {
		value, ok := table[name].(string)
		if !ok {
			return "", false
		}
		pairs = append(pairs, name+"="+value)
	}
	return strings.Join(pairs, ","), true
}

func sortedKeys(table map[string]any) []string { return slices.Sorted(maps.Keys(table)) }
