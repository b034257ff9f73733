package submission

import (
	"fmt"
	"slices"
	"strings"
)

// A Reply is what the server answered to one command: RFC 5321 4.2. All text is safe to print.
type Reply struct {
	Code     int      // three digits
	Enhanced string   // RFC 3463, "5.7.3"; empty if the server gave none
	Lines    []string // the text of each line, without code and Enhanced
}

// String gives the reply in one line, as it would look without line breaks.
func (r Reply) String() string {
	if r.Code == 0 {
		return ""
	}
	words := make([]string, 0, 2+len(r.Lines))
	words = append(words, fmt.Sprintf("%03d", r.Code))
	if r.Enhanced != "" {
		words = append(words, r.Enhanced)
	}
	for _, line := range r.Lines {
		if line != "" {
			words = append(words, line)
		}
	}
	return strings.Join(words, " ")
}

// splitEnhanced moves the enhanced code out of the text. RFC 2034 repeats it on every line, and
// its class is the first digit of the code.
func (r *Reply) splitEnhanced() {
	code, _ := cutEnhanced(r.Lines[0])
	if code == "" || int(code[0]-'0') != r.Code/100 {
		return
	}
	r.Enhanced = code
	for i, line := range r.Lines {
		if again, rest := cutEnhanced(line); again == code {
			r.Lines[i] = rest
		}
	}
}

// cutEnhanced splits "5.7.3 text". The second and third parts have up to three digits: RFC 3463 2.
func cutEnhanced(text string) (code, rest string) {
	code, rest, _ = strings.Cut(text, " ")
	parts := strings.Split(code, ".")
	if len(parts) != 3 || !slices.Contains([]string{"2", "4", "5"}, parts[0]) {
		return "", text
	}
	for _, part := range parts {
		if len(part) == 0 || len(part) > 3 || strings.Trim(part, "0123456789") != "" {
			return "", text
		}
	}
	return code, rest
}
