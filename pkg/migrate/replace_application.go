package migrate

import (
	"path"
	"regexp"
	"strings"
)

// environment changes KEY=value files to the sendmail transport of the application.
func (e *edits) environment() {
	if e.d.syntax.nest != flat || e.d.syntax.role != config {
		return // in a compose file the program would have to be in the image
	}
	in, row := e.d.whole(), e.hostRow()
	switch e.v.rule.ID {
	case "laravel":
		e.set(in, "MAIL_MAILER", row, "MAIL_MAILER=sendmail")
		e.replace(row, row, `MAIL_SENDMAIL_PATH="`+command+` send -t -i"`)
		e.drop(in, "MAIL_PORT", "MAIL_USERNAME", "MAIL_PASSWORD", "MAIL_ENCRYPTION")
	case "symfony":
		e.replace(row, row, "MAILER_DSN=sendmail://default?command="+command+"%20send%20-t")
	case "vaultwarden":
		e.replace(row, row, "USE_SENDMAIL=true", `SENDMAIL_COMMAND="`+sendmailLink+`"`)
		e.drop(in, "SMTP_PORT", "SMTP_SECURITY", "SMTP_USERNAME", "SMTP_PASSWORD")
	case "mastodon":
		e.replace(row, row, "SMTP_DELIVERY_METHOD=sendmail")
		e.drop(in, "SMTP_PORT", "SMTP_LOGIN", "SMTP_PASSWORD", "SMTP_AUTH_METHOD")
	}
}

// section changes the section of an ini file.
func (e *edits) section() {
	if e.d.syntax.nest != sectioned {
		return
	}
	in, row := e.block(), e.hostRow()
	switch e.v.rule.ID {
	case "gitea-forgejo":
		e.set(in, "PROTOCOL", row, "PROTOCOL = sendmail")
		e.replace(row, row, e.margin(row)+"SENDMAIL_PATH = "+sendmailLink)
		e.drop(in, "SMTP_PORT", "USER", "PASSWD")
	case "grafana":
		e.replace(row, row, e.margin(row)+"host = localhost:25")
		e.set(in, "startTLS_policy", row, "startTLS_policy = NoStartTLS")
		e.drop(in, "user", "password")
	}
}

// php changes one setting a line; a line that holds more is left alone, and with it all.
func (e *edits) php() {
	in, row := e.d.near(e.v.mention.start, 25), e.hostRow()
	line := e.d.textLine(row)
	if strings.Count(line, ";") > 1 {
		return
	}
	switch e.v.rule.ID {
	case "nextcloud":
		e.swap(in, `^(\s*)['"]mail_smtpmode['"]\s*=>`, `'mail_smtpmode' => 'sendmail',`)
		e.swap(in, `^(\s*)['"]mail_smtppassword['"]\s*=>`, "")
		e.swap(in, `^(\s*)['"]mail_smtphost['"]\s*=>`, `'mail_sendmailmode' => 'pipe',`)
		e.swap(in, `^(\s*)['"]mail_smtpauth['"]\s*=>`, "")
	case "codeigniter-email":
		e.swap(in, `^(\s*)\$config\['protocol'\]`, `$config['protocol'] = 'sendmail';`)
		e.swap(in, `^(\s*)\$config\['smtp_host'\]`, `$config['mailpath'] = '`+command+` send';`)
		e.swap(in, `^(\s*)\$config\['smtp_pass'\]`, "")
	case "phpmailer":
		name := regexp.MustCompile(`^\s*(\$[\w>-]+?)->\s*Host\b`).FindStringSubmatch(line)
		if name == nil {
			return
		}
		object := regexp.QuoteMeta(name[1])
		e.swap(in, `(?i)^(\s*)`+object+`->\s*isSMTP\s*\(`, name[1]+"->isSendmail();")
		e.swap(in, `^(\s*)`+object+`->\s*Host\s*=`, name[1]+"->Sendmail = '"+command+" send';")
		e.swap(in, `^(\s*)`+object+`->\s*(?:SMTPAuth|SMTPSecure|Username|Password|Port)\s*=`, "")
	}
}

// swap puts a line in the place of every row that a pattern fits and that is one statement;
// without a line the row is deleted.
func (e *edits) swap(in span, p, line string) {
	for _, row := range e.rows(in, regexp.MustCompile(p)) {
		text := strings.TrimSpace(e.d.textLine(row))
		switch {
		case !strings.HasSuffix(text, ";") && !strings.HasSuffix(text, ","):
		case line == "":
			e.replace(row, row)
		default:
			e.replace(row, row, e.margin(row)+line)
		}
	}
}

// rails puts the sendmail settings in the place of the hash that holds the host.
func (e *edits) rails() {
	around := e.d.enclosing(e.v.mention.start)
	if len(around) == 0 || path.Ext(e.d.name) != ".rb" {
		return
	}
	hash := around[0]
	for _, s := range around {
		if e.d.code[s.start] == '{' {
			hash = s
			break
		}
	}
	from, to := e.d.row(hash.start), e.d.row(hash.end-1)
	first, last := e.d.textLine(from), strings.TrimSpace(e.d.textLine(to))
	head, _, ok := strings.Cut(first, "smtp_settings")
	if !ok || last != "}" && from != to {
		return
	}
	e.replace(from, to, head+`sendmail_settings = { location: "`+command+`", arguments: %w[send -t -i] }`)
	e.swapRuby(head)
}

func (e *edits) swapRuby(head string) {
	p := regexp.MustCompile(`^\s*` + regexp.QuoteMeta(strings.TrimSpace(head)) + `delivery_method\s*=\s*:smtp\s*$`)
	if at, ok := e.find(e.d.whole(), p); ok {
		e.replace(at, at, head+"delivery_method = :sendmail")
	}
}

// nodemailer gives createTransport its sendmail transport, where the options stand in the call.
func (e *edits) nodemailer() {
	around := e.d.enclosing(e.v.mention.start)
	for _, s := range around {
		head := string(e.d.code[max(0, s.start-40):s.start])
		if e.d.code[s.start] != '(' || !strings.HasSuffix(strings.TrimSpace(head), "createTransport") {
			continue
		}
		from, to := e.d.row(s.start), e.d.row(s.end-1)
		before := string(e.d.text[e.d.lines[from] : s.start+1])
		after := strings.TrimRight(string(e.d.text[s.end-1:e.d.rows(to, to).end]), "\r\n")
		e.replace(from, to, before+`{ sendmail: true, newline: "unix", path: "`+command+`", args: ["send", "-t", "-i"] }`+after)
		return
	}
}
