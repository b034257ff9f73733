package message

import (
	"mime"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of RFC 5321 4.5.3.1, in octets. A path of 256 holds two angle brackets.
const (
	maxLocalPart = 64
	maxAddrSpec  = 254
)

// maxDisplayName is ours: far more than any name, and far less than what harms a reader.
const maxDisplayName = 998

// maxAddressList bounds one flag or header field.
const maxAddressList = maxHeader

// An Address is one mailbox of RFC 5322 3.4.
type Address struct {
	Name string // display name, decoded; may be empty

	// Address is the addr-spec as it goes into the envelope: quoted where RFC 5321 wants
	// it, the domain in A-labels (RFC 5890). A non-ASCII local part needs SMTPUTF8. As read
	// from the header of a message for sendmail it can be a local name without "@".
	Address string
}

// ParseAddress reads exactly one address, with or without a display name.
// Errors are of type [*Error].
func ParseAddress(s string) (Address, error) {
	list, err := ParseAddressList(s)
	if err != nil {
		return Address{}, err
	}
	if len(list) != 1 {
		return Address{}, &Error{Field: "address", Value: s, Reason: "holds more than one address"}
	}
	return list[0], nil
}

// ParseAddressList reads addresses separated by commas, as a flag holds them. It is
// stricter than RFC 5322: no groups, no empty entries, no control characters, and no
// quoted local part with characters that servers are known to read in different ways.
// Errors are of type [*Error].
func ParseAddressList(s string) ([]Address, error) {
	if err := checkText(s); err != nil {
		return nil, inField(err, "address", 0)
	}
	entries, err := splitAddressList(s, flagList)
	if err != nil {
		return nil, err
	}
	list := make([]Address, 0, len(entries))
	for _, entry := range entries {
		a, err := parseMailbox(entry)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}

// parseMailbox reads one mailbox: net/mail knows the grammar, we decide what may pass.
func parseMailbox(s string) (Address, error) {
	a, err := parseSyntax(s)
	if err != nil {
		return Address{}, err
	}
	if a.Address, err = canonicalSpec(a.Address); err != nil {
		return Address{}, err
	}
	return a, nil
}

// parseSyntax reads one mailbox of any domain and local part.
func parseSyntax(s string) (Address, error) {
	parser := mail.AddressParser{WordDecoder: &mime.WordDecoder{CharsetReader: unknownCharset}}
	p, err := parser.Parse(s)
	if err != nil {
		reason := strings.TrimPrefix(err.Error(), "mail: ")
		return Address{}, &Error{Field: "address", Value: s, Reason: strings.ToValidUTF8(reason, "?")}
	}
	if err := checkText(p.Name); err != nil {
		return Address{}, inField(err, "display name", 0)
	}
	if len(p.Name) > maxDisplayName {
		return Address{}, &Error{Field: "display name", Value: p.Name, Reason: "longer than 998 octets"}
	}
	return Address{Name: p.Name, Address: p.Address}, nil
}

// canonicalSpec turns local@domain, unquoted as net/mail gives it, into the form of the wire.
func canonicalSpec(spec string) (string, error) {
	at := strings.LastIndexByte(spec, '@')
	if at < 0 {
		return "", &Error{Field: "address", Value: spec, Reason: "has no domain"}
	}
	local, err := canonicalLocal(spec[:at])
	if err != nil {
		return "", err
	}
	domain, err := asciiDomain(spec[at+1:])
	if err != nil {
		return "", err
	}
	if len(local)+1+len(domain) > maxAddrSpec {
		return "", &Error{Field: "address", Value: spec, Reason: "longer than 254 octets"}
	}
	return local + "@" + domain, nil
}

// canonicalLocal quotes a local part only for its dots. RFC 5321 would let a quoted one hold
// commas, angle brackets and "@", on which servers disagree about who the recipient is.
func canonicalLocal(local string) (string, error) {
	if local == "" || len(local) > maxLocalPart {
		return "", &Error{Field: "address", Value: local, Reason: "local part is not 1 to 64 octets long"}
	}
	for _, r := range local {
		if r != '.' && !isAtext(r) {
			return "", &Error{Field: "address", Value: local, Reason: "local part holds " + quote(string(r))}
		}
	}
	if strings.Trim(local, ".") != local || strings.Contains(local, "..") {
		return `"` + local + `"`, nil
	}
	return local, nil
}

// isAtext is atext of RFC 5322 3.2.3, widened by RFC 6532 3.2 to what can be seen.
func isAtext(r rune) bool {
	switch {
	case r >= utf8.RuneSelf:
		return r != utf8.RuneError && unicode.IsGraphic(r) && !unicode.IsSpace(r)
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return true
	}
	return strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
}

// SameMailbox reports whether both are the same mailbox: the domain in any case, the local
// part as it is (RFC 5321 2.4).
func (a Address) SameMailbox(b Address) bool { return a.key() == b.key() }

func (a Address) key() string {
	at := strings.LastIndexByte(a.Address, '@')
	return a.Address[:at+1] + strings.ToLower(a.Address[at+1:])
}

// Domain returns what follows the "@"; empty for a local name.
func (a Address) Domain() string {
	_, domain, _ := strings.Cut(a.Address, "@")
	return domain
}

// String formats the address for people. Header fields are folded and encoded elsewhere.
func (a Address) String() string {
	if a.Name == "" {
		return a.Address
	}
	return quotedString(a.Name) + " <" + a.Address + ">"
}

func quotedString(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// checkText refuses what no header field may hold: control characters, a tab too, and bytes
// that are not UTF-8.
func checkText(s string) error {
	if !utf8.ValidString(s) {
		return &Error{Value: s, Reason: "not valid UTF-8"}
	}
	if strings.ContainsFunc(s, unicode.IsControl) {
		return &Error{Value: s, Reason: "holds a control character"}
	}
	return nil
}
