package migrate

import (
	"regexp"
	"strings"
)

// curl keeps its call and gets a token for the password.
func (e *edits) curl() {
	c := e.v.sight.credential
	if c == nil || e.v.sight.mailbox == "" {
		return
	}
	row := e.d.row(c.at)
	line := e.d.textLine(row)
	at := regexp.MustCompile(`(?:--user|-u)[\s=]+(?:'[^']*'|"[^"]*"|\S+)`).FindStringIndex(line)
	if at == nil || e.d.syntax.role != script || e.d.row(c.value.start) != row {
		return
	}
	e.replace(row, row, line[:at[0]]+"--user "+e.v.sight.mailbox+` --oauth2-bearer "$(`+command+` token)"`+line[at[1]:])
}

// option is one word of a command line that takes a value.
func option(text string, names ...string) string {
	for _, name := range names {
		p := regexp.MustCompile(`(?:^|\s)` + name + `[\s=]+("[^"]*"|'[^']*'|[^\s"']+)`)
		if m := p.FindStringSubmatch(text); m != nil {
			return m[1]
		}
	}
	return ""
}

// commandLine writes the call of o365mail send with the same sender, subject and recipients. What
// stands in front of the program on its line stays; what stands behind a pipe or a semicolon means
// that the line does more, and is left to a person.
func (e *edits) commandLine() {
	in := e.d.continued(e.v.mention.start)
	text := strings.TrimRight(string(e.d.text[in.start:in.end]), "\r\n")
	joined := strings.Join(strings.Fields(strings.NewReplacer("\\\r\n", " ", "\\\n", " ").Replace(text)), " ")
	at := regexp.MustCompile(`(?i)(?:/[\w/.-]*/)?\b(?:swaks|sendemail(?:\.pl)?|s-nail|mailx|mail)\s`).FindStringIndex(joined)
	if at == nil {
		return
	}
	head, call := joined[:at[0]], joined[at[1]:]
	if strings.ContainsAny(call, "|;&<>") {
		return
	}
	next, ok := e.sendCall(call)
	if !ok {
		return
	}
	e.replace(e.d.row(in.start), e.d.row(in.end-1), e.margin(e.d.row(in.start))+head+next)
}

// sendCall translates the options of the three programs.
func (e *edits) sendCall(call string) (string, bool) {
	from, to, subject, body := "", "", "", ""
	switch e.v.rule.ID {
	case "swaks":
		from, to = option(call, "--from", "-f"), option(call, "--to", "-t")
		subject = strings.Replace(option(call, "--header", "--h-Subject"), "Subject: ", "", 1)
		body = option(call, "--body")
		if body == "" {
			body = `"test"`
		}
	case "sendemail-perl":
		from, to, subject, body = option(call, "-f"), option(call, "-t"), option(call, "-u"), option(call, "-m")
	case "mailx-cmdline":
		from, subject = option(call, "-r"), option(call, "-s")
		to = call[strings.LastIndexByte(call, ' ')+1:]
	}
	if to == "" || strings.HasPrefix(to, "-") {
		return "", false
	}
	line := sendLine(command, from, subject)
	if body != "" {
		line = "printf '%s\\n' " + body + " | " + line
	}
	return line + " -- " + to, true
}

// sendLine is the call without its recipients. The values are words of a command line already.
func sendLine(program, from, subject string) string {
	line := []string{program, "send"}
	if from != "" {
		line = append(line, "--from", from)
	}
	if subject != "" {
		line = append(line, "--subject", subject)
	}
	return strings.Join(line, " ")
}

// sendMailMessage writes the call for Send-MailMessage with its parameters on the call.
func (e *edits) sendMailMessage() {
	in := e.d.continued(e.v.mention.start)
	text := strings.TrimRight(string(e.d.text[in.start:in.end]), "\r\n")
	joined := strings.Join(strings.Fields(strings.NewReplacer("`\r\n", " ", "`\n", " ").Replace(text)), " ")
	if !strings.HasPrefix(strings.ToLower(joined), "send-mailmessage ") || strings.ContainsAny(joined, "|;") || strings.Contains(strings.ToLower(joined), "-attachments") {
		return
	}
	from, to := option(joined, "(?i:-From)"), option(joined, "(?i:-To)")
	subject, body := option(joined, "(?i:-Subject)"), option(joined, "(?i:-Body)")
	if to == "" || strings.Contains(to, ",") {
		return
	}
	line := sendLine("o365mail", from, subject)
	if body == "" {
		body = "''"
	}
	e.replace(e.d.row(in.start), e.d.row(in.end-1), e.margin(e.d.row(in.start))+body+" | "+line+" -- "+to)
	e.dropCredential(in)
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
