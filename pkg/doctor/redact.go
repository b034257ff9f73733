package doctor

import (
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// PrivateKind says what a private thing is; its placeholders bear the name, as "tenant-1".
type PrivateKind string

// The kinds of private things.
const (
	PrivateMailbox PrivateKind = "mailbox" // an address
	PrivateDomain  PrivateKind = "domain"  // with the hosts in it
	PrivateHost    PrivateKind = "host"
	PrivateTenant  PrivateKind = "tenant" // its id or one of its domains
	PrivateClient  PrivateKind = "client" // the id of the application
	PrivateObject  PrivateKind = "object" // the id of a user or an enterprise application
	PrivateTrace   PrivateKind = "trace"  // the id of a request, by which Microsoft finds who made it
	PrivateID      PrivateKind = "id"     // any other id
	PrivateKey     PrivateKind = "key"    // a thumbprint or serial number
	PrivateName    PrivateKind = "name"   // of a person, an account or an application
	PrivateOrg     PrivateKind = "org"    // an organization, the issuer of a private certificate
	PrivateIP      PrivateKind = "ip"
	PrivateShare   PrivateKind = "share" // a folder of a file server
	PrivateProfile PrivateKind = "profile"
	PrivatePath    PrivateKind = "path"
	PrivateHome    PrivateKind = "home" // a home folder; its placeholder is ~
)

// Private is something that a document must not tell, whatever it looks like.
type Private struct {
	Kind  PrivateKind
	Value string
}

// A Redactor replaces what tells whose set-up a report describes: local parts and domains of
// addresses, host names other than Microsoft's public ones, IP addresses, ids, home folders, names.
// One thing has one placeholder in everything that a Redactor handles. It is not for concurrent use.
type Redactor struct {
	rules        []rule
	own          map[string]bool   // dotted words of ours that look like hosts
	homes        []string          // known home folders
	domains      []string          // of the organization, in lower case
	placeholders map[string]string // by what they stand for, in lower case
	counts       map[PrivateKind]int
}

// NewRedactor learns from the reports what is private: the values of facts whose name says so, and
// the domains of all addresses. Known adds what the caller knows: the mailbox, the name of the
// computer, the home folder.
func NewRedactor(known []Private, reports ...Report) *Redactor {
	x := &Redactor{own: map[string]bool{}, placeholders: map[string]string{}, counts: map[PrivateKind]int{}}
	known = slices.Clone(known)
	for _, r := range reports {
		x.learnWords(r)
		known = append(known, learnFacts(r)...)
		known = append(known, Private{PrivateProfile, r.Profile})
		r.texts(func(text string) { known = append(known, x.learnAddresses(oneLine(text))...) })
	}
	for _, p := range known {
		x.learnDomain(p)
		if p.Kind == PrivateHome && !isPublic(p) && p.Value != "" {
			x.homes = append(x.homes, strings.TrimSuffix(p.Value, "/"))
		}
	}
	x.rules = x.makeRules(literals(append(known, x.organizations()...)))
	for _, r := range reports {
		x.Report(r) // so that the numbers follow the order of the reports, whatever is asked first
	}
	return x
}

// literals drops what is too short or too common to be replaced wherever it occurs; longer ones come
// first, since they may hold shorter ones.
func literals(known []Private) []Private {
	var kept []Private
	for _, p := range known {
		p.Value = oneLine(p.Value)
		if utf8.RuneCountInString(p.Value) >= 3 && !isPublic(p) && !slices.Contains(kept, p) {
			kept = append(kept, p)
		}
	}
	sort.SliceStable(kept, func(i, j int) bool { return len(kept[i].Value) > len(kept[j].Value) })
	return kept
}

// text replaces what is private in a text. It becomes one line first, so that no character that is
// not seen can hide something.
func (x *Redactor) text(text string) string { return replaceAll(oneLine(text), x.rules) }

// A rule finds one kind of private thing.
type rule struct {
	find func(text string) [][]int // begin and end of each match
	show func(match string) string
}

// replaceAll shows later rules only what the earlier ones left, so that no rule takes a placeholder
// for something private.
func replaceAll(text string, rules []rule) string {
	if text == "" || len(rules) == 0 {
		return text
	}
	var b strings.Builder
	rest := 0
	for _, at := range rules[0].find(text) {
		b.WriteString(replaceAll(text[rest:at[0]], rules[1:]))
		b.WriteString(rules[0].show(text[at[0]:at[1]]))
		rest = at[1]
	}
	b.WriteString(replaceAll(text[rest:], rules[1:]))
	return b.String()
}

// placeholder gives a thing its name, the same each time.
func (x *Redactor) placeholder(kind PrivateKind, value string) string {
	if kind == PrivateHome {
		return "~"
	}
	key := strings.ToLower(value)
	if name, ok := x.placeholders[key]; ok {
		return name
	}
	x.counts[kind]++
	name := string(kind) + "-" + strconv.Itoa(x.counts[kind])
	x.placeholders[key] = name
	return name
}
