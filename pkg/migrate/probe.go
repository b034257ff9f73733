package migrate

import (
	"fmt"
	"slices"
	"strings"
)

// A Probe is what a server offered when it was asked, without signing in.
type Probe struct {
	Host    string
	Port    int
	Offered []string // mechanisms of AUTH after STARTTLS, in upper case
	Failed  string   // why there was no answer, in words
}

// TakesPasswords reports whether a mechanism is offered that carries a password.
func (p *Probe) TakesPasswords() bool {
	return slices.Contains(p.Offered, "LOGIN") || slices.Contains(p.Offered, "PLAIN")
}

// sentences say what was seen, what it proves and what it does not.
func (p *Probe) sentences() []string {
	if p == nil {
		return nil
	}
	place := fmt.Sprintf("%s:%d", p.Host, p.Port)
	switch {
	case p.Failed != "":
		return []string{place + " could not be asked: " + p.Failed, "This says nothing about passwords."}
	case p.TakesPasswords():
		return []string{
			place + " offers " + strings.Join(p.Offered, ", ") + ".",
			"It proves that this server still has a way in for passwords, for whoever connects.",
			"It does not prove that your tenant takes one: the offer comes before anybody is named. The switches of tenant and mailbox, authentication policies, security defaults and Conditional Access decide at the sign-in.",
		}
	}
	return []string{
		place + " offers " + strings.Join(append(slices.Clone(p.Offered), "no mechanism that takes a password"), ", ") + ".",
		"It proves that nobody can sign in with a password at this server now, whatever the tenant's settings are.",
		"It does not prove the same of other hosts, such as smtp-legacy.office365.com or the one of High Volume Email.",
	}
}

// probeDocument is the probe in JSON.
type probeDocument struct {
	Host           string   `json:"host"`
	Port           int      `json:"port"`
	Offered        []string `json:"offered"`
	TakesPasswords *bool    `json:"takes_passwords"` // null without an answer
	Failed         string   `json:"failed,omitempty"`
	Meaning        []string `json:"meaning"`
}

func (p *Probe) document() *probeDocument {
	if p == nil {
		return nil
	}
	doc := &probeDocument{Host: p.Host, Port: p.Port, Offered: append([]string{}, p.Offered...), Failed: p.Failed, Meaning: p.sentences()}
	if p.Failed == "" {
		takes := p.TakesPasswords()
		doc.TakesPasswords = &takes
	}
	return doc
}
