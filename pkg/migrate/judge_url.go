package migrate

import (
	"bytes"
	"strings"
)

const smtpURL = "smtp://"

// urls lists the credentials in smtp://user:password@host.
func (d *document) urls() []credential {
	var all []credential
	for _, m := range append(userinfoPattern().FindAllSubmatchIndex(d.code, maxCredentials), mailtoPattern().FindAllSubmatchIndex(d.code, maxCredentials)...) {
		user := string(d.code[m[4]:m[5]])
		if len(m) > 8 {
			user += "@" + string(d.code[m[8]:m[9]])
		}
		c := credential{at: m[0], key: smtpURL, user: address(unescapeURL(user)), state: elsewhere}
		if m[6] >= 0 {
			c.value = span{m[6], m[7]}
			c.state = d.judgeURL(c.value)
		}
		if strings.Contains(strings.ToLower(string(d.code[m[2]:m[3]])), "oauth") {
			continue
		}
		all = append(all, c)
	}
	return all
}

// mailtoPattern is how Apprise names the host last: mailtos://user:password@domain?smtp=host.
var mailtoPattern = lazily("(?i)\\b(mailtos?)://([^\\s\"'`<>/:@]+):([^\\s\"'`<>@]+)@([\\w.-]+)/?\\?[^\\s\"'`<>]*\\bsmtp=\x01+")

// mapEntries lists what the maps of mail servers say, wherever they are written: "[host]:587 user:password",
// "inline:{ { [host]:587 = user:password } }".
func (d *document) mapEntries() []credential {
	var all []credential
	for _, m := range entryPattern().FindAllSubmatchIndex(d.code, maxCredentials) {
		c := credential{at: m[0], key: smtpURL, value: span{m[4], m[5]}, user: address(string(d.code[m[2]:m[3]]))}
		if c.state = d.judgeURL(c.value); c.user != "" || bytes.IndexByte([]byte("${<%"), d.code[m[2]]) >= 0 {
			all = append(all, c)
		}
	}
	return all
}

// judgeURL is for a password inside a URL, where $ and { begin a reference in any format.
func (d *document) judgeURL(v span) state {
	text := string(d.code[v.start:v.end])
	if strings.HasPrefix(text, "%env(") || len(text) > 2 && text[0] == '%' && text[len(text)-1] == '%' && isIdentifier(strings.Trim(text, "%")) {
		return elsewhere
	}
	if strings.ContainsAny(text, "${<%") && (strings.Contains(text, "${") || strings.HasPrefix(text, "$") || strings.Contains(text, "{{") ||
		strings.HasPrefix(text, "{") || strings.HasPrefix(text, "<%")) {
		return d.resolve(text, value{span: v})
	}
	if isPlaceholder(unescapeURL(text)) {
		return placeholder
	}
	return literal
}

var userOptionPattern = lazily(`(?:--user|-u|\buser\b)[\s=]+(["']?)([^\s:"'=]+):([^\s"']+)`)

// userOptions lists curl's --user name:password.
func (d *document) userOptions() []credential {
	if d.syntax.role == config && d.syntax.nest != flat || !bytes.Contains(d.code, []byte("curl")) && !strings.HasSuffix(d.name, "curlrc") {
		return nil
	}
	var all []credential
	for _, m := range userOptionPattern().FindAllSubmatchIndex(d.code, maxCredentials) {
		v := value{span: span{m[6], m[7]}}
		all = append(all, credential{at: m[0], key: "user", value: v.span, state: d.judge(v), user: address(string(d.code[m[4]:m[5]]))})
	}
	return all
}

var userinfoPattern = lazily("(?i)\\b(smtps?|submissions?|smtp[+a-z0-9]*)://([^\\s\"'`<>/@:]*(?:@[^\\s\"'`<>/@:]+)?)(?::([^\\s\"'`<>]*))?@\x01+")

var entryPattern = lazily(`\x01+\]?(?::\w+)?(?:[ \t]+|[ \t]*=[ \t]*)(\{\{[^}]+\}\}|[^\s:"'=]+):(\{\{[^}]+\}\}|[^\s"'\\]+)`)
