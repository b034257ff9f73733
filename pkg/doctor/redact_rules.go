package doctor

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// What stands before an address and is no part of it, though a local part may hold it.
const prefixPattern = `^['{]*(?i:(?:user|upn|from|to|mailbox|address|login_hint|username|auth|rua|ruf|mailto|` +
	`email|mail|identity|sender|recipient|rcpt|as)=)?['{]*`

const (
	hostPattern = `(?:[\p{L}\p{N}_][\p{L}\p{N}_-]*\.)+[\p{L}][\p{L}\p{N}-]+`
	// A local part may hold nearly everything (RFC 5321 section 4.1.2). %40 is an @ within a URL.
	addressPattern = `(?:"[^"@]*"|[^\s"<>()\[\]:;,@]+)(?:@|%40)(?:\[[^\]\s]*\]|` + hostPattern + `|[\p{L}\p{N}_-]+)`
	guidPattern    = `[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}`
)

var (
	addressForm = lazily(addressPattern)
	hostForm    = lazily(hostPattern)
	prefixForm  = lazily(prefixPattern)
	ipForm      = lazily(`[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*|\d{1,3}(?:\.\d{1,3}){3}`)
)

func lazily(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// makeRules orders the rules: what could be taken for something else comes first.
func (x *Redactor) makeRules(known []Private) []rule {
	fixed := func(shown string) func(string) string { return func(string) string { return shown } }
	as := func(kind PrivateKind) func(string) string {
		return func(match string) string { return x.placeholder(kind, match) }
	}
	return slices.Concat(
		[]rule{
			{matches(`eyJ[\w-]+(?:\.[\w-]+)*`), fixed("REDACTED")},
			{matches(`://[^\s/@"<>]+@`), fixed("://REDACTED@")}, // a name and perhaps a password
			{findPaths, x.path},
			{matches(`(?i)\b(?:trace|correlation|request) id:? *"?` + guidPattern), x.trace},
		},
		x.literalRules(known, func(p Private) bool { return p.turn() == beforeAddresses }),
		[]rule{
			{allMatches(addressForm), x.address},
			{matches(`(?i)/cn=recipients/cn=[^\s/;,\]]+`), x.directoryName},
			{x.findProfiles(known), x.profileName},
		},
		x.literalRules(known, func(p Private) bool { return p.turn() == beforeHosts }),
		[]rule{
			{matches(guidPattern), x.guid},
			{matches(`[A-Za-z]:[\\/]+Users[\\/]+[^\\/:*?"<>|]+|(?:/var)?/home/[^/\s:'"]+|/Users/[^/\s:'"]+`), fixed("~")},
			{matches(`\\\\[^\\\s"']+\\[^\\\s"':;,]+`), as(PrivateShare)},
			{findIPs, as(PrivateIP)},
			{x.findHosts, x.host},
			{matches(`\b(?:[0-9A-Fa-f]{2}:){15,}[0-9A-Fa-f]{2}\b|\b[0-9A-Fa-f]{32,}\b`), as(PrivateKey)},
			{matches(`\b[0-9A-F]{16}\b`), as(PrivateTrace)},
		},
		x.literalRules(known, func(p Private) bool { return p.turn() == afterHosts }),
	)
}

// turn is when something known is looked for. Names and local parts occur within addresses, hosts and
// paths, which are replaced as a whole.
type turn int

const (
	beforeAddresses turn = iota
	beforeHosts
	afterHosts
	byContext // where it can be nothing else
)

func (p Private) turn() turn {
	switch {
	case strings.Contains(p.Value, "@") || p.Kind == PrivateHome || p.Kind == PrivatePath:
		return beforeAddresses
	case p.Kind == PrivateProfile:
		return byContext
	case p.Kind == PrivateMailbox || p.Kind == PrivateName || p.Kind == PrivateOrg && !strings.Contains(p.Value, " "):
		return afterHosts
	}
	return beforeHosts
}

func matches(pattern string) func(string) [][]int { return allMatches(lazily(pattern)) }

func allMatches(expression func() *regexp.Regexp) func(string) [][]int {
	return func(text string) [][]int { return expression().FindAllStringIndex(text, -1) }
}

// literalRules replace what is known to be private wherever it stands as a word of its own.
func (x *Redactor) literalRules(known []Private, chosen func(Private) bool) []rule {
	var rules []rule
	for _, p := range known {
		if !chosen(p) {
			continue
		}
		find := matches(`(?i)` + regexp.QuoteMeta(p.Value))
		rules = append(rules, rule{
			find: func(text string) [][]int {
				return slices.DeleteFunc(find(text), func(at []int) bool { return !isWord(text, at[0], at[1]) })
			},
			show: func(string) string { return x.named(p) },
		})
	}
	return rules
}

// isWord says whether a part of a text has no letter or digit next to it.
func isWord(text string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	after, _ := utf8.DecodeRuneInString(text[to:])
	inside := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	return !inside(before) && !inside(after)
}

// named is the placeholder of something known, in the form that it has elsewhere.
func (x *Redactor) named(p Private) string {
	at := strings.LastIndex(p.Value, "@")
	switch {
	case p.Kind == PrivateMailbox && at > 0:
		return x.mailbox(p.Value, p.Value[at+1:])
	case (p.Kind == PrivateHost || p.Kind == PrivateDomain) && hostForm().FindString(p.Value) == p.Value:
		return x.host(p.Value)
	}
	return x.placeholder(p.Kind, p.Value)
}

// address leaves what stands before an address in front of it.
func (x *Redactor) address(match string) string {
	prefix := prefixForm().FindString(match)
	address := strings.Replace(match[len(prefix):], "%40", "@", 1)
	at := strings.LastIndex(address, "@")
	if at <= 0 {
		prefix, address = "", strings.Replace(match, "%40", "@", 1)
		at = strings.LastIndex(address, "@")
	}
	return prefix + x.mailbox(address, address[at+1:])
}

func (x *Redactor) mailbox(address, domain string) string {
	if strings.Contains(domain, ".") && !strings.HasPrefix(domain, "[") {
		domain = x.host(domain)
	} else {
		domain = x.placeholder(PrivateHost, domain)
	}
	return x.placeholder(PrivateMailbox, address) + "@" + domain
}

// learnAddresses finds the addresses in a text, and their local parts, which may stand alone.
func (x *Redactor) learnAddresses(text string) []Private {
	var found []Private
	for _, match := range addressForm().FindAllString(text, -1) {
		shown := strings.Replace(match, "%40", "@", 1)
		local, domain, _ := strings.Cut(shown, "@")
		x.addDomain(domain)
		if i := strings.LastIndexAny(local, "='{"); i >= 0 {
			local = local[i+1:]
		}
		found = append(found, Private{PrivateMailbox, strings.Trim(local, `"`)})
	}
	return found
}

func (x *Redactor) trace(match string) string {
	id := len(match) - len("00000000-0000-0000-0000-000000000000")
	return match[:id] + x.placeholder(PrivateTrace, match[id:])
}

func (x *Redactor) guid(match string) string {
	if isPublicID(strings.ToLower(match)) {
		return match
	}
	return x.placeholder(PrivateID, match)
}

// directoryName is how Exchange names a mailbox in its directory.
func (x *Redactor) directoryName(match string) string {
	at := strings.LastIndex(match, "=") + 1
	return match[:at] + x.placeholder(PrivateName, match[at:])
}

// findProfiles finds the name of a profile only where it can be nothing else: many are common words.
func (x *Redactor) findProfiles(known []Private) func(string) [][]int {
	var names []string
	for _, p := range known {
		if p.Kind == PrivateProfile {
			names = append(names, regexp.QuoteMeta(oneLine(p.Value)))
		}
	}
	if len(names) == 0 {
		return func(string) [][]int { return nil }
	}
	return matches(`(?i)(?:-p|--profile|profiles?)[ =.]+["']?(?:` + strings.Join(names, "|") + `)\b|[/\\](?:` + strings.Join(names, "|") + `)\b`)
}

func (x *Redactor) profileName(match string) string {
	at := strings.LastIndexAny(match, ` =."'/\`) + 1
	return match[:at] + x.placeholder(PrivateProfile, match[at:])
}

func (x *Redactor) findHosts(text string) [][]int {
	return slices.DeleteFunc(hostForm().FindAllStringIndex(text, -1), func(at []int) bool { return x.isOwnWord(text[at[0]:at[1]]) })
}

// findIPs finds addresses of both families but those of every computer.
func findIPs(text string) [][]int {
	var found [][]int
	for _, at := range ipForm().FindAllStringIndex(text, -1) {
		for end := at[1]; end > at[0]; end-- { // a sentence may end behind it
			ip, err := netip.ParseAddr(text[at[0]:end])
			if err != nil && strings.IndexByte(".:", text[end-1]) >= 0 {
				continue
			}
			if err == nil && !ip.IsLoopback() && !ip.IsUnspecified() {
				found = append(found, []int{at[0], end})
			}
			break
		}
	}
	return found
}

func isLoopback(text string) bool {
	ip, err := netip.ParseAddr(text)
	return err == nil && ip.IsLoopback()
}
