package doctor

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/o365mail/o365mail/pkg/profile"
)

// learnWords keeps words of ours with a dot in them from being taken for hosts.
func (x *Redactor) learnWords(r Report) {
	for _, k := range profile.Keys() {
		x.own[k.Name] = true
	}
	learn := func(words ...string) {
		for _, w := range words {
			x.own[w] = true
		}
	}
	for _, one := range r.Results {
		learn(one.ID, one.Code, one.BlockedBy)
	}
	for _, c := range r.Causes {
		learn(c.Check, c.Code)
	}
	delete(x.own, "")
}

// learnDomain remembers whose hosts belong together.
func (x *Redactor) learnDomain(p Private) {
	_, domain, isAddress := strings.Cut(p.Value, "@")
	if !isAddress {
		domain = p.Value
	}
	if p.Kind == PrivateDomain || isAddress {
		x.addDomain(domain)
	}
}

func (x *Redactor) addDomain(domain string) {
	domain = strings.ToLower(strings.Trim(domain, ". "))
	public := isPublicHost(domain) || !strings.Contains(domain, ".") || strings.HasPrefix(domain, "[")
	if !public && !slices.Contains(x.domains, domain) && suffixOf(domain, sharedSuffixes()) == "" && suffixOf(domain, tenantSuffixes()) == "" {
		x.domains = append(x.domains, domain)
	}
}

// organizations are the names within domains, as contoso in contoso.co.uk: certificates, tenants
// and display names bear them too.
func (x *Redactor) organizations() []Private {
	var names []Private
	for _, domain := range x.domains {
		labels := strings.Split(domain, ".")
		longest := ""
		for _, label := range labels[:len(labels)-1] {
			if len(label) > len(longest) {
				longest = label
			}
		}
		if utf8.RuneCountInString(longest) > 3 && !isCommonWord(longest) {
			names = append(names, Private{PrivateOrg, longest})
		}
	}
	return names
}

// suffixOf finds the first domain that a host is in.
func suffixOf(host string, domains []string) string {
	for _, d := range domains {
		if strings.HasSuffix(host, "."+d) {
			return d
		}
	}
	return ""
}

// host names a host. What is in a domain that is known keeps its place in it: mail.contoso.com becomes
// mail.domain-1.example (RFC 2606 section 3 reserves the name).
func (x *Redactor) host(name string) string {
	host := strings.ToLower(name)
	if isPublicHost(host) {
		return name
	}
	if suffix := suffixOf(host, tenantSuffixes()); suffix != "" {
		before := strings.TrimSuffix(host, "."+suffix)
		label := before[strings.LastIndex(before, ".")+1:]
		return x.below(strings.TrimSuffix(before, label), x.placeholder(PrivateDomain, label+"."+suffix)+"."+suffix)
	}
	if suffix := suffixOf(host, sharedSuffixes()); suffix != "" {
		return x.placeholder(PrivateHost, host) + "." + suffix
	}
	domain := suffixOf(host, x.domains)
	if domain == "" || slices.Contains(x.domains, host) {
		domain = x.apex(host)
	}
	return x.below(strings.TrimSuffix(host, domain), x.placeholder(PrivateDomain, domain)+".example")
}

// apex takes the labels off a host that stand for a service.
func (x *Redactor) apex(host string) string {
	for !slices.Contains(x.domains, host) {
		label, rest, _ := strings.Cut(host, ".")
		if !isServiceLabel(label) || !strings.Contains(rest, ".") {
			break
		}
		host = rest
	}
	return host
}

// below puts the labels of a host, which end with a dot, before the placeholder of its domain. Labels
// that are common stay: they tell what a record is for.
func (x *Redactor) below(labels, domain string) string {
	if labels == "" {
		return domain
	}
	var shown strings.Builder
	for label := range strings.SplitSeq(strings.TrimSuffix(labels, "."), ".") {
		if !isServiceLabel(label) {
			label = x.placeholder(PrivateHost, label)
		}
		shown.WriteString(label + ".")
	}
	return shown.String() + domain
}

func isServiceLabel(label string) bool {
	return slices.Contains([]string{
		"_dmarc", "_domainkey", "_spf", "_mta-sts", "_smtp", "_tls", "_tcp", "_autodiscover", "_submission", "selector1", "selector2",
		"autodiscover", "mta-sts", "mail", "smtp", "www", "mx",
	}, label)
}

// isOwnWord tells words with dots from hosts: ours, the rights of Microsoft's interfaces, the
// exceptions that Exchange quotes, file names.
func (x *Redactor) isOwnWord(word string) bool {
	last := word[strings.LastIndex(word, ".")+1:]
	return x.own[word] || strings.HasSuffix(last, "Exception") || strings.HasPrefix(last, "MapiException") ||
		slices.Contains([]string{
			"All", "Send", "SendAs", "SendAsApp", "Read", "ReadWrite", "ReadBasic", "Shared", "Selected", "AccessAsApp", "AccessAsUser", "Manage",
			"default", "toml", "json", "jsonl", "pem", "pfx", "p12", "key", "crt", "cer", "yml", "md", "html", "service", "timer", "socket",
			"sock", "log", "txt", "conf", "lock", "tmp", "exe", "eml", "prom", "sealed", "go", "js", "py", "sh",
		}, last)
}
