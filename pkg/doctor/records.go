package doctor

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
)

// maxIncludes is how many further lookups an SPF record may cost (RFC 7208 section 4.6.4).
const maxIncludes = 10

// answer is what the DNS says to one question; err is nil when it says that there is nothing.
type answer struct {
	values []string
	err    error
}

// records are those of the sender's domain that others judge its mail by.
type records struct {
	domain       string
	skip         string // why they are not judged
	mx           answer
	spf          answer
	spfExchange  bool // the SPF record leads to Exchange Online
	dmarc        answer
	dkim         answer // the keys of Exchange's selectors
	dkimAliases  answer // where its selectors lead
	autodiscover answer
}

// findRecords asks all questions side by side.
func (x *examination) findRecords(ctx context.Context) *records {
	r := &records{domain: domainOf(x.From)}
	var addresses error
	if r.skip = x.recordless(r.domain); r.skip != "" {
		return r
	}
	ctx, cancel := context.WithTimeout(ctx, x.wait())
	defer cancel()
	var all sync.WaitGroup
	all.Go(func() { r.mx = x.mxRecords(ctx, r.domain) })
	all.Go(func() { r.spf, r.spfExchange = x.spfRecords(ctx, r.domain) })
	all.Go(func() { r.dmarc = x.dmarcRecords(ctx, r.domain) })
	all.Go(func() { r.dkim, r.dkimAliases = x.dkimRecords(ctx, r.domain) })
	all.Go(func() { r.autodiscover = x.alias(ctx, "autodiscover."+r.domain) })
	all.Go(func() { _, addresses = x.Resolver.LookupNetIP(ctx, "ip", r.domain) })
	all.Wait()
	if addresses != nil && isUnknownName(addresses) && r.isEmpty() {
		r.skip = "these name servers know nothing of " + r.domain
	}
	return r
}

// isEmpty tells whether all answers say that there is nothing: that is how a name server speaks that
// knows its own network only, or of a domain that does not exist.
func (r *records) isEmpty() bool {
	empty := true
	for _, a := range []*answer{&r.mx, &r.spf, &r.dmarc, &r.dkim, &r.dkimAliases, &r.autodiscover} {
		empty = empty && a.err == nil && len(a.values) == 0
	}
	return empty
}

// recordless tells the domains that no resolver knows: RFC 2606 section 2, RFC 6761.
func (x *examination) recordless(domain string) string {
	if !strings.Contains(domain, ".") {
		return "the sender has no domain with records"
	}
	for _, reserved := range []string{"example", "test", "invalid", "localhost", "onion"} {
		if !x.OwnNames && strings.HasSuffix(strings.ToLower(domain), "."+reserved) {
			return "." + reserved + " is reserved: no public name server knows it"
		}
	}
	return ""
}

func (x *examination) mxRecords(ctx context.Context, domain string) answer {
	list, err := x.Resolver.LookupMX(ctx, domain)
	a := answer{err: unlessUnknown(err)}
	for _, mx := range list {
		a.values = append(a.values, strings.TrimSuffix(mx.Host, "."))
	}
	return a
}

// spfRecords follows include and redirect to see whether Exchange Online is in.
func (x *examination) spfRecords(ctx context.Context, domain string) (answer, bool) {
	a := x.texts(ctx, domain, "v=spf1")
	if len(a.values) != 1 {
		return a, false
	}
	budget := maxIncludes
	return a, x.leadsToExchange(ctx, a.values[0], &budget)
}

func (x *examination) leadsToExchange(ctx context.Context, spf string, budget *int) bool {
	for term := range strings.FieldsSeq(spf) {
		target, isInclude := strings.CutPrefix(strings.ToLower(strings.TrimLeft(term, "+?~-")), "include:")
		if !isInclude {
			if target, isInclude = strings.CutPrefix(strings.ToLower(term), "redirect="); !isInclude {
				continue
			}
		}
		if isExchangeSPF(target) {
			return true
		}
		if *budget--; *budget < 0 {
			return false
		}
		for _, inner := range x.texts(ctx, target, "v=spf1").values {
			if x.leadsToExchange(ctx, inner, budget) {
				return true
			}
		}
	}
	return false
}

// isExchangeSPF knows the records of the clouds (Microsoft, "Set up SPF to identify valid email
// sources"; those of the national clouds as reported).
func isExchangeSPF(name string) bool {
	for _, known := range []string{"spf.protection.outlook.com", "spf.protection.office365.us", "spf.protection.partner.outlook.cn"} {
		if sameName(name, known) {
			return true
		}
	}
	return false
}

// dmarcRecords are those of the domain, or else of the one above it.
func (x *examination) dmarcRecords(ctx context.Context, domain string) answer {
	a := x.texts(ctx, "_dmarc."+domain, "v=DMARC1")
	if _, parent, ok := strings.Cut(domain, "."); ok && a.err == nil && len(a.values) == 0 && strings.Contains(parent, ".") {
		return x.texts(ctx, "_dmarc."+parent, "v=DMARC1")
	}
	return a
}

// dkimRecords asks for Exchange's two selectors (Microsoft, "How to use DKIM for email in your custom
// domain").
func (x *examination) dkimRecords(ctx context.Context, domain string) (keys, aliases answer) {
	for _, selector := range []string{"selector1", "selector2"} {
		name := selector + "._domainkey." + domain
		if a := x.alias(ctx, name); len(a.values) > 0 {
			aliases.values = append(aliases.values, a.values...)
		}
		a := x.texts(ctx, name, "")
		if keys.err == nil { // one says enough
			keys.err = a.err
		}
		for _, key := range a.values {
			if strings.Contains(key, "p=") && !strings.HasSuffix(strings.TrimRight(key, "; "), "p=") {
				keys.values = append(keys.values, selector)
			}
		}
	}
	return keys, aliases
}

// texts are the TXT records that begin with a version.
func (x *examination) texts(ctx context.Context, name, version string) answer {
	list, err := x.Resolver.LookupTXT(ctx, name)
	a := answer{err: unlessUnknown(err)}
	for _, text := range list {
		if len(text) >= len(version) && strings.EqualFold(text[:len(version)], version) {
			a.values = append(a.values, text)
		}
	}
	return a
}

// alias is where a name leads.
func (x *examination) alias(ctx context.Context, name string) answer {
	target, err := x.Resolver.LookupCNAME(ctx, name)
	if err != nil || sameName(target, name) {
		return answer{err: unlessUnknown(err)}
	}
	return answer{values: []string{strings.TrimSuffix(target, ".")}}
}

// unlessUnknown takes "there is no such name" for an answer.
func unlessUnknown(err error) error {
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		return nil
	}
	return err
}
