package migrate

import (
	"bytes"
	"cmp"
	"strings"
)

// sight is what the neighborhood of a host shows.
type sight struct {
	_          incomparable
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
	if d.movedAlone(s, spans, wide) {
		s, spans = sight{in: spans[wide-1]}, spans[:wide]
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
	scores := make([]int, len(all))
	key := d.keyOf(m)
	for i := range all {
		if scores[i] = refused; in.holds(all[i].at) && !all[i].isBare() {
			scores[i] = d.score(m, key, &all[i])
		}
	}
	for range min(len(all), 20) {
		i := firstOfMost(scores)
		if scores[i] == refused {
			break
		}
		if !d.stranger(m, &all[i], in, wide) {
			return &all[i]
		}
		scores[i] = refused
	}
	return nil
}

// refused is less than any score.
const refused = -1 << 30

func firstOfMost(scores []int) int {
	at := 0
	for i, s := range scores {
		if s > scores[at] {
			at = i
		}
	}
	return at
}

// score prefers a text over a variable, a key that shares its beginning with the host's, then the
// nearest.
func (d *document) score(m mention, key string, c *credential) int {
	score := -abs(d.row(c.at) - d.row(m.start))
	score += 40 * shared(key, c.key)
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
	if own, ok := d.claim(m, s); ok {
		return d.speaksOAuth(own, strongOAuth())
	}
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
	for _, at := range d.saidOf(weakOAuth()) {
		name := string(keyPattern().Find(d.lineOf(at)))
		if isMailKey(name) || len(key) > 1 && shared(name, strings.Join(key, "_")) > 0 {
			return true
		}
	}
	return false
}

var userPattern = lazily(`(?i)[\w.$\-]*(?:user(?:_?name|_?id)?|login|account|uid|xu|au|from|sender|mail(?:box)?|address|principal|secured|benutzer|smtp_?name)\b`)

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
	for _, in := range append([]span{spans[0], s.in}, spans[:min(len(spans), 8)]...) {
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
	best, nearest := -1, -1
	in.start, in.end = max(in.start, m.start-4000), min(in.end, m.end+4000)
	for _, k := range d.userKeys(in) {
		if !in.holds(k.at) {
			continue
		}
		set = set || k.set
		distance := abs(d.row(k.at) - d.row(m.start))
		switch {
		case k.address == "":
		case k.means == keyUser && (best < 0 || distance < best):
			user, best = k.address, distance
		case k.means == keySender && (nearest < 0 || distance < nearest):
			sender, nearest = k.address, distance
		}
	}
	return user, sender, set
}

// userKey is a key that names a user or a sender.
type userKey struct {
	_       incomparable
	at      int
	means   keyMeaning
	address string
	set     bool // to something, if not to an address
}

// userKeys lists those of a span and some around it. They are kept, for the next host asks for nearly
// the same.
func (d *document) userKeys(in span) []userKey {
	if d.asked.start <= in.start && in.end <= d.asked.end {
		return d.users
	}
	d.asked = span{max(0, in.start-closeBy), min(len(d.code), in.end+closeBy)}
	d.users = d.users[:0]
	for _, k := range userPattern().FindAllIndex(d.code[d.asked.start:d.asked.end], maxCredentials) {
		start, end := d.asked.start+k[0], d.asked.start+k[1]
		means := meaning(strings.Trim(string(d.code[start:end]), ".-"))
		at, ok := d.afterSeparator(start, end)
		if !ok || means != keyUser && means != keySender {
			continue
		}
		v := d.valueAt(at)
		d.users = append(d.users, userKey{at: start, means: means, address: d.addressIn(v), set: means == keyUser && d.judge(v) != absent})
	}
	return d.users
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
	if found := address(strings.Trim(text, `"';, `)); found != "" {
		return found
	}
	return d.addressOf(variable(strings.TrimSpace(string(d.code[v.start:v.end]))))
}
