package migrate

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// curl keeps its call and reads a token as a line of its configuration: its arguments can be seen by all of
// the machine.
func (e *edits) curl() {
	c := e.v.sight.credential
	mailbox := e.v.sight.mailbox
	if c == nil || plainAddress(mailbox) != mailbox || !e.isPosix() {
		return
	}
	row := e.d.row(c.at)
	in := e.d.continued(c.at)
	text := string(e.d.text[in.start:in.end])
	name := regexp.MustCompile(`(?:/[\w/.-]*/)?\bcurl\s`).FindStringIndex(text)
	if name == nil || !e.beginsCommand(text[:name[0]]) || readsInput(text[name[1]:]) || e.d.row(c.value.start) != row {
		return
	}
	first := e.d.row(in.start + name[0])
	line, start := e.d.textLine(first), in.start+name[0]-e.d.lines[first]
	pipe := `printf 'oauth2-bearer = "%s"\n' "$(` + e.token() + `)" | `
	if isCronLine(line) {
		pipe = `echo "oauth2-bearer = \"$(` + e.token() + `)\"" | `
	}
	name[1] += start - name[0]
	line = line[:start] + pipe + strings.TrimRight(line[start:name[1]], " \t\\\r\n") + " --config - " + strings.TrimLeft(line[min(name[1], len(line)):], " \t")
	other := e.d.textLine(row)
	if first == row {
		other = line
	}
	at := regexp.MustCompile(`\s(?:--user|-u)[\s=]+(?:'[^']*'|"[^"]*"|\S+)`).FindStringIndex(other)
	if at == nil {
		return
	}
	other = other[:at[0]+1] + "--user " + mailbox + ": --login-options AUTH=XOAUTH2" + other[at[1]:]
	if first != row {
		e.replace(first, first, line)
	}
	e.replace(row, row, other)
}

// isPosix reports whether commands of the document are run by a shell of POSIX: neither Windows, nor systemd,
// which knows no pipes, nor make, which takes the dollar for its own.
func (e *edits) isPosix() bool {
	base := strings.ToLower(path.Base(e.d.name))
	return (e.d.syntax.role == script || strings.Contains(e.d.name, "/cron")) && e.d.syntax.nest == flat && !slices.Contains(e.d.syntax.start, "::") &&
		!listed(" .service .timer .bat .cmd .fish", path.Ext(base)) &&
		!strings.HasPrefix(base, "makefile") && !strings.HasPrefix(base, "dockerfile") && !strings.HasPrefix(base, "containerfile")
}

var cronPattern = lazily(`^\s*(?:@[a-z]+|[*\d][\w*,/-]*(?:\s+[*\w][\w*,/-]*){4})\s`)

// isCronLine tells a line of crontab(5), in which a percent sign without a backslash ends the command.
func isCronLine(line string) bool { return cronPattern().MatchString(line) }

// beginsCommand reports whether a command that follows a text is one of its own, into which nothing is piped.
func (e *edits) beginsCommand(before string) bool {
	if when := cronPattern().FindString(before); when != "" {
		user := strings.TrimSpace(before[len(when):])
		if base, dir := path.Base(e.d.name), path.Base(path.Dir(e.d.name)); base == "crontab" || dir == "cron.d" {
			return user != "" && !strings.ContainsAny(user, " \t")
		}
		return user == ""
	}
	return regexp.MustCompile(`(?:^|[;({!]|&&|\|\||\b(?:then|do|else|if|while))\s*$`).MatchString(before)
}

// readsInput reports whether the words of a command may read what is piped into it.
func readsInput(text string) bool {
	words, ok := shellWords(strings.NewReplacer("\\\r\n", " ", "\\\n", " ", "\r", " ", "\n", " ").Replace(text))
	return !ok || strings.Contains(text, "<<") || slices.ContainsFunc(words, func(w string) bool {
		return w == "." || strings.HasSuffix(w, "-") || isRedirection(w) && strings.Contains(w, "<")
	})
}

// commandLine writes the call of o365mail send with the same sender, subject and recipients. What
// stands in front of the program on its line stays; what stands behind a pipe or a semicolon means
// that the line does more, and is left to a person.
func (e *edits) commandLine() {
	in := e.d.continued(e.v.mention.start)
	text := strings.TrimRight(string(e.d.text[in.start:in.end]), "\r\n")
	joined := strings.TrimSpace(strings.NewReplacer("\\\r\n", " ", "\\\n", " ").Replace(text))
	at := regexp.MustCompile(`(?i)(?:/[\w/.-]*/)?\b(?:swaks|sendemail(?:\.pl)?|s-nail|mailx|mail)\s`).FindStringIndex(joined)
	cron := isCronLine(text)
	// Nagios gives its command_line to a shell.
	if !e.isPosix() && !strings.HasPrefix(joined, "command_line") || at == nil || strings.ContainsAny(joined[at[1]:], "|;&`\n") || cron && regexp.MustCompile(`[^\\]%`).MatchString(joined) {
		return
	}
	call := newForeignCall(e.v.rule.ID)
	if words, ok := shellWords(joined[at[1]:]); ok && call.read(words) {
		if e.v.rule.ID == "swaks" && call.body == "" {
			call.body = `"test"`
		}
		line := call.line(e.send())
		if cron {
			line = strings.Replace(line, `printf '%s\n'`, "echo", 1)
		}
		from := e.d.row(in.start)
		e.replace(from, e.d.row(in.end-1), e.margin(from)+joined[:at[0]]+line)
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
