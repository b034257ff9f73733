package migrate

import "bytes"

// mention is a submission host of Microsoft 365 in a text.
type mention struct {
	start, end int
	host       string // in lower case
}

// firstMention is the fast path: most files name no such host, and this is all that is done with
// them. Every host has a dot behind one of four stems, dots are found at the speed of memory, and
// only there is anything compared.
func firstMention(b []byte) (mention, bool) {
	for i := 0; ; i++ {
		n := bytes.IndexByte(b[i:], '.')
		if n < 0 {
			return mention{}, false
		}
		i += n
		if endsStem(b, i) {
			if m, ok := mentionAt(b, i); ok {
				return m, true
			}
		}
	}
}

// mentions lists all of them.
func mentions(b []byte) []mention {
	var all []mention
	for at := 0; ; {
		m, ok := firstMention(b[at:])
		if !ok {
			return all
		}
		m.start, m.end = m.start+at, m.end+at
		all = append(all, m)
		at = m.end
	}
}

// endsStem tells office365. outlook. live. hotmail. and hve. by their last two letters and the first
// of what may follow: com, cn, us, mx.
func endsStem(b []byte, dot int) bool {
	const small = 0x20 // makes a capital small and leaves a digit
	if dot < 2 || dot+1 == len(b) {
		return false
	}
	switch b[dot+1] | small {
	case 'c', 'u', 'm':
	default:
		return false
	}
	switch b[dot-1] | small {
	case '5':
		return b[dot-2] == '6'
	case 'k':
		return b[dot-2]|small == 'o'
	case 'e':
		return b[dot-2]|small == 'v'
	case 'l':
		return b[dot-2]|small == 'i'
	}
	return false
}

// mentionAt looks at the whole name around the dot.
func mentionAt(b []byte, dot int) (mention, bool) {
	start, end := dot, dot
	for start > 0 && inHost(b[start-1]) && dot-start < 100 {
		start--
	}
	for end < len(b) && inHost(b[end]) && end-dot < 100 {
		end++
	}
	for end > dot && (b[end-1] == '.' || b[end-1] == '-') {
		end--
	}
	for start < dot && (b[start] == '.' || b[start] == '-') {
		start++
	}
	start = min(max(start+escaped(b, start), behindName(b, dot)), end)
	host := string(bytes.ToLower(b[start:end]))
	if !isSubmission(host) || !apart(b, start, end) {
		return mention{}, false
	}
	return mention{start: start, end: end, host: host}, true
}

// escaped is the length of what belongs to an escape in front of the name: "\nsmtp." or "%40smtp.".
func escaped(b []byte, start int) int {
	if start == 0 {
		return 0
	}
	switch {
	case b[start-1] == '\\' && start < len(b) && (b[start] == 'n' || b[start] == 't' || b[start] == 'r'):
		return 1
	case b[start-1] == '%' && start+2 <= len(b):
		return 2
	}
	return 0
}

// behindName is where the default begins in ${NAME-host}, for the dash is no part of the host.
func behindName(b []byte, dot int) int {
	from := max(0, dot-100)
	at := bytes.LastIndex(b[from:dot], []byte("${"))
	if at < 0 {
		return 0
	}
	for at += from + 2; isWord(b[at]); at++ {
	}
	if b[at] != '-' {
		return 0
	}
	return at + 1
}

// apart refuses names that are part of an identifier or of a regular expression.
func apart(b []byte, start, end int) bool {
	return (start == 0 || b[start-1] != '_') && (end == len(b) || b[end] != '_')
}

func inHost(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '.' || c == '-'
}

// isSubmission knows the names under which Exchange Online takes mail from clients, in all clouds,
// and the consumer service that shares them.
func isSubmission(host string) bool {
	const hosts = ` smtp.office365.com smtp-legacy.office365.com smtp-hve.office365.com smtp-mail.office365.com smtp.office365.us` +
		` smtp.outlook.com smtp-mail.outlook.com smtp-legacy.outlook.com smtp-hve.outlook.com smtp.hve.mx.microsoft smtp.live.com smtp.hotmail.com smtp.partner.outlook.cn`
	return listed(hosts, host) || sharesName(host) || isConnector(host)
}

// isConnector tells the MX host of a tenant, which takes mail without a password.
func isConnector(host string) bool {
	const suffix = ".mail.protection.outlook.com"
	return len(host) > len(suffix) && host[len(host)-len(suffix):] == suffix
}

// sharesName tells hosts that also serve other protocols, so that the name alone says nothing.
func sharesName(host string) bool {
	return listed(` outlook.office365.com outlook.office365.us outlook-dod.office365.us partner.outlook.cn`, host)
}

// encodedNeedles are "office365" in base64 at its three alignments, without the letters that depend
// on what stands beside it.
func encodedNeedles() [3]string { return [3]string{"b2ZmaWNlMzY1", "9mZmljZTM2N", "vZmZpY2UzNjU"} }

// namesEncoded reports whether one of the needles is in b.
func namesEncoded(b []byte) bool {
	for _, needle := range encodedNeedles() {
		if bytes.Contains(b, []byte(needle)) {
			return true
		}
	}
	return false
}
