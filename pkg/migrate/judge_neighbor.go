package migrate

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
)

// sight is what the neighborhood of a host shows.
type sight struct {
	credential *credential
	in         span   // where it was found
	near       bool   // in the host's own block
	mailbox    string //
	user       bool   // a user name is set, with or without an address
	oauth      bool
}

func (s sight) isLiteral() bool { return s.credential != nil && s.credential.state == literal }

// look walks outwards from a host until a credential is found.
func (d *document) look(m mention, all []credential) sight {
	spans, wide := d.around(m.start)
	var s sight
	for i, in := range spans {
		c := d.best(m, in, all, i >= wide)
		if c != nil && (s.credential == nil || c.state == literal && abs(d.row(c.at)-d.row(m.start)) < maxWeakRows) {
			s = sight{credential: c, in: in, near: i < wide}
		}
		if c != nil && !c.weak {
			break
		}
	}
	if s.credential == nil {
		s.credential, s.near = d.bareURL(m, all), true
	}
	if s.credential == nil {
		s.near = false
		s.in = spans[min(1, len(spans)-1)]
		if wide < len(spans) && d.syntax.nest == flat {
			s.in = spans[wide]
		}
	}
	s.oauth = d.isOAuth(m, s, spans, wide)
	d.findUser(m, &s, spans, all)
	return s
}

// isBare tells smtp://user@host, which says that there is a password and not where.
func (c *credential) isBare() bool { return c.key == smtpURL && c.value.end == 0 }

func (d *document) bareURL(m mention, all []credential) *credential {
	line := d.rows(d.row(m.start), d.row(m.start))
	for i := range all {
		if all[i].isBare() && line.holds(all[i].at) {
			return &all[i]
		}
	}
	return nil
}

