package message

import (
	"net/netip"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// asciiDomain gives the form of a domain that every server takes: A-labels for an
// internationalized name (RFC 5891), so that only the local part can need SMTPUTF8.
func asciiDomain(domain string) (string, error) {
	if strings.HasPrefix(domain, "[") {
		return domain, checkLiteral(domain)
	}
	ascii := domain
	if !isASCII(domain) {
		var err error
		if ascii, err = idna.Lookup.ToASCII(domain); err != nil {
			return "", &Error{Field: "address", Value: domain, Reason: "not a domain name"}
		}
	}
	if !isHostName(ascii) {
		return "", &Error{Field: "address", Value: domain, Reason: "not a domain name"}
	}
	return ascii, nil
}

// isHostName is Domain of RFC 5321 4.1.2: labels of letters, digits and inner hyphens.
func isHostName(s string) bool {
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "-") != label {
			return false
		}
		if strings.ContainsFunc(label, func(r rune) bool { return r != '-' && !isAlphanumeric(r) }) {
			return false
		}
	}
	return true
}

// checkLiteral takes the address literal of RFC 5321 4.1.3 for IPv4, the one net/mail reads
// as it is written there.
func checkLiteral(s string) error {
	ip, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(s, "["), "]"))
	if err != nil || !ip.Is4() {
		return &Error{Field: "address", Value: s, Reason: "not an address literal of IPv4"}
	}
	return nil
}

func isAlphanumeric(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
