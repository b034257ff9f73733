package message

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

// maxEncodedWord is the length limit of RFC 2047 2.
const maxEncodedWord = 75

// encodedWordFrame is what surrounds the text of an encoded-word.
const encodedWordFrame = len("=?utf-8?q??=")

// leastRoom is the space on a line below which the next line is the better place.
const leastRoom = 24

// encoded writes s as encoded-words, the first as long as the line has room. Package mime
// splits at 75 too, but does not know what stands before on the line.
func (w *fieldWriter) encoded(s string) {
	encode, cost := qWord, qCost
	if bCost(s) < qCost(s) {
		encode, cost = bWord, bCost
	}
	for s != "" {
		room := foldAt - w.column - 1
		if room < encodedWordFrame+leastRoom {
			room = maxEncodedWord
		}
		n := fit(s, min(room, maxEncodedWord)-encodedWordFrame, cost)
		w.token(encode(s[:n]))
		s = s[n:]
	}
}

// fit returns how many octets of s, in whole characters (RFC 2047 5), encode into room.
func fit(s string, room int, cost func(string) int) int {
	n := 0
	for n < len(s) {
		_, size := utf8.DecodeRuneInString(s[n:])
		if n > 0 && cost(s[:n+size]) > room {
			break
		}
		n += size
	}
	return n
}

func bWord(s string) string {
	return "=?utf-8?b?" + base64.StdEncoding.EncodeToString([]byte(s)) + "?="
}

func bCost(s string) int { return base64.StdEncoding.EncodedLen(len(s)) }

// qWord is the Q encoding with the few characters that RFC 2047 5 (3) allows in a phrase, so
// that one form serves display names and text.
func qWord(s string) string {
	const hex = "0123456789ABCDEF"
	b := []byte("=?utf-8?q?")
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ':
			b = append(b, '_')
		case isQSafe(c):
			b = append(b, c)
		default:
			b = append(b, '=', hex[c>>4], hex[c&15])
		}
	}
	return string(append(b, "?="...))
}

func qCost(s string) int {
	n := 0
	for i := range len(s) {
		if n++; s[i] != ' ' && !isQSafe(s[i]) {
			n += 2
		}
	}
	return n
}

func isQSafe(c byte) bool { return isAlphanumeric(rune(c)) || strings.IndexByte("!*+-/", c) >= 0 }

func isEncodedWord(s string) bool { return strings.HasPrefix(s, "=?") }
