package explain

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
)

//go:embed smtp.toml
var smtpData string

//go:embed entra.toml
var entraData string

// Base is the knowledge base. It is read on first use, so that a call that succeeds never pays for
// it, and is safe for concurrent use.
type Base struct {
	smtp  func() []rule
	entra func() []Entry
}

// New returns the knowledge base built into the program.
func New() *Base {
	return &Base{
		smtp:  sync.OnceValue(func() []rule { return newRules(decode(smtpData)) }),
		entra: sync.OnceValue(func() []Entry { return decode(entraData) }),
	}
}

// Replies lists the entries for SMTP replies in the order in which they are tried.
func (b *Base) Replies() []*Entry {
	rules := b.smtp()
	all := make([]*Entry, len(rules))
	for i := range rules {
		all[i] = &rules[i].entry
	}
	return all
}

// TokenErrors lists the entries for errors of the token endpoint.
func (b *Base) TokenErrors() []*Entry {
	entries := b.entra()
	all := make([]*Entry, len(entries))
	for i := range entries {
		all[i] = &entries[i]
	}
	return all
}

// Entry finds an entry of either kind by its ID.
func (b *Base) Entry(id string) (*Entry, bool) {
	for _, list := range [][]*Entry{b.Replies(), b.TokenErrors()} {
		for _, e := range list {
			if e.ID == id {
				return e, true
			}
		}
	}
	return nil, false
}

// decode panics on broken data: it is part of the program and tested with it.
func decode(data string) []Entry {
	var file struct {
		Entry []Entry `toml:"entry"`
	}
	if _, err := toml.Decode(data, &file); err != nil {
		panic(fmt.Sprintf("explain: embedded data: %v", err))
	}
	return file.Entry
}

// rule is an entry with its pattern. Most patterns are anchored at one status code; looking for that
// code first spares compiling and running nearly all of them.
type rule struct {
	entry   Entry
	code    string // text without which the pattern cannot match, "" if there is no such text
	pattern func() *regexp.Regexp
}

func newRules(entries []Entry) []rule {
	rules := make([]rule, len(entries))
	anchor := regexp.MustCompile(`^\(\?is\)\\b(\d+)\\\.(\d+)\\\.(\d+)\\b`)
	for i, e := range entries {
		rules[i].entry = e
		rules[i].pattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(e.Pattern) })
		if digits := anchor.FindStringSubmatch(e.Pattern); digits != nil {
			rules[i].code = strings.Join(digits[1:], ".")
		}
	}
	return rules
}

func (r *rule) matches(text string) bool {
	return strings.Contains(text, r.code) && r.pattern().MatchString(text)
}
