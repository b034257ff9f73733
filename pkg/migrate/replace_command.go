package migrate

import (
	"regexp"
	"strings"
)

// curl keeps its call and gets a token for the password.
func (e *edits) curl() {
	c := e.v.sight.credential
	mailbox := e.v.sight.mailbox
	if c == nil || plainAddress(mailbox) != mailbox {
		return
	}
	row := e.d.row(c.at)
	line := e.d.textLine(row)
	at := regexp.MustCompile(`(?:--user|-u)[\s=]+(?:'[^']*'|"[^"]*"|\S+)`).FindStringIndex(line)
	if at == nil || e.d.syntax.role != script || e.d.row(c.value.start) != row {
		return
	}
	e.replace(row, row, line[:at[0]]+"--user "+mailbox+`: --login-options AUTH=XOAUTH2 --oauth2-bearer "$(`+e.token()+`)"`+line[at[1]:])
}

// commandLine writes the call of o365mail send with the same sender, subject and recipients. What
// stands in front of the program on its line stays; what stands behind a pipe or a semicolon means
// that the line does more, and is left to a person.
func (e *edits) commandLine() {
	in := e.d.continued(e.v.mention.start)
	text := strings.TrimRight(string(e.d.text[in.start:in.end]), "\r\n")
	joined := strings.TrimSpace(strings.NewReplacer("\\\r\n", " ", "\\\n", " ").Replace(text))
	at := regexp.MustCompile(`(?i)(?:/[\w/.-]*/)?\b(?:swaks|sendemail(?:\.pl)?|s-nail|mailx|mail)\s`).FindStringIndex(joined)
	if at == nil || strings.ContainsAny(joined[at[1]:], "|;&`\n") {
		return
	}
	call := newForeignCall(e.v.rule.ID)
	if words, ok := shellWords(joined[at[1]:]); ok && call.read(words) {
		if e.v.rule.ID == "swaks" && call.body == "" {
			call.body = `"test"`
		}
		from := e.d.row(in.start)
		e.replace(from, e.d.row(in.end-1), e.margin(from)+joined[:at[0]]+call.line(e.send()))
	}
}

// option is one parameter of a PowerShell command with its value, which has to end there.
func option(text, name string) string {
	p := regexp.MustCompile(`(?i)(?:^|\s)` + name + `[\s:]+("[^"]*"|'[^']*'|[^\s"']+)(?:\s|$)`)
	if m := p.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

// sendMailMessage writes the call for Send-MailMessage with its parameters on the call.
func (e *edits) sendMailMessage() {
	in := e.d.continued(e.v.mention.start)
	text := strings.TrimRight(string(e.d.text[in.start:in.end]), "\r\n")
	joined := strings.TrimSpace(strings.NewReplacer("`\r\n", " ", "`\n", " ").Replace(text))
	if !isPlainSendMailMessage(joined) {
		return
	}
	to, subject, body := option(joined, "-To"), option(joined, "-Subject"), option(joined, "-Body")
	if to == "" || strings.Contains(to, ",") {
		return
	}
	line := "o365mail " + e.sendArguments()
	if from := option(joined, "-From"); from != "" {
		line += " --from " + from
	}
	if subject != "" {
		line += " --subject " + subject
	}
	if body == "" {
		body = "''"
	}
	e.replace(e.d.row(in.start), e.d.row(in.end-1), e.margin(e.d.row(in.start))+body+" | "+line+" -- "+to)
	e.dropCredential(in)
}

// isPlainSendMailMessage refuses a call that does more than a line of ours can: copies, attachments,
// splatting.
func isPlainSendMailMessage(call string) bool {
	bare := regexp.MustCompile(`"[^"]*"|'[^']*'`).ReplaceAllString(strings.ToLower(call), "''")
	known := " -smtpserver -port -usessl -credential -from -to -subject -body -encoding -erroraction -warningaction "
	for _, parameter := range regexp.MustCompile(`\s-[a-z]+`).FindAllString(bare, -1) {
		if !strings.Contains(known, " "+strings.TrimSpace(parameter)+" ") {
			return false
		}
	}
	return strings.HasPrefix(bare, "send-mailmessage ") && !strings.ContainsAny(bare, "|;({") && !strings.Contains(bare, " @")
}

// dropCredential deletes the two lines that make a PSCredential, if nothing else uses them.
func (e *edits) dropCredential(call span) {
	secret, ok := e.find(e.d.whole(), regexp.MustCompile(`(?i)^\s*\$\w+\s*=\s*ConvertTo-SecureString\b[^;|]*$`))
	if !ok {
		return
	}
	credential, ok := e.find(e.d.whole(), regexp.MustCompile(`(?i)^\s*\$\w+\s*=\s*New-Object\s[^;|]*PSCredential[^;|]*$`))
	if !ok || !e.usedOnly(secret, credential, credential) || !e.usedOnly(credential, e.d.row(call.start), e.d.row(call.end-1)) {
		return
	}
	e.replace(secret, secret)
	e.replace(credential, credential)
}

// usedOnly reports whether the variable that a row sets occurs only between two other rows.
func (e *edits) usedOnly(row, from, to int) bool {
	name := regexp.MustCompile(`\$\w+`).FindString(e.d.textLine(row))
	for _, at := range e.rows(e.d.whole(), regexp.MustCompile(regexp.QuoteMeta(name)+`\b`)) {
		if at != row && (at < from || at > to) {
			return false
		}
	}
	return true
}
