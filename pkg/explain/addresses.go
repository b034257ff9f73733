package explain

import (
	"regexp"
	"strings"
)

// Fill is that of the entry, for the addresses that the server's words name, and in a session of any
// program.
func (f *Finding) Fill(v Values) *Entry {
	v.AnyClient = true
	v.Name(f.Words)
	return f.Entry.fill(&v)
}

// Name takes the addresses that a server's words name: which mailbox signed in, which address it sent
// as, and who was to get the message. What they do not name stays as it was.
func (v *Values) Name(words string) {
	if m := regexp.MustCompile(`(?i)([^\s<>;,]+@[^\s<>;,]+) not allowed to send as ([^\s<>;,]+@[^\s<>;,]+)`).FindStringSubmatch(words); m != nil {
		v.User, v.From = m[1], m[2]
	}
	if m := regexp.MustCompile(`(?i)(?:recipient|messages to|RCPT TO:|\bto=) ?<?([^\s<>;,]+@[^\s<>;,]+)`).FindStringSubmatch(words); m != nil {
		v.Recipient = m[1]
	}
}

// domainOf is what stands behind the last @.
func domainOf(address string) string {
	return address[strings.LastIndexByte(address, '@')+1:]
}
