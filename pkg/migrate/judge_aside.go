package migrate

import (
	"path"
	"slices"
	"strings"
)

// asideOf says what a file is that only talks about mail, or nothing for one that may send. The place
// is relative to the root that was given, so that the folders above it have no say.
func asideOf(d *document) string {
	if d.syntax.role == prose {
		return "documentation"
	}
	return asidePlace(d.place)
}

func asidePlace(place string) string {
	dir, base := path.Split(strings.ToLower(place))
	for part := range strings.SplitSeq(strings.Trim(dir, "/"), "/") {
		if kind := classOf(asideFolders, part); kind != "" {
			return strings.ReplaceAll(kind, "_", " ")
		}
	}
	if isTestName(base) {
		return "a test"
	}
	return ""
}

const asideFolders = `
documentation doc docs documentation man manual licenses changelogs samples-doc javadoc
a_test test tests testing testdata __tests__ __mocks__ spec specs fixtures mocks
a_translation locale locales i18n lang langs language languages translations l10n
`

// leaked tells of a file that only talks about mail when it holds a password. Configuration is what it
// is wherever it stands; in a program of a test or in documentation the password counts if its mailbox
// is real: it must be changed, although nothing sends from here.
func (d *document) leaked() []Finding {
	if len(d.hosts) == 0 {
		return nil
	}
	told := d.syntax.role == prose
	if told {
		d.syntax = syntaxOfContent(d.text)
		d.mask()
	}
	if !anyLiteral(d.credentials()) {
		return nil // nearly always, and what follows takes time
	}
	all, _ := d.judged(noFiles{})
	kept := all[:0]
	for _, f := range all {
		sends := !told && d.syntax.role == config
		if f.Severity != High || !sends && isInvented(f.Mailbox) {
			continue
		}
		if !sends {
			f.Severity, f.Why = Low, "a password for "+f.Host+" stands here, in "+d.aside
			f.Replacement.Edit = nil
		}
		kept = append(kept, f)
	}
	return kept
}

func anyLiteral(all []credential) bool {
	for i := range all {
		if all[i].state == literal {
			return true
		}
	}
	return false
}

// isInvented tells the addresses that documentation and tests use (RFC 2606 and custom).
func isInvented(mailbox string) bool {
	local, domain, ok := strings.Cut(strings.ToLower(mailbox), "@")
	const people = ` you user username name email mail example test foo jane john joe doe someone somebody me my youremail myemail your sender myname`
	named := slices.ContainsFunc(words(local), func(w string) bool { return !listed(people, w) })
	if !ok || !named || saysSo(local) {
		return true
	}
	for w := range strings.SplitSeq(domain, ".") {
		if listed(` example invalid test local localhost contoso fabrikam domain yourdomain mydomain company yourcompany tenant yourtenant test foo bar acme corp`, w) || saysSo(w) {
			return true
		}
	}
	return false
}
