package migrate

import (
	"bytes"
	"regexp"
	"strings"
)

// verdict is a finding that is being made, with what must not be written.
type verdict struct {
	_         incomparable
	rule      *rule
	mention   mention
	sight     sight
	severity  Severity
	why       string
	connector bool
	anonymous bool // a command that sends and is given no credential
}

// findings judges every host of a document. allowed counts those that a comment takes out.
func (d *document) findings(f files) (all []Finding, allowed int) {
	if d.syntax.role == journal {
		return nil, 0
	}
	if d.aside = asideOf(d); d.aside != "" {
		return d.leaked(), 0
	}
	return d.judged(f)
}

func (d *document) judged(f files) (all []Finding, allowed int) {
	if t := d.deviceList(); t != nil {
		return d.devices(t)
	}
	covered := d.embedded(f, &all, &allowed)
	d.addServices()
	d.addWildcards(f)
	var credentials []credential
	if len(d.hosts) > 0 {
		credentials = d.credentials()
	}
	seen := map[sameFinding]bool{}
	for _, m := range d.hosts {
		if !d.own.holds(m.start) || inAny(covered, m.start) || d.isJournal(m) || !d.isMail(m) {
			continue
		}
		v := d.judgeHost(m, credentials, f)
		if v == nil || seen[v.same()] {
			continue
		}
		seen[v.same()] = true
		if c := v.sight.credential; d.isAllowed(m.start) || c != nil && c.value.end > 0 && d.isAllowed(c.value.start) {
			allowed++
			continue
		}
		all = append(all, d.finding(v, credentials))
		all = append(all, d.companions(v, f)...)
	}
	if len(d.hosts) == 0 {
		all = append(all, d.remark()...)
	}
	all = append(all, d.localSenders()...)
	disjoin(all)
	return all, allowed
}

var settingPattern = lazily(`[=|]|:\s*\S+:|(?i)passw|\bhost\b|\buser`)

// remark is a host that only a comment names, in a file of which nothing else is known: a hint for
// a person who looks for a sender. A setting that is commented out is not one.
func (d *document) remark() []Finding {
	if d.syntax.role != unnamed || d.anyName() {
		return nil
	}
	for _, m := range mentions(d.text) {
		s := d.rows(d.row(m.start), d.row(m.start))
		line := append(append([]byte(nil), d.text[s.start:m.start]...), d.text[m.end:s.end]...)
		if isConnector(m.host) || sharesName(m.host) || settingPattern().Match(line) || d.isAllowed(m.start) {
			continue
		}
		v := &verdict{rule: ruleByID("generic-host-literal"), mention: m, severity: Low, why: "a note names " + m.host}
		return []Finding{d.finding(v, nil)}
	}
	return nil
}

// anyName reports whether a rule knows the file by its name.
func (d *document) anyName() bool {
	for _, r := range rules() {
		if r.named(d.name) > 1 {
			return true
		}
	}
	return false
}

// sameFinding makes one finding of several hosts that share a credential, and one a file of hosts
// without.
type sameFinding struct {
	rule string
	at   int
}

func (v *verdict) same() sameFinding {
	if c := v.sight.credential; c != nil && !v.sight.oauth {
		return sameFinding{rule: "", at: c.at}
	}
	return sameFinding{rule: v.rule.ID + " " + v.sight.mailbox, at: -1}
}

func inAny(all []span, at int) bool {
	for _, s := range all {
		if s.holds(at) {
			return true
		}
	}
	return false
}

// isAllowed reports whether "o365mail:allow" stands on the line or the one above.
func (d *document) isAllowed(at int) bool {
	row := d.row(at)
	s := d.rows(row-1, row)
	return bytes.Contains(d.text[s.start:s.end], []byte("o365mail:allow"))
}

func (d *document) judgeHost(m mention, all []credential, f files) *verdict {
	v := &verdict{mention: m, sight: d.look(m, all)}
	v.rule = d.bestRule(m)
	if isConnector(m.host) && !d.signsIn(v) {
		return d.judgeConnector(v)
	}
	if v.rule != nil {
		d.applyRule(v)
	}
	if c := v.sight.credential; c == nil || c.isBare() {
		d.lookOutside(v, f)
	}
	d.resolveOutside(v, f)
	if v.rule == nil || v.rule.ID == "generic-credentials" || v.rule.ID == "generic-host-literal" {
		v.rule = d.unknownProgram(v)
	}
	if !v.sight.near && d.isTable(m) || (!v.sight.near || !v.sight.isLiteral()) && (d.isFormText(m) || d.isForm()) {
		return nil
	}
	if d.syntax.role == unnamed && !v.sight.isLiteral() && sentencePattern().Match(d.lineOf(m.start)) {
		v.sight.credential, v.sight.user = nil, false
	}
	v.anonymous = d.isPowerShell() && !credentialPattern().Match(d.code)
	v.severity, v.why = v.grade()
	if m.host == everyHost {
		v.severity, v.why = Low, "a password for every host that is relayed to stands here; which one that is, no file beside it says"
	}
	if v.severity == Low && v.sight.credential == nil && !d.isSetting(m) {
		return nil
	}
	return v
}

var credentialPattern = lazily(`(?i)credential`)

func (d *document) isPowerShell() bool { return d.syntax.role == script && d.syntax.nest == braces }

