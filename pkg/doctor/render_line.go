package doctor

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// lineLimit bounds what one observation may take in a report for people, in characters: replies
// come from servers, and one of them could fill a screen or a pager's memory.
const lineLimit = 2000

// oneLine makes text safe for a terminal, a log and a page: one line, no control characters, no
// escape sequences, no marks that turn the direction of writing, valid UTF-8, bounded.
func oneLine(text string) string { return boundedLine(text, lineLimit) }

func boundedLine(text string, limit int) string {
	var b strings.Builder
	shown, gap := 0, false
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if unicode.IsSpace(r) {
			gap, i = true, i+size
			continue
		}
		if shown >= limit {
			return b.String() + "..."
		}
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
			shown++
		}
		gap = false
		writeVisible(&b, r, text[i:i+size])
		shown++
		i += size
	}
	return b.String()
}

// writeVisible writes a character, or what it is called where it cannot be shown.
func writeVisible(b *strings.Builder, r rune, raw string) {
	switch {
	case r == utf8.RuneError && len(raw) == 1:
		fmt.Fprintf(b, `\x%02x`, raw[0])
	case unicode.IsPrint(r):
		b.WriteRune(r)
	case r < utf8.RuneSelf:
		fmt.Fprintf(b, `\x%02x`, r)
	default:
		fmt.Fprintf(b, `\u%04x`, r)
	}
}

// wrap breaks text at spaces so that no line passes the width where words allow; later lines begin
// with the indent, which counts for the first one too. A width of zero breaks nothing.
func wrap(text string, width int, indent string) string {
	room := width - utf8.RuneCountInString(indent)
	if width <= 0 || room < 20 {
		return text
	}
	var b strings.Builder
	used := 0
	for i, word := range strings.Fields(text) {
		length := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case used+1+length > room:
			b.WriteString("\n" + indent)
			used = 0
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += length
	}
	return b.String()
}

// whoName says who can repair something, in words.
func whoName(who string) string {
	switch who {
	case "user", "":
		return "you"
	case "entra-admin":
		return "an Entra administrator"
	case "exchange-admin":
		return "an Exchange administrator"
	case "network-admin":
		return "whoever runs the network"
	case "dns-admin":
		return "whoever runs the DNS of the domain"
	}
	return oneLine(who)
}
