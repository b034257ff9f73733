package submission

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of RFC 5321 4.5.3.1, in octets. A path has two angle brackets more than an address.
const (
	maxLocalPart = 64
	maxDomain    = 255
	maxAddress   = 254
	maxLabel     = 63 // RFC 1035 2.3.4
)

// An AddressError means that an address cannot stand in an envelope.
type AddressError struct {
	Address string
	Reason  string
}

// Error quotes the address, so that control characters in it stay harmless.
func (e *AddressError) Error() string { return fmt.Sprintf("address %q %s", e.Address, e.Reason) }

// checkAddress accepts local-part@domain as RFC 5321 4.1.2 writes it, and RFC 6531 with wide. It
// is laxer about dots in the local part, which some providers allow anywhere, and stricter about
// quoted ones: white space and angle brackets are how commands are smuggled.
func checkAddress(address string, wide bool) error {
	if reason := faultOf(address, wide); reason != "" {
		return &AddressError{address, reason}
	}
	return nil
}

func faultOf(address string, wide bool) string {
	if reason := faultOfText(address, wide); reason != "" {
		return reason
	}
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return "has no @"
	}
	local, domain := address[:at], address[at+1:]
	switch {
	case len(address) > maxAddress || len(local) > maxLocalPart:
		return "is too long"
	case !validLocalPart(local):
		return "has an invalid local part"
	case !validMailDomain(domain):
		return "has an invalid domain"
	}
	return ""
}

// faultOfText refuses what can end a path or a line.
func faultOfText(address string, wide bool) string {
	if !utf8.ValidString(address) {
		return "is not valid UTF-8"
	}
	for _, r := range address {
		switch {
		case r == '<' || r == '>' || unicode.IsSpace(r) || !unicode.IsPrint(r):
			return "holds white space, a control character or an angle bracket"
		case r >= utf8.RuneSelf && !wide:
			return "is not ASCII, which needs SMTPUTF8"
		}
	}
	return ""
}

// validLocalPart accepts atoms with dots, and a quoted string.
func validLocalPart(local string) bool {
	if len(local) >= 2 && local[0] == '"' && local[len(local)-1] == '"' {
		return validQuoted(local[1 : len(local)-1])
	}
	return local != "" && !strings.ContainsFunc(local, func(r rune) bool { return r != '.' && !atext(r) })
}

// validQuoted wants every quote and backslash to be quoted itself.
func validQuoted(inner string) bool {
	for i := 0; i < len(inner); i++ {
		switch inner[i] {
		case '"':
			return false
		case '\\':
			i++
			if i == len(inner) {
				return false
			}
		}
	}
	return true
}

// atext is RFC 5322 3.2.3 and RFC 6532 3.2.
func atext(r rune) bool {
	return r >= utf8.RuneSelf || isAlphanumeric(r) || strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
}

func isAlphanumeric(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

func validMailDomain(domain string) bool {
	return validLiteral(domain) || validLabels(domain, func(r rune) bool { return r >= utf8.RuneSelf })
}

// validDomain accepts letters, digits, hyphens and, since such names exist, underscores.
func validDomain(domain string) bool {
	return validLabels(domain, func(rune) bool { return false })
}

func validLabels(domain string, also func(rune) bool) bool {
	if len(domain) > maxDomain {
		return false
	}
	for label := range strings.SplitSeq(domain, ".") {
		if label == "" || len(label) > maxLabel || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		if strings.ContainsFunc(label, func(r rune) bool { return !isAlphanumeric(r) && r != '-' && r != '_' && !also(r) }) {
			return false
		}
	}
	return true
}
