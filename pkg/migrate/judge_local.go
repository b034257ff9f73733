package migrate

import (
	"bytes"
	"path"
	"regexp"
	"strings"
)

type patternOnce = func() *regexp.Regexp

// localSenders tells which local program a file sends through. No host is needed for that.
func (d *document) localSenders() []Finding {
	var all []Finding
	for i, r := range rules() {
		if !r.Local || d.nameFit(i) == 0 || bytes.Contains(d.code, []byte("o365mail")) {
			continue
		}
		p := r.patterns()
		fits := len(p.other) > 0
		at := 0
		for _, other := range p.other {
			m := other.regexp().FindIndex(d.code)
			fits = fits && m != nil
			if m != nil && at == 0 {
				at = m[0] + len(d.code[m[0]:m[1]]) - len(bytes.TrimLeft(d.code[m[0]:m[1]], " \t\r\n"))
			}
		}
		if !fits || d.isAllowed(at) {
			continue
		}
		v := &verdict{rule: r, severity: Info, why: "sends through the local sendmail command, which must not use a password either"}
		v.mention = mention{start: at, end: at}
		all = append(all, d.finding(v, nil))
	}
	return all
}

// mayBeLocal is the fast path for localSenders: two file names are worth a look without a host.
func mayBeLocal(name string, text []byte) bool {
	base := strings.ToLower(path.Base(name))
	switch {
	case base == "health_alarm_notify.conf", base == eximPasswords && eximHost().Match(text):
		return true
	case strings.HasSuffix(base, ".ini"), strings.HasSuffix(base, ".conf"):
		return bytes.Contains(text, []byte("sendmail_path"))
	}
	return false
}

var servicePattern = lazily(`(?i)\bservice["']?\s*:\s*["'\x60](Outlook365|Outlook|Hotmail)["'\x60]`)

// addServices finds the names that nodemailer has for our hosts.
func (d *document) addServices() {
	if !mayNameService(d.name, d.code) {
		return
	}
	for _, m := range servicePattern().FindAllSubmatchIndex(d.code, 50) {
		host := "smtp-mail.outlook.com"
		if strings.EqualFold(string(d.code[m[2]:m[3]]), "Outlook365") {
			host = "smtp.office365.com"
		}
		found := mention{start: m[2], end: m[3], host: host}
		d.hide(found)
		d.hosts = append(d.hosts, found)
	}
}

// eximPasswords has a host in each line, which may begin with a * for others.
const eximPasswords = "passwd.client"

var eximHost = lazily(`(?im)^[ \t]*(\*|(?:\*|[\w-]+)\.office365\.com):[^:\s]+:`)

// addWildcards finds the hosts of passwd.client that no other file has: *.office365.com, as Debian
// writes it, the name behind the alias, and * for whatever host the main configuration names.
func (d *document) addWildcards(f files) {
	if path.Base(d.name) != eximPasswords {
		return
	}
	for _, m := range eximHost().FindAllSubmatchIndex(d.code, maxCredentials) {
		found := mention{start: m[2], end: m[3], host: strings.ToLower(string(d.code[m[2]:m[3]]))}
		if found.host == everyHost {
			found.host = d.smarthost(f)
		}
		d.hide(found)
		d.hosts = append(d.hosts, found)
	}
}

const everyHost = "*"

// smarthost is the host that the configuration of Exim beside this file names.
func (d *document) smarthost(f files) string {
	for _, name := range []string{"update-exim4.conf.conf", "exim4.conf", "exim.conf", "../exim.conf"} {
		if _, text, ok := f.beside(d.path, name); ok {
			if hosts := mentions(withoutComments(text, syntaxOf(name, text))); len(hosts) > 0 {
				return hosts[0].host
			}
		}
	}
	return everyHost
}

// mayNameService is the fast path for addServices.
func mayNameService(name string, text []byte) bool {
	return listed(" .js .ts .mjs .cjs .tsx .jsx .mts .vue .svelte", strings.ToLower(path.Ext(name))) && bytes.Contains(text, []byte("createTransport"))
}

// mayBeEncoded is the fast path for values in base64: only formats that carry such are searched.
func mayBeEncoded(name string, text []byte) bool {
	return listed(" .yml .yaml .json .tf .tfvars .tfstate .env .sh .ps1", strings.ToLower(path.Ext(name))) && namesEncoded(text)
}
