package message

import "strings"

// foldAt is the length that a line of the header is folded at. RFC 2047 2 limits a line
// with an encoded-word to 76; RFC 5322 2.1.1 would let others have 78.
const foldAt = 76

// A fieldWriter writes header fields, folded between tokens.
type fieldWriter struct {
	b      []byte
	column int
}

// begin starts a field.
func (w *fieldWriter) begin(name string) {
	w.b = append(append(w.b, name...), ':')
	w.column = len(name) + 1
}

// end closes the field. An empty one keeps the space that some readers expect.
func (w *fieldWriter) end() {
	if w.b[len(w.b)-1] == ':' {
		w.b = append(w.b, ' ')
	}
	w.b = append(w.b, '\r', '\n')
}

// token writes one word that must not be broken, after a space. The line after the name of
// the field is never left empty unless an encoded-word would break its own limit there.
func (w *fieldWriter) token(s string) {
	if w.column+1+len(s) > foldAt && (w.b[len(w.b)-1] != ':' || isEncodedWord(s)) {
		w.b = append(w.b, '\r', '\n')
		w.column = 0
	}
	w.b = append(append(w.b, ' '), s...)
	w.column += 1 + len(s)
}

// glue writes punctuation that belongs to the last token.
func (w *fieldWriter) glue(c byte) {
	w.b = append(w.b, c)
	w.column++
}

// structured writes a field whose tokens are given.
func (w *fieldWriter) structured(name string, tokens ...string) {
	w.begin(name)
	for _, t := range tokens {
		w.token(t)
	}
	w.end()
}

// text writes an unstructured field. Words that cannot stand as they are become
// encoded-words, neighbors together, since the space between two of them is not seen. The
// others stay, so that the syntax of a field we do not know survives. A word over longest
// octets is encoded, because only then can it be folded.
func (w *fieldWriter) text(name, value string, longest int) {
	w.begin(name)
	defer w.end()
	if value != strings.TrimSpace(value) || strings.Contains(value, "  ") {
		w.encoded(value)
		return
	}
	words := strings.Split(value, " ")
	for i := 0; i < len(words); i++ {
		if isPlain(words[i], longest) {
			if words[i] != "" {
				w.token(words[i])
			}
			continue
		}
		first := i
		for i+1 < len(words) && !isPlain(words[i+1], longest) {
			i++
		}
		w.encoded(strings.Join(words[first:i+1], " "))
	}
}

func isPlain(word string, longest int) bool {
	return len(word) <= longest && isASCII(word) && !strings.Contains(word, "=?")
}

// addresses writes a field that holds a list of addresses.
func (w *fieldWriter) addresses(name string, list []Address) {
	w.begin(name)
	for i, a := range list {
		w.mailbox(a)
		if i < len(list)-1 {
			w.glue(',')
		}
	}
	w.end()
}

// maxQuoted is the longest display name that is written as one quoted-string.
const maxQuoted = 60

func (w *fieldWriter) mailbox(a Address) {
	switch {
	case a.Name == "":
		w.token(a.Address)
		return
	case !isPlain(a.Name, maxQuoted):
		w.encoded(a.Name)
	case strings.ContainsFunc(a.Name, func(r rune) bool { return r != ' ' && !isAtext(r) }),
		strings.Contains(a.Name, "  "), strings.TrimSpace(a.Name) != a.Name:
		w.token(quotedString(a.Name))
	default:
		w.token(a.Name)
	}
	w.token("<" + a.Address + ">")
}
