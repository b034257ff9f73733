package migrate

import "bytes"

// isCommand tells `gpg -d FILE` of a shell and of Mutt; in programs and for Gitea these signs are quotes.
func (d *document) isCommand(v value) bool {
	return d.syntax.spaced && d.syntax.role != code && (v.mark == '`' || bytes.HasPrefix(d.code[v.start:v.end], []byte("`")))
}

// tripleAt reads a value in three quotes, as Grafana wants a password with # or ; in it and as
// Python, TOML and others have texts. Basic and SQL double a quote inside a text, which looks alike.
func (d *document) tripleAt(at int) (value, bool) {
	rest := d.code[at:min(len(d.code), at+maxValue)]
	if len(rest) < 3 || d.syntax.role == code && d.syntax.nest == flat || !isQuote(rest[0]) {
		return value{}, false
	}
	mark := bytes.Repeat(rest[:1], 3)
	text, opened := bytes.CutPrefix(rest, mark)
	n := bytes.Index(text, mark)
	return value{span{at + 3, at + 3 + n}, true, mark[0]}, opened && n > 0
}
