package message

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// plainText derives the plain text that goes beside an HTML text which came alone: filters
// distrust HTML without it. It keeps the words, paragraphs, list items, the targets of
// links and the alternative texts of images; it does not lay out tables.
func plainText(source string) string {
	var p plainWriter
	for z := html.NewTokenizer(strings.NewReader(source)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return p.String()
		case html.TextToken:
			p.text(string(z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			p.open(z.Token())
		case html.EndTagToken:
			p.close(z.Token())
		default: // comments and document types
		}
	}
}

// A plainWriter holds back space until a word follows.
type plainWriter struct {
	b       strings.Builder
	breaks  int       // line ends before the next word
	space   bool      // space before the next word
	pre     bool      // spaces and lines count
	hidden  atom.Atom // within this element nothing is shown
	link    string    // target of the open link
	written int       // where its text begins
}

func (p *plainWriter) open(t html.Token) {
	if p.hidden != 0 {
		return
	}
	switch t.DataAtom {
	case atom.Script, atom.Style, atom.Title, atom.Template:
		if t.Type == html.StartTagToken {
			p.hidden = t.DataAtom
		}
	case atom.Br:
		p.lines(p.breaks + 1)
	case atom.Li:
		p.lines(1)
		p.words("- ")
	case atom.Td, atom.Th:
		p.words(" ")
	case atom.Img:
		p.words(attribute(t, "alt"))
	case atom.A:
		p.link, p.written = attribute(t, "href"), p.b.Len()
	default:
		p.pre = p.pre || t.DataAtom == atom.Pre
		p.block(t.DataAtom)
	}
}

func (p *plainWriter) close(t html.Token) {
	if p.hidden != 0 {
		if t.DataAtom == p.hidden {
			p.hidden = 0
		}
		return
	}
	if t.DataAtom == atom.A {
		p.closeLink()
	}
	p.pre = p.pre && t.DataAtom != atom.Pre
	p.block(t.DataAtom)
}

// closeLink adds the target when it is one for people and not the text of the link itself.
func (p *plainWriter) closeLink() {
	target := strings.TrimSpace(p.link)
	shown := strings.Contains(p.b.String()[p.written:], strings.TrimPrefix(target, "mailto:"))
	web := strings.HasPrefix(target, "https:") || strings.HasPrefix(target, "http:") || strings.HasPrefix(target, "mailto:")
	if web && !shown {
		p.words(" <" + target + ">")
	}
	p.link = ""
}

// block starts a line, or a paragraph, before and behind the elements that do so.
func (p *plainWriter) block(a atom.Atom) {
	switch a {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Table,
		atom.Blockquote, atom.Pre, atom.Hr:
		p.lines(2)
	case atom.Div, atom.Tr, atom.Section, atom.Header, atom.Footer, atom.Li, atom.Body:
		p.lines(1)
	default: // inline
	}
}

func (p *plainWriter) lines(n int) { p.breaks = max(p.breaks, min(n, 2)) }

func (p *plainWriter) text(s string) {
	switch {
	case p.hidden != 0:
	case p.pre:
		p.preformatted(s)
	default:
		p.words(s)
	}
}

// preformatted writes text line by line; the line end right behind the tag does not count.
func (p *plainWriter) preformatted(s string) {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	if p.breaks > 1 || p.b.Len() == 0 {
		s = strings.TrimPrefix(s, "\n")
	}
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			p.breaks++
		}
		if strings.TrimSpace(line) != "" {
			p.word(line)
		}
	}
}

// words writes text with each run of white space as one space.
func (p *plainWriter) words(s string) {
	for i, word := range strings.Fields(s) {
		p.space = p.space || i > 0 || strings.TrimLeft(s, " \t\r\n") != s
		p.word(word)
	}
	p.space = p.space || s != "" && strings.TrimRight(s, " \t\r\n") != s
}

func (p *plainWriter) word(s string) {
	switch {
	case p.b.Len() == 0:
	case p.breaks > 0:
		p.b.WriteString(strings.Repeat("\n", p.breaks))
	case p.space:
		p.b.WriteByte(' ')
	}
	p.b.WriteString(s)
	p.breaks, p.space = 0, false
}

func (p *plainWriter) String() string { return p.b.String() + "\n" }

func attribute(t html.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
