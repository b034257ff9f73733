package migrate

import (
	"bytes"
	"regexp"
	"slices"
)

// Strong words are only written by programs that send mail with OAuth. Weak ones may belong to the
// sign-in of people, and count only inside the block of the host.
var (
	strongOAuth = lazily(`(?i)xoauth2?\b|xoauth2|oauthbearer|SaslMechanismOAuth|oauth2[_-]?bearer|(?-i:\bSMTP\.Send(?:AsApp)?\b[^(\w])|smtp_oauth|smtpoauth|mail_?oauth|` +
		`microsoft_?graph_?mailer|o365mail\s+(?:token|send)|\boama\s+access|mailctl\s+access|ortie\s+token|pizauth\s+show|mutt_oauth2|oauth2ms\b|sasl-xoauth2|` +
		`type\s*:\s*["'\x60]OAuth2["'\x60]|auth_?type["']?\s*(?:=>|[:=])\s*["']?(?:oauth2?|token)\b|useOAuth2?\b|authmode["']?\s*[:=]\s*["']?oauth|authMethod["'],\s*10\b|helper\s*=\s*outlook`)
	weakOAuth   = lazily(`(?i)oauth|access_?token|refresh_?token|acquire_?token|\bmsal\b|modern_?auth|token_?(?:endpoint|url|uri|command|provider)|client_?credentials|getAccessToken`)
	deniedOAuth = lazily(`(?i)^[\w."'\]-]*(?:\s*(?:=>|[:=,>])\s*|\s+)["']?(?:false|no|0|off|none|null|nil|disabled|""|'')(?:\b|["']|$)`)
)

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// speaksOAuth reports whether a span says that the password is an OAuth token.
func (d *document) speaksOAuth(s span, words *regexp.Regexp) bool {
	return slices.ContainsFunc(d.saidOf(words), s.holds)
}

// claim is where a literal password is for sign-in itself, so that OAuth elsewhere in the file, of
// another sender or for another purpose, has no say: its call, its command, its address, its block.
func (d *document) claim(m mention, s sight) (span, bool) {
	c := s.credential
	switch {
	case c == nil || c.state != literal:
	case c.call && c.user != "":
		return d.continued(c.at), true
	case c.key == smtpURL:
		return d.rows(d.row(c.at), d.row(c.at)), true
	case d.syntax.role == script && d.continued(m.start).holds(c.at):
		return d.continued(c.at), true
	case d.syntax.role == code && d.syntax.nest == braces && s.near:
		return s.in, true
	}
	return span{}, false
}

// movedAlone reports whether a host's own block speaks OAuth and the credential stands outside of it,
// which is then another sender's.
func (d *document) movedAlone(s sight, spans []span, wide int) bool {
	if s.credential == nil || d.syntax.role != code || d.syntax.nest != braces {
		return false
	}
	for _, in := range spans[1:max(wide, 1)] {
		if in.holds(s.credential.at) {
			return false
		}
		if d.speaksOAuth(in, strongOAuth()) {
			return true
		}
	}
	return false
}

// saidOf lists where the words stand in the document, other than to say no. They are looked for once,
// however many hosts ask.
func (d *document) saidOf(words *regexp.Regexp) []int {
	if at, ok := d.said[words]; ok {
		return at
	}
	var all []int
	for _, m := range words.FindAllIndex(d.code, 1000) {
		if !denied(d.code, m[1]) && !bytes.HasSuffix(bytes.TrimRight(d.code[max(0, m[0]-40):m[0]], letters), []byte("</")) {
			all = append(all, m[0])
		}
	}
	if d.said == nil {
		d.said = map[*regexp.Regexp][]int{}
	}
	d.said[words] = all
	return all
}

// denied tells "useOAuth2: false" and "xoauth2 =" with nothing behind it.
func denied(b []byte, at int) bool {
	rest, _, _ := bytes.Cut(b[at:], []byte("\n"))
	trimmed := bytes.TrimSpace(bytes.TrimLeft(rest, "\"'_-2."+letters))
	return deniedOAuth().Match(rest) || len(trimmed) == 1 && (trimmed[0] == '=' || trimmed[0] == ':')
}
