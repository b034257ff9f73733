package migrate

import (
	"bytes"
	"path"
	"slices"
	"strings"
)

// isTestName goes by the customs of languages; a script named test is one that somebody runs.
func isTestName(base string) bool {
	stem := strings.TrimSuffix(base, path.Ext(base))
	switch path.Ext(base) {
	case ".py":
		return strings.HasPrefix(base, "test_") || strings.HasSuffix(stem, "_test")
	case ".go", ".rb", ".exs", ".dart", ".cc", ".cpp":
		return strings.HasSuffix(stem, "_test") || strings.HasSuffix(stem, "_spec")
	case ".js", ".ts", ".jsx", ".tsx", ".mjs", ".cjs", ".mts":
		return strings.HasSuffix(stem, ".test") || strings.HasSuffix(stem, ".spec") || strings.HasSuffix(stem, ".stories") || strings.HasSuffix(stem, ".min")
	}
	return strings.HasSuffix(base, "tests.cs") || strings.HasSuffix(base, "test.java") || strings.HasSuffix(base, "test.php") || strings.HasSuffix(base, "tests.ps1") || strings.HasSuffix(base, "test.kt")
}

// isMail reports whether a host stands there for sending mail, and not in the address of a web
// service, of a mailbox protocol or of a scope.
func (d *document) isMail(m mention) bool {
	if d.syntax.nest == sectioned && d.heading(d.row(m.start)) {
		return false
	}
	relay := m.start > 0 && d.code[m.start-1] == '[' // whose key is a domain
	if !relay && slices.ContainsFunc(words(d.keyOf(m)), func(w string) bool {
		return listed(` allow allowed allowlist whitelist egress ingress targets match firewall example description help`, w)
	}) {
		return false // is let through, probed or explained
	}
	line := d.rows(d.row(m.start), d.row(m.start))
	before := bytes.ToLower(d.code[max(line.start, m.start-160):m.start])
	after := bytes.ToLower(d.code[m.end:min(line.end, m.end+40)])
	scheme := before[max(0, bytes.LastIndexAny(before, " \t\"'`=<(,;|")+1):]
	for s := range strings.FieldsSeq("http:// https:// imap:// imaps:// imap+ imaps+ pop3:// pop3s:// pop:// pops:// ldap://") {
		if bytes.Contains(scheme, []byte(s)) {
			return false
		}
	}
	if beginsWith(string(after), "/ews /owa /ecp /api /powershell /.default /smtp. /imap. /pop. :993 :995 :143 :110 :443 /mapi /autodiscover /imap") ||
		sharesName(m.host) && bytes.HasPrefix(after, []byte("/ssl")) {
		return false
	}
	if imapSign().Match(before) && !smtpSign().Match(before) {
		return false
	}
	return !sharesName(m.host) || d.speaksSMTP(m)
}

var (
	smtpSign    = lazily(`(?i)smtp|submission|\b587\b|relayhost|smarthost|mailhub|mail_?host|email_?host|mail_?server|outgoing`)
	imapSign    = lazily(`\b(?:imap|pop3?)s?(?:\b|_)`)
	mailboxSign = lazily(`(?i)imap|pop3|\b993\b|\b995\b|\bews\b|exchange|incoming|autodiscover|primary_?smtp`)
)

// speaksSMTP decides for a name that also serves IMAP, POP, EWS and the web: by its line, else by
// the lines beside it.
func (d *document) speaksSMTP(m mention) bool {
	line := d.lineOf(m.start)
	if smtpSign().Match(line) {
		return !mailboxSign().Match(line)
	}
	if mailboxSign().Match(line) {
		return false
	}
	s := d.near(m.start, 2)
	return smtpSign().Match(d.code[s.start:s.end]) && !mailboxSign().Match(d.code[s.start:s.end])
}

var formPattern = lazily(`(?i)placeholder|\be\.?g\.|for example|such as|help_?text|tooltip|description["']?\s*[:=]|\blabel\b|<option|console\.log|Write-Host|Write-Output|\*\*\w|<th\b|<p>|<li>|print\(|\becho\s+["']?[A-Z][a-z]+\s|` +
	`\bnc\s+-|\btelnet\s|s_client|iptables|nslookup|NetConnection|default_?value["']?\s*[=:]|StringVar\(|text_input\(|TextField|LineEdit`)

// isFormText tells a host that is shown to people as an example.
func (d *document) isFormText(m mention) bool { return formPattern().Match(d.lineOf(m.start)) }

// sentencePattern tells a line that people read.
var sentencePattern = lazily(`^\s*[A-Z][^=:]* [^=:]* [^=:]*\.\s*$`)

var (
	componentPattern = lazily(`\buseState\(|@Component\(|<template>`)
	sendingPattern   = lazily(`createTransport|sendMail|smtplib|SmtpClient`)
)

// isForm tells the page of a program in a browser: what it sets is what people see first; and a schema,
// which has examples.
func (d *document) isForm() bool {
	return d.syntax.nest == braces && d.syntax.role == config && bytes.Contains(d.code, []byte("json-schema.org")) || d.syntax.role == code && componentPattern().Match(d.code) && !sendingPattern().Match(d.code)
}

var foreignPattern = lazily(`(?i)\b(?:smtps?|mail|imap|pop3?|smtpout|smtp-relay|out|securesmtp|email-smtp|smtp[\w-]*)\.(?:[\w-]+\.)*(gmail|googlemail|yahoo|zoho|sendgrid|mailgun|qq|163|126|aol|gmx|web|icloud|me|` +
	`yandex|fastmail|mail|orange|comcast|verizon|att|t-online|sina|aliyun|mandrillapp|sparkpostmail|postmarkapp|sendinblue|brevo|ionos|1und1|libero|rambler|naver|daum|amazonaws|mailjet|resend|ethereal|mailtrap|sohu|hostinger|godaddy|secureserver)\.(?:com|net|de|ru|co|io|it|cn|fr|org|eu|email|us|jp)\b`)

// isTable tells a list of providers: two or more others stand near.
func (d *document) isTable(m mention) bool {
	if foreignPattern().Match(d.lineOf(m.start)) {
		return true
	}
	near := d.code[max(0, m.start-3000):min(len(d.code), m.end+3000)]
	seen := map[string]bool{}
	for _, f := range foreignPattern().FindAllSubmatch(near, 50) {
		seen[strings.ToLower(string(f[1]))] = true
	}
	return len(seen) >= 2
}

var journalPattern = lazily(`^(?:<\d+>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\d\d:\d\d:\d\d|\S+ - \S+ \[)`)

// isJournal tells the line of a log.
func (d *document) isJournal(m mention) bool {
	return d.syntax.role == journal || journalPattern().Match(d.lineOf(m.start))
}