// applyRule lets the program's own patterns see what the general ones did not.
func (d *document) applyRule(v *verdict) {
	p := v.rule.patterns()
	if p.secret != nil && !v.sight.oauth && (v.sight.credential == nil || !v.sight.near) {
		if c := d.nearestSecret(p.secret, v.mention, v.sight.in); c != nil {
			user := v.sight.user
			v.sight.credential, v.sight.near, v.sight.user = c, true, user || c.user != ""
			if v.sight.mailbox == "" || c.user != "" {
				v.sight.mailbox = c.user
			}
		}
	}
	if p.user != nil && v.sight.mailbox == "" {
		v.sight.mailbox = d.nearestUser(p.user, v.mention)
	}
	if p.oauth != nil && !v.sight.oauth {
		scope := v.sight.in
		if d.syntax.role != config || d.syntax.nest == flat || d.syntax.nest == tagged {
			scope = d.whole()
		}
		if own, ok := d.claim(v.mention, v.sight); ok {
			scope = own
		}
		v.sight.oauth = d.speaksOAuth(scope, p.oauth)
	}
}

// maxSecretRows is how far from its host a rule's secret may stand.
const maxSecretRows = 60

// nearestSecret is the match of a rule's secret that is nearest to the host.
func (d *document) nearestSecret(p *regexp.Regexp, m mention, in span) *credential {
	var best *credential
	for _, x := range p.FindAllSubmatchIndex(d.code, 1000) {
		if len(x) < 4 || x[2] < 0 {
			continue
		}
		distance := abs(d.row(x[2]) - d.row(m.start))
		if (d.syntax.nest == sectioned || d.syntax.nest == accounts) && !in.holds(x[2]) || distance > maxSecretRows || best != nil && distance >= abs(d.row(best.value.start)-d.row(m.start)) {
			continue
		}
		before := d.code[max(x[2]-1, 0)]
		s := d.judge(value{span{x[2], x[3]}, isQuote(before), before})
		if s != absent && !d.otherAccount(m, &credential{at: x[2]}) {
			best = &credential{at: x[0], key: "secret", value: span{x[2], x[3]}, state: s, user: d.userBefore(x[2])}
		}
	}
	return best
}

// nearestUser is the match of a rule's user that is nearest to the host.
func (d *document) nearestUser(p *regexp.Regexp, m mention) string {
	best, distance := "", maxSecretRows
	for _, x := range p.FindAllSubmatchIndex(d.code, 1000) {
		if n := abs(d.row(x[2]) - d.row(m.start)); n < distance {
			if found := address(string(d.code[x[2]:x[3]])); found != "" {
				best, distance = found, n
			}
		}
	}
	return best
}

var userBeforePattern = lazily(`([\w.+\-]+(?:@|%40)[\w.\-]+)\s*["'!]?[:|\s]\s*["'!]?(?:\x01+\s*:)?\S?$`)

// userBefore is the address in "user:password" and "user|host:password".
func (d *document) userBefore(at int) string {
	line := d.rows(d.row(at), d.row(at))
	text := d.code[line.start:at]
	if m := userBeforePattern().FindSubmatch(text); m != nil {
		return address(string(m[1]))
	}
	return ""
}

// grade gives the severity and says in one sentence what was seen.
func (v *verdict) grade() (Severity, string) {
	c := v.sight.credential
	switch {
	case v.sight.oauth:
		return Info, "signs in with OAuth 2.0 already"
	case c != nil && c.state == literal:
		return High, "a password for " + v.mention.host + " stands here"
	case c != nil && c.state == elsewhere:
		return Medium, "signs in to " + v.mention.host + " with a password that comes from elsewhere"
	case c != nil && c.state == placeholder:
		return Low, "names " + v.mention.host + " with a placeholder for the password"
	case v.rule.Elsewhere && !v.anonymous:
		return Medium, "sends through " + v.mention.host + "; the password is kept in another place"
	case v.sight.user:
		return Medium, "names a user for " + v.mention.host + "; the password comes from elsewhere"
	}
	return Low, "names " + v.mention.host + " and no credential"
}

// unknownProgram is the rule for what no rule names.
func (d *document) unknownProgram(v *verdict) *rule {
	if v.sight.credential == nil && !v.sight.user {
		return ruleByID("generic-host-literal")
	}
	return ruleByID("generic-credentials")
}

// isSetting keeps a bare host out of the answer unless something is set to it.
func (d *document) isSetting(m mention) bool {
	if d.syntax.role == unnamed {
		return true
	}
	line := d.rows(d.row(m.start), d.row(m.start))
	before := strings.TrimRight(string(d.code[line.start:m.start]), " \t\"'`[")
	if d.syntax.role == code && m.start > line.start && d.code[m.start-1] == ' ' && before != "" && isWord(before[len(before)-1]) {
		return false // a sentence in a text
	}
	return !strings.HasSuffix(before, "==") && !strings.HasSuffix(before, "!=") && (strings.ContainsAny(before, "=:>(,") || isMailKey(before))
}

// finding is what is told of a verdict. The last step removes whatever repeats a password.
func (d *document) finding(v *verdict, all []credential) Finding {
	f := Finding{
		Rule: v.rule.ID, Program: v.rule.Name, Path: d.path, Line: d.line(v.mention.start), Mailbox: v.sight.mailbox,
		Severity: v.severity, OAuth: OAuth(v.rule.Support), Since: v.rule.Since, Detail: v.rule.Detail, Host: v.mention.host, Why: v.why,
		Source: v.rule.Source, Checked: v.rule.Checked, Confidence: v.rule.Confidence,
	}
	d.placePassword(&f, v)
	f.Replacement = d.replacement(*v)
	d.guard(&f, v, all)
	return f
}
