package migrate

import (
	"path"
	"strings"
)

// named says how closely one of the rule's globs fits a name: a whole name more than an ending.
func (r *rule) named(name string) int {
	best := 0
	for _, glob := range r.Files {
		if matchGlob(strings.ToLower(glob), strings.ToLower(name)) {
			best = max(best, closeness(glob))
		}
	}
	return best
}

// closeness ranks "**/ssmtp/ssmtp.conf" over "ssmtp.conf" over "*.env" over "**/*.conf" over "**/*".
func closeness(glob string) int {
	base := path.Base(glob)
	switch {
	case glob == "**/*":
		return 1
	case strings.HasPrefix(base, "*") && path.Dir(glob) == "**":
		return 5
	case strings.HasPrefix(base, "*"):
		return 10 + strings.Count(glob, "/")
	case strings.Contains(base, "*"):
		return 20
	}
	return 25 + 5*strings.Count(glob, "/")
}

// original is the name of the file that a copy for people to edit or a template makes: msmtprc.example,
// main.cf.j2, and what chezmoi calls private_dot_msmtprc.
func original(name string) string {
	for end := range strings.FieldsSeq(".j2 .jinja2 .tmpl .tpl .erb .example .sample .dist .bak .orig .old .template .save ~") {
		name = strings.TrimSuffix(name, end)
	}
	dir, base := path.Split(name)
	base = strings.TrimPrefix(base, "private_")
	if rest, ok := strings.CutPrefix(base, "dot_"); ok {
		base = "." + rest
	}
	return dir + base
}

// matchGlob matches a name with slashes: a glob without a slash matches the base name in any
// folder, ** any number of folders. A copy for people to edit (.example, .bak) counts as the name.
func matchGlob(glob, name string) bool {
	name = original(name)
	if !strings.Contains(glob, "/") {
		ok, _ := path.Match(glob, path.Base(name))
		return ok
	}
	return matchSegments(strings.Split(glob, "/"), strings.Split(name, "/"), !strings.HasPrefix(glob, "**"))
}

// matchSegments lets a glob begin in any folder, as an absolute prefix may stand before it.
func matchSegments(glob, name []string, floating bool) bool {
	if floating {
		for i := range name {
			if matchSegments(glob, name[i:], false) {
				return true
			}
		}
		return false
	}
	for len(glob) > 0 && glob[0] != "**" {
		if len(name) == 0 {
			return false
		}
		if ok, _ := path.Match(glob[0], name[0]); !ok {
			return false
		}
		glob, name = glob[1:], name[1:]
	}
	if len(glob) == 0 {
		return len(name) == 0
	}
	for i := range len(name) + 1 {
		if matchSegments(glob[1:], name[i:], false) {
			return true
		}
	}
	return false
}
