package sandbox

import (
	"net"
	"strings"
	"unicode/utf8"
)

// isDomain reports whether s is a host name (RFC 5321 section 4.1.2; RFC 1123 section 2.1).
func isDomain(s string) bool {
	if s == "" || len(s) > 255 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "-") != label || strings.ContainsFunc(label, notLDH) {
			return false
		}
	}
	return true
}

func notLDH(r rune) bool {
	return r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
}

// isAddressLiteral is RFC 5321 section 4.1.3.
func isAddressLiteral(s string) bool {
	inside, opened := strings.CutPrefix(s, "[")
	inside, closed := strings.CutSuffix(inside, "]")
	ip, six := strings.CutPrefix(inside, "IPv6:")
	parsed := net.ParseIP(ip)
	return opened && closed && parsed != nil && six == strings.Contains(ip, ":")
}

// splitAddress takes a mailbox apart (RFC 5321 section 4.1.2). Octets above 127 are allowed with
// SMTPUTF8 only (RFC 6531 section 3.3).
func splitAddress(s string, international bool) (local, domain string, ok bool) {
	at := strings.LastIndexByte(s, '@')
	if at < 1 || len(s) > 254 || !utf8.ValidString(s) {
		return "", "", false
	}
	local, domain = s[:at], s[at+1:]
	ascii := domain
	if international {
		plain := func(r rune) rune {
			if r >= utf8.RuneSelf {
				return 'x'
			}
			return r
		}
		local, ascii = strings.Map(plain, local), strings.Map(plain, domain)
	}
	ok = len(s[:at]) <= 64 && isLocalPart(local) && (isDomain(ascii) || isAddressLiteral(domain))
	return s[:at], domain, ok
}

func isLocalPart(s string) bool {
	if inside, quoted := strings.CutPrefix(s, `"`); quoted {
		inside, closed := strings.CutSuffix(inside, `"`)
		return closed && isQuotedContent(inside)
	}
	for atom := range strings.SplitSeq(s, ".") {
		if atom == "" || strings.ContainsFunc(atom, notAtext) {
			return false
		}
	}
	return true
}

func notAtext(r rune) bool {
	return notLDH(r) && !strings.ContainsRune("!#$%&'*+/=?^_`{|}~", r)
}

// isQuotedContent checks what stands between quotes: printable, with \ before a quote or backslash.
func isQuotedContent(s string) bool {
	escaped := false
	for _, r := range s {
		switch {
		case r < ' ' || r > '~':
			return false
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case r == '"':
			return false
		}
	}
	return !escaped
}

// isReserved tells domains that no mail can go to (RFC 2606, RFC 6761). Those below .example are
// where the tenants of sandboxes live.
func isReserved(domain string) bool {
	domain = "." + strings.ToLower(domain)
	for _, end := range []string{".invalid", ".test", ".localhost", ".example.com", ".example.net", ".example.org"} {
		if strings.HasSuffix(domain, end) {
			return true
		}
	}
	return false
}
