package message

import (
	"io"
	"strings"
	"time"
)

// newMessageID is unique by its random part; the time in front of it helps people who read
// logs. The domain is the author's, which exists, unlike many a host's own name.
func newMessageID(date time.Time, from Address, rand io.Reader) (string, error) {
	random, err := randomHex(rand)
	domain := strings.Trim(from.Domain(), "[]")
	return "<" + date.UTC().Format("20060102150405") + "." + random + "@" + domain + ">", err
}

// isDotAtom is dot-atom-text of RFC 5322 3.2.3 in ASCII.
func isDotAtom(s string) bool {
	if !isASCII(s) {
		return false
	}
	for atom := range strings.SplitSeq(s, ".") {
		if atom == "" || strings.ContainsFunc(atom, func(r rune) bool { return !isAtext(r) }) {
			return false
		}
	}
	return true
}
