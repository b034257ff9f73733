package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/o365mail/o365mail/pkg/explain"
)

// unjudged is the answer where there is nothing to judge by, else nil.
func (r *records) unjudged(a *answer) *Finding {
	switch {
	case r.skip != "":
		return skip(r.skip)
	case a.err != nil:
		return skip(printable("the name servers gave no answer: " + a.err.Error()))
	}
	return nil
}

func (a *answer) facts(name string) []Fact {
	facts := make([]Fact, len(a.values))
	for i, v := range a.values {
		facts[i] = fact(name, v)
	}
	return facts
}

func (x *examination) mx(ctx context.Context) *Finding {
	r := x.records.get(ctx)
	if f := r.unjudged(&r.mx); f != nil {
		return f
	}
	switch {
	case len(r.mx.values) == 0:
		return x.warn("dns.mx-missing", r.domain+" has no MX record")
	case !slices.ContainsFunc(r.mx.values, isExchangeHost):
		return seen("mail for "+r.domain+" goes to another service first", r.mx.facts("mx")...)
	}
	return seen("", r.mx.facts("mx")...)
}

// isExchangeHost knows the names of Exchange Online in all clouds.
func isExchangeHost(name string) bool {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	for _, suffix := range []string{
		".outlook.com", ".mx.microsoft", ".office365.com", ".office365.us", ".apps.mil", ".partner.outlook.cn",
	} {
		if strings.HasSuffix(name, suffix) || name == suffix[1:] {
			return true
		}
	}
	return false
}

// sendsElsewhere tells whether mail of this set-up leaves through another server than Exchange, as far as its
// server is known by name. Another one has its own records.
func (x *examination) sendsElsewhere() *Finding {
	if x.isMicrosofts() || x.OwnNames {
		return nil
	}
	return skip(x.Dialer.Host + " is not a host of Exchange Online")
}

func (x *examination) spf(ctx context.Context) *Finding {
	r := x.records.get(ctx)
	if f := r.unjudged(&r.spf); f != nil {
		return f
	}
	facts := r.spf.facts("spf")
	elsewhere := x.sendsElsewhere() != nil
	switch {
	case len(r.spf.values) == 0:
		f := x.warn("dns.spf-missing", r.domain+" has no SPF record")
		note := step("Name all other senders of the domain in the record, too: with -all the mail of any that is not in it is refused", "")
		note.Kind = explain.Note
		f.Fixes = append(f.Fixes, note)
		return f
	case len(r.spf.values) > 1:
		return x.warn("dns.spf-multiple", fmt.Sprintf("%s has %d SPF records", r.domain, len(r.spf.values)), facts...)
	case !r.spfExchange && !elsewhere:
		return x.warn("dns.spf-without-exchange", "the SPF record of "+r.domain+" does not lead to Exchange Online", facts...)
	}
	return seen("", facts...)
}

func (x *examination) dkim(ctx context.Context) *Finding {
	if f := x.sendsElsewhere(); f != nil {
		return f
	}
	r := x.records.get(ctx)
	if f := r.unjudged(&r.dkim); f != nil {
		return f
	}
	facts := append(r.dkim.facts("dkim_selector"), r.dkimAliases.facts("dkim_alias")...)
	switch {
	case strings.HasSuffix(strings.ToLower(r.domain), ".onmicrosoft.com"):
		return seen("Exchange signs for onmicrosoft.com by itself")
	case len(r.dkim.values) > 0:
		return seen("", facts...)
	case len(r.dkimAliases.values) > 0:
		return x.unsigned(r.domain, "the selectors of "+r.domain+" lead to no key: signing is not switched on", facts...)
	}
	return x.unsigned(r.domain, r.domain+" has neither selector1 nor selector2")
}

// unsigned names the domain in the commands that switch signing on.
func (x *examination) unsigned(domain, detail string, facts ...Fact) *Finding {
	f := x.warn("dns.dkim-missing", detail, facts...)
	for i := range f.Fixes {
		f.Fixes[i].Command = strings.ReplaceAll(f.Fixes[i].Command, "<domain>", domain)
	}
	return f
}

func (x *examination) dmarc(ctx context.Context) *Finding {
	r := x.records.get(ctx)
	if f := r.unjudged(&r.dmarc); f != nil {
		return f
	}
	facts := r.dmarc.facts("dmarc")
	switch {
	case len(r.dmarc.values) == 0:
		return x.warn("dns.dmarc-missing", r.domain+" has no DMARC record")
	case len(r.dmarc.values) > 1, !hasPolicy(r.dmarc.values[0]):
		return x.warn("dns.dmarc-broken", r.domain+" has no DMARC record that counts", facts...)
	}
	return seen("", facts...)
}

// hasPolicy reads the tag p of RFC 7489 section 6.3.
func hasPolicy(record string) bool {
	for tag := range strings.SplitSeq(record, ";") {
		name, value, _ := strings.Cut(tag, "=")
		if strings.EqualFold(strings.TrimSpace(name), "p") {
			return slices.Contains([]string{"none", "quarantine", "reject"}, strings.ToLower(strings.TrimSpace(value)))
		}
	}
	return false
}

// autodiscover looks for any sign that the domain is at Exchange Online. One is enough: MX may lead to
// a filter, and autodiscover to a server of the organization's own in a hybrid.
func (x *examination) autodiscover(ctx context.Context) *Finding {
	if f := x.sendsElsewhere(); f != nil {
		return f
	}
	r := x.records.get(ctx)
	if f := r.unjudged(&r.autodiscover); f != nil {
		return f
	}
	facts := append(r.autodiscover.facts("autodiscover"), r.mx.facts("mx")...)
	if r.spfExchange || slices.ContainsFunc(slices.Concat(r.autodiscover.values, r.mx.values), isExchangeHost) || r.mx.err != nil || r.spf.err != nil {
		return seen("", facts...)
	}
	return x.warn("dns.not-exchange", "neither MX, SPF nor autodiscover of "+r.domain+" leads to Exchange Online", facts...)
}

// retirement is a clock and no judgement: nothing from outside tells whether a tenant still takes
// passwords, AUTH LOGIN in the reply to EHLO least of all. Dates: Exchange Team blog 4489835 and
// MC786329, January 2026.
func (x *examination) retirement(context.Context) *Finding {
	return &Finding{
		Detail: "this set-up uses OAuth and is not concerned; whether the tenant still takes passwords cannot be told from here",
		Facts: []Fact{
			{"off_by_default", "end of December 2026 in existing tenants; an administrator can switch it on again"},
			{"final_date", "to be announced in the second half of 2027"},
			{"source", "https://techcommunity.microsoft.com/blog/exchange/updated-exchange-online-smtp-auth-basic-authentication-deprecation-timeline/4489835"},
		},
	}
}
