package migrate

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// printable writes control characters, marks that turn the direction of text, and broken UTF-8 as Go
// does in a quoted string. Names of files and values in them can hold anything.
func printable(s string) string {
	if utf8.ValidString(s) && !strings.ContainsFunc(s, isHidden) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if !isHidden(r) && r != utf8.RuneError {
			b.WriteRune(r)
			continue
		}
		quoted := strconv.QuoteRuneToASCII(r)
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	return b.String()
}

func isHidden(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }

// page is text under construction; the writers of the formats hand it over when it is whole.
type page struct{ text []byte }

// line writes the parts and ends the line. Inlined at its hundred places it would be the largest part
// of the package.
//
//go:noinline
func (p *page) line(parts ...string) {
	for _, s := range parts {
		p.text = append(p.text, s...)
	}
	p.text = append(p.text, '\n')
}

// fill writes markup and in the place of each ~ the next value, made safe.
func (p *page) fill(safe func(string) string, markup string, values ...string) {
	for _, v := range values {
		before, after, _ := strings.Cut(markup, "~")
		p.text = append(append(p.text, before...), safe(v)...)
		markup = after
	}
	p.line(markup)
}

// String is the text so far.
func (p *page) String() string { return string(p.text) }

// plural is "1 file" or "2 files".
func plural[N int | int64](n N, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.FormatInt(int64(n), 10) + " " + many
}
