package profile

import (
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// maxValue bounds a setting, in bytes. The longest standard value is an address of 254 (RFC 5321
// section 4.5.3.1.3) or a URL; scopes may be longer.
const maxValue = 4096

// isText accepts what can stand in a setting at all: no control characters, so that nothing set in
// a file or variable adds a line to a protocol, a log or a terminal.
func isText(v string) bool {
	return v != "" && len(v) <= maxValue && strings.ToValidUTF8(v, "") == v && !strings.ContainsFunc(v, unicode.IsControl)
}

// isToken accepts text without white space.
func isToken(v string) bool { return isText(v) && !strings.ContainsFunc(v, unicode.IsSpace) }

// isAddress accepts an addr-spec of RFC 5322 section 3.4.1 and nothing around it.
func isAddress(v string) bool {
	if !isToken(v) {
		return false
	}
	a, err := mail.ParseAddress(v)
	return err == nil && a.Address == v && a.Name == ""
}

func isTenant(v string) bool { return isGUID(v) || isAlias(v) || isDomain(v) }

// isAlias accepts the names that stand for any tenant of a kind. Applications cannot use them.
func isAlias(v string) bool {
	return slices.Contains([]string{"common", "organizations", "consumers"}, v)
}

func isGUID(v string) bool {
	return regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`).MatchString(v)
}

// isDomain accepts a name of RFC 1123 section 2.1 with at least one dot.
func isDomain(v string) bool {
	return len(v) <= 253 && regexp.MustCompile(`^`+label+`(\.`+label+`)+$`).MatchString(v)
}

const label = `[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?`

// isHost accepts an IP address, or a host name; a single label such as localhost is one.
func isHost(v string) bool {
	if _, err := netip.ParseAddr(v); err == nil {
		return true
	}
	return isDomain(v) || regexp.MustCompile(`^`+label+`$`).MatchString(v)
}

func isKeyring(v string) bool {
	if slices.Contains([]string{"auto", "keychain", "systemd"}, v) {
		return true
	}
	holder, place, _ := strings.Cut(v, ":")
	switch holder {
	case "file":
		return isText(place)
	case "env":
		return regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`).MatchString(place)
	default:
		return false
	}
}

// isAuthority accepts https only, loopback included: the client secret goes there.
func isAuthority(v string) bool {
	u, err := url.Parse(v)
	if err != nil || !isToken(v) || u.Scheme != "https" || !isHost(u.Hostname()) || u.User != nil {
		return false
	}
	path := strings.Trim(u.Path, "/")
	return hasPort(u) && u.RawQuery == "" && u.Fragment == "" && isTenantSegment(path)
}

// isTenantSegment accepts any one path segment: issuers other than Entra name tenants as they like.
func isTenantSegment(v string) bool {
	return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._~-]*$`).MatchString(v)
}

// hasPort accepts a URL without a port, or with one that exists: net/url takes any digits.
func hasPort(u *url.URL) bool { return u.Port() == "" || setPort(new(int), u.Port()) }

func setProxy(into **url.URL, text string) bool {
	u, err := url.Parse(text)
	if err != nil || !isToken(text) || !isHost(u.Hostname()) || !hasPort(u) || strings.Trim(u.Path, "/") != "" {
		return false
	}
	*into = u
	return slices.Contains([]string{"socks5", "socks5h", "http", "https"}, u.Scheme)
}
