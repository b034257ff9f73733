package submission

import (
	"net"
	"net/netip"
	"os"
	"strings"
)

// localName is what EHLO says. RFC 5321 4.1.4 wants a domain that resolves or an address literal;
// Exchange refuses names that look like neither.
func (d *Dialer) localName(local net.Addr) (string, error) {
	if d.LocalName != "" {
		if !validDomain(d.LocalName) && !validLiteral(d.LocalName) {
			return "", ErrLocalName
		}
		return d.LocalName, nil
	}
	if name, err := os.Hostname(); err == nil && qualified(name) {
		return name, nil
	}
	return addressLiteral(local), nil
}

// qualified tells whether a host name is worth saying: some machines are called "localhost.localdomain".
func qualified(name string) bool {
	labels := strings.Split(strings.ToLower(name), ".")
	last := labels[len(labels)-1]
	return len(labels) > 1 && validDomain(name) && labels[0] != "localhost" &&
		last != "localdomain" && last != "local" && strings.Trim(last, "0123456789") != ""
}

// addressLiteral writes an address as RFC 5321 4.1.3 does. A connection that has no address is not
// one of the Internet, so that any address of this machine is true.
func addressLiteral(local net.Addr) string {
	ip := netip.AddrFrom4([4]byte{127, 0, 0, 1})
	if tcp, ok := local.(*net.TCPAddr); ok && tcp.AddrPort().IsValid() {
		ip = tcp.AddrPort().Addr().Unmap().WithZone("")
	}
	if ip.Is4() {
		return "[" + ip.String() + "]"
	}
	return "[IPv6:" + ip.String() + "]"
}

// validLiteral accepts "[192.0.2.1]" and "[IPv6:2001:db8::1]".
func validLiteral(text string) bool {
	inner, opened := strings.CutPrefix(text, "[")
	inner, closed := strings.CutSuffix(inner, "]")
	if !opened || !closed {
		return false
	}
	six, tagged := cutTag(inner, "IPv6:")
	ip, err := netip.ParseAddr(six)
	return err == nil && ip.Zone() == "" && ip.Is4() != tagged
}

// cutTag removes a prefix in any case.
func cutTag(text, tag string) (string, bool) {
	if len(text) >= len(tag) && strings.EqualFold(text[:len(tag)], tag) {
		return text[len(tag):], true
	}
	return text, false
}

// validHost accepts what can be dialed: a domain or an address without brackets.
func validHost(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil || validDomain(host)
}
