package migrate

import "bytes"

// withoutComments is text with every comment blanked out: same length, same lines. In doubt a
// string ends at the end of its line, so that one stray quote spoils one line at most.
func withoutComments(text []byte, s syntax) []byte {
	out := bytes.Clone(text)
	m := masker{in: text, out: out, s: s}
	for m.at < len(text) {
		m.step()
	}
	return out
}

type masker struct {
	in, out []byte
	s       syntax
	at      int
	quote   byte
	begun   bool // something other than space stands before on this line
}

func (m *masker) step() {
	c := m.in[m.at]
	switch {
	case c == '\n':
		m.begun = false
		if m.quote != '`' {
			m.quote = 0
		}
		m.at++
	case m.quote != 0:
		m.insideString(c)
	case m.comment():
	case m.begun && m.tripled(m.in[m.at:]) > 0:
		m.at += m.tripled(m.in[m.at:])
	case m.s.quoting && isQuote(c) && m.opens(c):
		m.quote, m.begun = c, true
		m.at++
	default:
		m.begun = m.begun || c > ' '
		m.at++
	}
}

func (m *masker) insideString(c byte) {
	switch {
	case c == '\\' && m.at+1 < len(m.in) && m.in[m.at+1] != '\n':
		m.at += 2
	default:
		if c == m.quote {
			m.quote = 0
		}
		m.at++
	}
}

// opens refuses the apostrophe of a word and a quote that starts a comment in Basic.
func (m *masker) opens(c byte) bool {
	return c != '\'' || m.at == 0 || !isWord(m.in[m.at-1])
}

// comment blanks a comment that starts here.
func (m *masker) comment() bool {
	rest := m.in[m.at:]
	if doc := m.docstring(rest); doc > 0 {
		m.blank(doc)
		return true
	}
	for _, b := range m.s.block {
		if hasPrefixFold(rest, b[0]) && (b[0][0] != '=' || m.at == 0 || m.in[m.at-1] == '\n') {
			n := bytes.Index(rest[len(b[0]):], []byte(b[1]))
			if n < 0 {
				n = len(rest) - len(b[0]) - len(b[1])
			}
			m.blank(max(n+len(b[0])+len(b[1]), len(b[0])))
			return true
		}
	}
	if !m.startsLineComment(rest) {
		return false
	}
	n := bytes.IndexByte(rest, '\n')
	if n < 0 {
		n = len(rest)
	}
	m.blank(n)
	return true
}

func (m *masker) startsLineComment(rest []byte) bool {
	if !m.begun {
		for _, sign := range m.s.start {
			if hasPrefixFold(rest, sign) {
				return true
			}
		}
	}
	for _, sign := range m.s.line {
		if hasPrefixFold(rest, sign) && m.standsApart(sign) {
			return true
		}
	}
	return false
}

// standsApart keeps the # of a URL or of $#, the // of a URL and the apostrophe of a word.
func (m *masker) standsApart(sign string) bool {
	if m.at == 0 || !m.begun {
		return true
	}
	before := m.in[m.at-1]
	switch sign {
	case "//":
		return before != ':' && before != '/'
	case "#", "'", "--":
		return before == ' ' || before == '\t' || before == ';' || before == ')' || before == '}'
	}
	return true
}

// docstring is the length of a Python string in triple quotes that stands alone on its line.
func (m *masker) docstring(rest []byte) int {
	if m.begun {
		return 0
	}
	return m.tripled(rest)
}

// tripled is the length of a text in three quotes.
func (m *masker) tripled(rest []byte) int {
	if m.s.nest != indented || m.s.role != code {
		return 0
	}
	for _, sign := range []string{`"""`, "'''"} {
		if bytes.HasPrefix(rest, []byte(sign)) {
			n := bytes.Index(rest[3:], []byte(sign))
			if n < 0 {
				return len(rest)
			}
			return n + 6
		}
	}
	return 0
}

func (m *masker) blank(n int) {
	n = min(n, len(m.in)-m.at)
	for i := m.at; i < m.at+n; i++ {
		if m.out[i] != '\n' && m.out[i] != '\r' {
			m.out[i] = ' '
		}
	}
	m.at += n
}

func isQuote(c byte) bool { return c == '"' || c == '\'' || c == '`' }

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_'
}

func hasPrefixFold(b []byte, prefix string) bool {
	return len(b) >= len(prefix) && bytes.EqualFold(b[:len(prefix)], []byte(prefix))
}