// best is the credential in a span that belongs to the host: none of a data base, none beside the
// host of somebody else, most like the host's key, nearest.
func (d *document) best(m mention, in span, all []credential, wide bool) *credential {
	var candidates []scored
	for i := range all {
		if c := &all[i]; in.holds(c.at) && !c.isBare() {
			candidates = append(candidates, scored{c, d.score(m, c)})
		}
	}
	slices.SortStableFunc(candidates, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	for _, c := range candidates[:min(len(candidates), 20)] {
		if !d.stranger(m, c.credential, in, wide) {
			return c.credential
		}
	}
	return nil
}

type scored struct {
	credential *credential
	score      int
}

// score prefers a text over a variable, a key that shares its beginning with the host's, then the
// nearest.
func (d *document) score(m mention, c *credential) int {
	score := -abs(d.row(c.at) - d.row(m.start))
	score += 40 * shared(d.keyOf(m), c.key)
	if c.state == literal || c.key == smtpURL {
		score += 20
	}
	if c.weak {
		score -= 100
	}
	if isMailKey(c.key) {
		score += 30
	}
	return score
}

// shared counts the words with which two keys begin alike.
func shared(a, b string) int {
	x, y := words(a), words(b)
	n := 0
	for n < len(x) && n < len(y) && x[n] == y[n] {
		n++
	}
	return n
}

func abs(n int) int { return max(n, -n) }

var keyPattern = lazily("[\\w.\\-]+")

// keyOf is the first word on the line of a host: its key in most formats.
func (d *document) keyOf(m mention) string {
	line := d.rows(d.row(m.start), d.row(m.start))
	before := d.code[max(line.start, m.start-200):m.start]
	if i := bytes.LastIndexAny(before, ",;{(&"); i >= 0 {
		before = before[i:]
	}
	return string(keyPattern().Find(bytes.TrimPrefix(bytes.TrimLeft(before, "- \t"), []byte("export "))))
}

// isOAuth looks for signs that the sender has moved already.
func (d *document) isOAuth(m mention, s sight, spans []span, wide int) bool {
	scope := s.in
	switch {
	case d.syntax.role == code || d.syntax.role == script:
		scope = spans[len(spans)-1]
	case s.credential == nil && wide > 1:
		scope = spans[wide-1]
	case s.credential == nil:
		scope = spans[len(spans)-1]
	}
	if d.speaksOAuth(scope, strongOAuth()) {
		return true
	}
	if d.syntax.nest == flat && d.syntax.role == config {
		return d.kinOAuth(m)
	}
	if wide > 1 && d.syntax.role == config && d.syntax.nest != sectioned && !s.near && d.speaksOAuth(spans[min(2, wide-1)], weakOAuth()) {
		return true
	}
	return (s.near || d.syntax.role != config) && d.speaksOAuth(d.narrow(s, m), weakOAuth())
}

// narrow is where a weak word counts: the block of host and credential, in programs at most a
// screen around them.
func (d *document) narrow(s sight, m mention) span {
	near := d.near(m.start, 25)
	if s.credential == nil && d.syntax.role == code {
		return near
	}
	return span{max(s.in.start, near.start), max(min(s.in.end, near.end), max(s.in.start, near.start))}
}

// kinOAuth looks in a flat file for keys of the host's family: SMTP_OAUTH_CLIENT_ID.
func (d *document) kinOAuth(m mention) bool {
	key := words(d.keyOf(m))
	for row := range d.lines {
		line := d.textAt(row)
		at := weakOAuth().FindIndex(line)
		if at == nil || denied(line, at[1]) {
			continue
		}
		name := string(keyPattern().Find(line))
		if isMailKey(name) || len(key) > 1 && shared(name, strings.Join(key, "_")) > 0 {
			return true
		}
	}
	return false
}

var userPattern = lazily(`(?i)[\w.$\-]*(?:user(?:_?name|_?id)?|login|account|uid|xu|from|sender|mail(?:box)?|address|principal|secured|benutzer|smtp_?name)\b`)

// findUser names the mailbox: the user beside the credential, else a sender's address in the same
// place. A text that may be a password is never taken.
func (d *document) findUser(m mention, s *sight, spans []span, all []credential) {
	if s.credential != nil && s.credential.user != "" {
		s.mailbox, s.user = s.credential.user, true
		return
	}
	if c := d.bareURL(m, all); c != nil && c.user != "" {
		s.mailbox, s.user = c.user, true
		return
	}
	var sender string
	for _, in := range append([]span{s.in}, spans[:min(len(spans), 8)]...) {
		user, from, set := d.usersIn(in, m)
		s.user = s.user || set
		if sender == "" {
			sender = from
		}
		if user != "" {
			s.mailbox = user
			return
		}
	}
	s.mailbox = cmp.Or(d.signsInAs(m, all), sender)
}

// signsInAs is the user of a call near the host that signs in with what a variable holds.
func (d *document) signsInAs(m mention, all []credential) string {
	for _, c := range all {
		if c.user != "" && c.key != smtpURL && abs(d.row(c.at)-d.row(m.start)) < 40 && !d.otherAccount(m, &c) {
			return c.user
		}
	}
	return ""
}

// usersIn finds the user name nearest to the host in a span.
func (d *document) usersIn(in span, m mention) (user, sender string, set bool) {
	best := -1
	in.start, in.end = max(in.start, m.start-4000), min(in.end, m.end+4000)
	if in.start >= in.end {
		return "", "", false
	}
	for _, k := range userPattern().FindAllIndex(d.code[in.start:in.end], 500) {
		start, end := in.start+k[0], in.start+k[1]
		means := meaning(strings.Trim(string(d.code[start:end]), ".-"))
		at, ok := d.afterSeparator(start, end)
		if !ok || means != keyUser && means != keySender {
			continue
		}
		v := d.valueAt(at)
		found := d.addressIn(v)
		if means == keyUser && d.judge(v) != absent {
			set = true
		}
		distance := abs(d.row(start) - d.row(m.start))
		switch {
		case found == "":
		case means == keyUser && (best < 0 || distance < best):
			user, best = found, distance
		case means == keySender && sender == "":
			sender = found
		}
	}
	return user, sender, set
}

// addressIn is the address that a value is, or that it names as "Name <address>".
func (d *document) addressIn(v value) string {
	text := string(d.code[v.start:v.end])
	if first, _, more := strings.Cut(text, " "); more && strings.Contains(first, "@") {
		text = first
	}
	if i, j := strings.IndexByte(text, '<'), strings.IndexByte(text, '>'); i >= 0 && j > i {
		text = text[i+1 : j]
	}
	if fallback, ok := defaultOf(strings.TrimSpace(text)); ok {
		text = fallback
	}
	return address(strings.Trim(text, `"';, `))
}
