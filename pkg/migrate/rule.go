package migrate

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"
)

// The rules are data, kept compressed; scripts/gen makes these files from the .toml beside them.
var (
	//go:embed rules/packed/programs.toml.gz
	programsData []byte
	//go:embed rules/packed/libraries.toml.gz
	librariesData []byte
)

// rule is what is known of one program: how it is told, what it can do, what takes its place.
type rule struct {
	ID, Name  string
	Files     []string // globs of names; ** crosses folders
	Match     []string // patterns that must all fit; {host} is a submission host
	Secret    string   // has a password in group 1
	OAuth     string   // the program has moved already
	User      string   // has the user name in group 1, where no key tells it
	Hint      string   // names the program without its host
	Anywhere  bool     // Match is telling enough for any file name
	Generic   bool     // any other rule is better
	Elsewhere bool     // the program keeps its password in another file
	Local     bool     // shows the local sender of a program; needs no host

	Support, Since, Detail, Confidence string
	Kind                               string
	Steps                              []string
	Source, Checked                    string

	patterns func() *compiled
}

// compiled are the patterns of a rule, made when a file first needs them.
type compiled struct {
	host, other []*expression // of Match: with a host and without
	secret      *regexp.Regexp
	oauth       *regexp.Regexp
	user        *regexp.Regexp
	hint        *expression
}

// rules reads the data on first use: a tree that names no host never pays for it.
var rules = sync.OnceValue(func() []*rule {
	all := append(decodeRules(programsData), decodeRules(librariesData)...)
	var last []*rule
	kept := all[:0]
	for _, r := range all {
		r.patterns = sync.OnceValue(r.compile)
		if r.Generic {
			last = append(last, r)
		} else {
			kept = append(kept, r)
		}
	}
	return append(kept, last...)
})

func decodeRules(compressed []byte) []*rule {
	var file struct {
		Rule []*rule `toml:"rule"`
	}
	unpack(compressed, &file)
	return file.Rule
}

func (r *rule) compile() *compiled {
	c := &compiled{}
	for _, m := range r.Match {
		if strings.Contains(m, "{host}") {
			c.host = append(c.host, expressionOf(m))
		} else {
			c.other = append(c.other, expressionOf(m))
		}
	}
	c.secret, c.oauth, c.user, c.hint = pattern(r.Secret), pattern(r.OAuth), pattern(r.User), expressionOf(r.Hint)
	return c
}

// lazily compiles a pattern when it is first used.
func lazily(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}

func pattern(text string) *regexp.Regexp {
	if text == "" {
		return nil
	}
	return regexp.MustCompile(strings.ReplaceAll(text, "{host}", "\x01+"))
}

// ruleByID panics for an id that is not in the data; the tests name every use.
func ruleByID(id string) *rule {
	for _, r := range rules() {
		if r.ID == id {
			return r
		}
	}
	panic("migrate: no rule " + id)
}

// fit is how well a rule whose names fit as well as named says suits a host; zero is not at all.
func (r *rule) fit(d *document, m mention, named int) int {
	points := 0
	switch {
	case r.Local:
		return 0
	case len(r.Match) > 0 && (named > 0 || r.Anywhere) && r.matches(d, m):
		points = 60 + named
	case r.Hint != "" && (named > 0 || r.Anywhere) && r.patterns().hint.in(d, d.vicinity(m)):
		points = 20 + named
	}
	if points > 0 && r.Generic {
		points = min(1+named, 19)
	}
	return points
}

// closeBy bounds the text around a host that a pattern with a host is tried on. It is longer than
// any pattern reaches, and keeps the cost of a large file in proportion to its hosts.
const closeBy = 3 << 10

// vicinity is where the words are looked for that name a program.
func (d *document) vicinity(m mention) span {
	const reach = 8 << 10
	return span{max(0, m.start-reach), min(len(d.code), m.end+reach)}
}

func (r *rule) matches(d *document, m mention) bool {
	p := r.patterns()
	near := span{d.lines[max(0, d.row(max(0, m.start-closeBy)))], min(len(d.code), m.end+closeBy)}
	for _, host := range p.host {
		if !host.mayBeIn(d, near) {
			return false
		}
	}
	for _, other := range p.other {
		if !other.in(d, d.vicinity(m)) {
			return false
		}
	}
	for _, host := range p.host {
		if !host.covers(d, near, m.start) {
			return false
		}
	}
	return len(p.host) > 0
}

// bestRule is the rule that suits a host best.
func (d *document) bestRule(m mention) *rule {
	best, most := d.ruleAt(nil, 0, m)
	for _, u := range d.uses {
		if u.host == m.start {
			best, most = d.ruleAt(best, most, mention{start: u.at, end: u.at + 1})
		}
	}
	return best
}

// ruleAt is a rule that suits a place better than the best so far, or that.
func (d *document) ruleAt(best *rule, most int, m mention) (*rule, int) {
	for i, r := range rules() {
		if points := r.fit(d, m, d.nameFit(i)); points > most {
			best, most = r, points
		}
	}
	return best, most
}
