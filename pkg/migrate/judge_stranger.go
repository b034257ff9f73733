package migrate

import "bytes"

// maxWeakRows is how far from its host a weak credential may stand.
const maxWeakRows = 20

// stranger refuses a credential that belongs to something else.
func (d *document) stranger(m mention, c *credential, in span, wide bool) bool {
	if c.key == smtpURL {
		return false
	}
	if isAlien(c.key) || c.weak && abs(d.row(c.at)-d.row(m.start)) > maxWeakRows {
		return true
	}
	key := d.keyOf(m)
	if wide && d.syntax.role != code && d.syntax.role != script && !isMailKey(c.key) && shared(key, c.key) == 0 && isMailKey(key) && len(words(c.key)) > 1 && !listed(` auth user login account`, words(c.key)[0]) {
		return true
	}
	own, others := d.owner(c.at), d.owner(m.start)
	if isAlien(string(own)) && !isAlien(string(others)) {
		return true
	}
	return d.besideOther(m, c, in)
}

var otherHost = lazily(`(?i)(?:^|[\s{,<"'])["']?[\w.\-]*(?:host|hostname|server|address|url|dsn|smarthost)["']?\s*(?:=>|[:=>])\s*["']?([\w.\-\x01:/@\[\]{}$]+)`)

// besideOther reports whether the credential's own block, which the host is not in, has a host.
func (d *document) besideOther(m mention, c *credential, in span) bool {
	if d.syntax.role == code && d.syntax.nest != braces || d.syntax.nest == flat {
		return d.otherAccount(m, c)
	}
	spans, wide := d.around(c.at)
	for _, s := range spans[1:max(wide, 1)] {
		if s.holds(m.start) || s.end-s.start >= in.end-in.start {
			return false
		}
		for _, h := range otherHost().FindAllSubmatch(d.code[s.start:s.end], 20) {
			if !bytes.ContainsRune(h[1], stand) && !bytes.Contains(h[1], []byte("@")) {
				return true
			}
		}
	}
	return false
}

// otherAccount tells another provider's host between a host and a credential in a flat file.
func (d *document) otherAccount(m mention, c *credential) bool {
	from, to := min(m.end, c.at), max(m.start, c.at)
	return from < to && to-from < 4000 && foreignPattern().Match(d.code[from:to])
}
