package migrate

import (
	"slices"
	"strings"
)

// asideOf says what a file is that only talks about mail, or nothing for one that sends.
func asideOf(d *document) string {
	switch {
	case d.syntax.role == prose:
		return "documentation"
	case silentPlace(d.place):
		return "a test, a translation or documentation"
	}
	return ""
}

// leaked tells of a file that only talks about mail when it holds the password of a real mailbox: it
// must be changed, although nothing sends from here.
func (d *document) leaked() []Finding {
	if len(d.hosts) == 0 {
		return nil
	}
	if d.syntax.role == prose {
		d.syntax = syntaxOfContent(d.text)
		d.mask()
	}
	all, _ := d.judged(noFiles{})
	kept := all[:0]
	for _, f := range all {
		if f.Severity != High || isInvented(f.Mailbox) {
			continue
		}
		f.Severity, f.Why = Low, "a password for "+f.Host+" stands here, in "+d.aside
		f.Replacement.Edit = nil
		kept = append(kept, f)
	}
	return kept
}

// isInvented tells the addresses that documentation and tests use (RFC 2606 and custom).
func isInvented(mailbox string) bool {
	local, domain, ok := strings.Cut(strings.ToLower(mailbox), "@")
	const people = ` you user username name email mail example test foo jane john joe doe someone somebody me my youremail myemail your sender myname`
	real := slices.ContainsFunc(words(local), func(w string) bool { return !listed(people, w) })
	if !ok || !real || saysSo(local) {
		return true
	}
	for _, w := range strings.Split(domain, ".") {
		if listed(` example invalid test local localhost contoso fabrikam domain yourdomain mydomain company yourcompany tenant yourtenant test foo bar acme corp`, w) || saysSo(w) {
			return true
		}
	}
	return false
}
