package submission

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// maxEnvelopeID bounds ENVID: RFC 3461 5.4.
const maxEnvelopeID = 100

// ErrDSN is wrapped when a wish for delivery status notifications cannot be written as RFC 3461
// wants it.
var ErrDSN = errors.New("invalid delivery status notification request")

// A DSN asks for delivery status notifications: RFC 3461. The zero value asks for nothing.
type DSN struct {
	Return     string   // what a notification brings back: "FULL" or "HDRS"
	EnvelopeID string   // comes back in the notification; printable ASCII
	Notify     []string // "NEVER" alone, or any of "SUCCESS", "FAILURE", "DELAY"
	// Originals are the recipients as they were first named, in the order of Envelope.To, each
	// as "rfc822;ada@contoso.example". An empty one, and each that is missing, is not told.
	Originals []string
}

func (d *DSN) asked() bool {
	return d.Return != "" || d.EnvelopeID != "" || len(d.Notify) > 0 || slices.ContainsFunc(d.Originals, isSet)
}

func isSet(s string) bool { return s != "" }

func (d *DSN) check(recipients int) error {
	switch {
	case d.Return != "" && !slices.Contains([]string{"FULL", "HDRS"}, strings.ToUpper(d.Return)):
		return fmt.Errorf("%w: RET=%q", ErrDSN, d.Return)
	case len(d.EnvelopeID) > maxEnvelopeID || !isPrintableASCII(d.EnvelopeID):
		return fmt.Errorf("%w: ENVID=%q", ErrDSN, d.EnvelopeID)
	case len(d.Originals) > recipients:
		return fmt.Errorf("%w: %d original recipients of %d", ErrDSN, len(d.Originals), recipients)
	}
	for _, original := range d.Originals {
		if original != "" && !validOriginal(original) {
			return fmt.Errorf("%w: ORCPT=%q", ErrDSN, original)
		}
	}
	return d.checkNotify()
}

func (d *DSN) checkNotify() error {
	wishes := d.notify()
	for _, wish := range wishes {
		known := slices.Contains([]string{"NEVER", "SUCCESS", "FAILURE", "DELAY"}, wish)
		if !known || wish == "NEVER" && len(wishes) > 1 {
			return fmt.Errorf("%w: NOTIFY=%q", ErrDSN, strings.Join(wishes, ","))
		}
	}
	return nil
}

// notify has each wish once.
func (d *DSN) notify() []string {
	var wishes []string
	for _, wish := range d.Notify {
		if wish = strings.ToUpper(wish); !slices.Contains(wishes, wish) {
			wishes = append(wishes, wish)
		}
	}
	return wishes
}

// validOriginal wants an address type and printable ASCII: RFC 3461 4.2.
func validOriginal(original string) bool {
	kind, address, ok := strings.Cut(original, ";")
	return ok && kind != "" && address != "" && isPrintableASCII(address) &&
		!strings.ContainsFunc(kind, func(r rune) bool { return !isAlphanumeric(r) && r != '-' })
}

func (d *DSN) mailParameters() []string {
	var words []string
	if d.Return != "" {
		words = append(words, "RET="+strings.ToUpper(d.Return))
	}
	if d.EnvelopeID != "" {
		words = append(words, "ENVID="+xtext(d.EnvelopeID))
	}
	return words
}

func (d *DSN) rcptParameters(i int) []string {
	var words []string
	if wishes := d.notify(); len(wishes) > 0 {
		words = append(words, "NOTIFY="+strings.Join(wishes, ","))
	}
	if i < len(d.Originals) && d.Originals[i] != "" {
		kind, address, _ := strings.Cut(d.Originals[i], ";")
		words = append(words, "ORCPT="+kind+";"+xtext(address))
	}
	return words
}

// xtext encodes what cannot stand in a parameter: RFC 3461 4.
func xtext(text string) string {
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; c <= ' ' || c > '~' || c == '+' || c == '=' {
			fmt.Fprintf(&b, "+%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
