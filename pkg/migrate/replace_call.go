package migrate

import (
	"slices"
	"strings"
)

// A foreignCall is the call of another mail command, on its way to one of ours. Its words keep their quotes.
type foreignCall struct {
	options  string // what becomes of each option
	many     bool   // an option takes all words up to the next one
	operands bool   // recipients stand without an option
	args     []string
	to       []string
	rest     []string // redirections
	body     string
}

// newForeignCall knows the options of the program of a rule.
func newForeignCall(rule string) *foreignCall {
	return &foreignCall{options: texts().Calls[rule], many: rule == "sendemail-perl", operands: rule == "mailx-cmdline"}
}

// read takes the words behind the program; false when one is not understood or nobody is written to.
func (c *foreignCall) read(words []string) bool {
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		switch {
		case isRedirection(word):
			c.rest = append(c.rest, word)
			if strings.Trim(word, "<>012") == "" && len(words) > 0 {
				c.rest, words = append(c.rest, words[0]), words[1:]
			}
		case word[0] == '-':
			taken, ok := c.option(word, words)
			if !ok {
				return false
			}
			words = words[taken:]
		case !c.operands:
			return false
		default:
			c.to = append(c.to, word)
		}
	}
	return len(c.to) > 0 || slices.Contains(c.args, "--to")
}

func isRedirection(word string) bool {
	return strings.IndexAny(strings.TrimLeft(word, "012"), "<>") == 0
}

// option takes an option and tells how many of the words behind it are its values.
func (c *foreignCall) option(word string, behind []string) (taken int, ok bool) {
	name, value, assigned := strings.Cut(word, "=")
	_, what, known := strings.Cut(c.options, " "+name+"=")
	if !known {
		return 0, false
	}
	values := []string{value}
	if !assigned {
		for what[0] != 'n' && taken < len(behind) && behind[taken][0] != '-' && !isRedirection(behind[taken]) && (taken == 0 || c.many) {
			taken++
		}
		values = behind[:taken]
	}
	for _, v := range values {
		if !c.take(what[0], v) {
			return 0, false
		}
	}
	return taken, true
}

// take translates one value.
func (c *foreignCall) take(what byte, value string) bool {
	switch what {
	case 'v', 'n':
		return true
	case 'm':
		c.body = value
		return strings.Trim(value, `"'-`) != "" && !strings.Contains(value[:min(2, len(value))], "@")
	case 'o':
		return !strings.Contains(value, "message-")
	case 'h':
		if !strings.Contains(value, "Subject: ") {
			return false
		}
		value = strings.Replace(value, "Subject: ", "", 1)
	}
	_, option, _ := strings.Cut("f--from t--to c--cc b--bcc s--subject h--subject ", string(what))
	option, _, _ = strings.Cut(option, " ")
	c.args = append(c.args, option, value)
	return true
}

// line is the call of ours.
func (c *foreignCall) line(send string) string {
	words := append([]string{send}, c.args...)
	if c.body != "" {
		words = append([]string{"printf", `'%s\n'`, c.body, "|"}, words...)
	}
	if len(c.to) > 0 {
		words = append(append(words, "--"), c.to...)
	}
	return strings.Join(append(words, c.rest...), " ")
}

// shellWords splits a command as sh(1) does and leaves the quotes where they are; false when one is not
// closed.
func shellWords(s string) ([]string, bool) {
	var words []string
	var quote byte
	from := -1
	for i := 0; i < len(s); i++ {
		blank := quote == 0 && (s[i] == ' ' || s[i] == '\t')
		if blank && from >= 0 {
			words, from = append(words, s[from:i]), -1
		}
		if !blank && from < 0 {
			from = i
		}
		switch {
		case s[i] == '\\' && quote != '\'':
			i++
		case quote != 0 && s[i] == quote:
			quote = 0
		case quote == 0 && (s[i] == '"' || s[i] == '\''):
			quote = s[i]
		}
	}
	if from >= 0 {
		words = append(words, s[from:])
	}
	return words, quote == 0
}
