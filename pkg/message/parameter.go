package message

import (
	"strconv"
	"strings"
)

// maxParameter is the length of a parameter that fits on a line of its own, with the space
// before it and the semicolon behind it.
const maxParameter = foldAt - 2

// A parameter belongs to a MIME field, such as filename to Content-Disposition.
type parameter struct{ name, value string }

// mime writes a MIME field with its parameters.
func (w *fieldWriter) mime(name, value string, parameters ...parameter) {
	w.begin(name)
	w.token(value)
	for _, p := range parameters {
		for _, token := range p.tokens() {
			w.glue(';')
			w.token(token)
		}
	}
	w.end()
}

// tokens are the forms of RFC 2231, since package mime does not split long values: a
// quoted-string when that is simple and short, else percent-encoding, in as many numbered
// pieces as it takes. Encoded-words are not allowed here (RFC 2047 5).
func (p parameter) tokens() []string {
	if token := p.name + `="` + p.value + `"`; isQuotable(p.value) && len(token) <= maxParameter {
		return []string{token}
	}
	const charset = "utf-8''"
	if token := p.name + "*=" + charset + percent(p.value); len(token) <= maxParameter {
		return []string{token}
	}
	var tokens []string
	for rest, prefix := p.value, charset; rest != ""; prefix = "" {
		head := p.name + "*" + strconv.Itoa(len(tokens)) + "*=" + prefix
		n := fit(rest, maxParameter-len(head), func(s string) int { return len(percent(s)) })
		tokens = append(tokens, head+percent(rest[:n]))
		rest = rest[n:]
	}
	return tokens
}

// isQuotable leaves out quotes and backslashes, whose escapes many readers get wrong, and
// what looks like an encoded-word, which many readers decode.
func isQuotable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' || r > '~' || r == '"' || r == '\\'
	}) && !strings.Contains(s, "=?")
}

// percent encodes all but characters that no reader can mistake.
func percent(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; isAlphanumeric(rune(c)) || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}
