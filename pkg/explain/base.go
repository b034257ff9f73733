package explain

import (
	"slices"
	"sync"
)

// Base is the knowledge base. It is read on first use, so that a call that succeeds never pays for
// it, and is safe for concurrent use.
type Base struct {
	smtp  func() []rule
	entra func() []Entry
	local func() []rule
	forms func() *forms
}

// New returns the knowledge base built into the program.
func New() *Base {
	return &Base{
		smtp:  sync.OnceValue(func() []rule { return newRules(embedded(smtpData, Reply)) }),
		entra: sync.OnceValue(func() []Entry { return embedded(entraData, TokenRefusal) }),
		local: sync.OnceValue(func() []rule { return newRules(embedded(localData, Local)) }),
		forms: sync.OnceValue(newForms),
	}
}

// Replies lists the entries for SMTP replies in the order in which they are tried.
func (b *Base) Replies() []*Entry { return entriesOf(b.smtp()) }

// TokenErrors lists the entries for errors of the token endpoint.
func (b *Base) TokenErrors() []*Entry {
	entries := b.entra()
	all := make([]*Entry, len(entries))
	for i := range entries {
		all[i] = &entries[i]
	}
	return all
}

// Causes lists the entries for what no server says: the network, TLS, DNS records, the token store,
// the clock, the configuration and the token's claims, and topics that people ask about.
func (b *Base) Causes() []*Entry { return entriesOf(b.local()) }

// All lists every entry.
func (b *Base) All() []*Entry {
	return slices.Concat(b.Replies(), b.TokenErrors(), b.Causes())
}

// Entry finds an entry of any kind by its ID, or by another ID that it answers to.
func (b *Base) Entry(id string) (*Entry, bool) {
	for _, list := range []func() []*Entry{b.Replies, b.TokenErrors, b.Causes} {
		for _, e := range list() {
			if e.ID == id || slices.Contains(e.Also, id) {
				return e, true
			}
		}
	}
	return nil, false
}

func entriesOf(rules []rule) []*Entry {
	all := make([]*Entry, len(rules))
	for i := range rules {
		all[i] = &rules[i].entry
	}
	return all
}
