package explain

import (
	"regexp"
	"strings"
)

// Named returns the values with the addresses that a server's words name: which mailbox signed in,
// which address it sent as, and who was to get the message. What they do not name stays as it was.
func (v Values) Named(words string) Values {
	if m := regexp.MustCompile(`(?i)([^\s<>;,]+@[^\s<>;,]+) not allowed to send as ([^\s<>;,]+@[^\s<>;,]+)`).FindStringSubmatch(words); m != nil {
		v.User, v.From = m[1], m[2]
	}
	if m := regexp.MustCompile(`(?i)(?:recipient|messages to|RCPT TO:|\bto=) ?<?([^\s<>;,]+@[^\s<>;,]+)`).FindStringSubmatch(words); m != nil {
		v.Recipient = m[1]
	}
	return v
}

// domainOf is what stands behind the last @.
func domainOf(address string) string {
	return address[strings.LastIndexByte(address, '@')+1:]
}
