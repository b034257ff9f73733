package migrate

import (
	"regexp"
	"strings"
)

// settingTable has the new lines of programs whose settings stand one a line. Behind the rule stands what is
// done, the key, and for what:
//
//   - = the value becomes another, quoted as the old one was; nothing empties it
//   - ! the same, and without the key nothing is written at all
//   - > the line becomes another
//   - + the line becomes another, or is added before the host's, if the line of the table above it found its key
//   - - the lines of all these keys go
//
// {send} is the command that sends, {dsn} the same in a URL, {args} its arguments. Sources are those of the rules.
const settingTable = `
laravel > MAIL_HOST MAIL_SENDMAIL_PATH="{send} -t -i"
laravel + MAIL_MAILER MAIL_MAILER=sendmail
laravel - MAIL_PORT MAIL_USERNAME MAIL_PASSWORD MAIL_ENCRYPTION MAIL_SCHEME
symfony > MAILER_DSN MAILER_DSN=sendmail://default?command={dsn}%20-t
vaultwarden > SMTP_HOST USE_SENDMAIL=true
vaultwarden + SENDMAIL_COMMAND SENDMAIL_COMMAND="/usr/sbin/sendmail"
vaultwarden - SMTP_PORT SMTP_SECURITY SMTP_USERNAME SMTP_PASSWORD
mastodon > SMTP_SERVER SMTP_DELIVERY_METHOD=sendmail
mastodon - SMTP_PORT SMTP_LOGIN SMTP_PASSWORD SMTP_AUTH_METHOD
gitea-forgejo > SMTP_ADDR SENDMAIL_PATH = /usr/sbin/sendmail
gitea-forgejo + PROTOCOL PROTOCOL = sendmail
gitea-forgejo - SMTP_PORT USER PASSWD
nextcloud = mail_smtpmode sendmail
nextcloud > mail_smtphost 'mail_sendmailmode' => 'pipe',
nextcloud - mail_smtpauth mail_smtpname mail_smtppassword
codeigniter-email = protocol sendmail
codeigniter-email > smtp_host $config['mailpath'] = '{send}';
codeigniter-email - smtp_pass
redmine = delivery_method :sendmail
redmine > smtp_settings sendmail_settings:
redmine > address location: /usr/bin/o365mail
redmine + arguments arguments: "{args} -t -i"
redmine - port authentication user_name password domain enable_starttls_auto enable_starttls openssl_verify_mode tls ssl
alpine > smtp-server smtp-server=
alpine + sendmail-path sendmail-path={send} -t -i
grafana = host 127.0.0.1:2525
grafana + startTLS_policy startTLS_policy = NoStartTLS
grafana - user password
gogs = HOST 127.0.0.1:2525
gogs - USER PASSWD PASSWORD
alertmanager = smtp_smarthost 127.0.0.1:2525
alertmanager + smtp_require_tls smtp_require_tls: false
alertmanager = smarthost 127.0.0.1:2525
alertmanager + require_tls require_tls: false
alertmanager - smtp_auth_username smtp_auth_password smtp_auth_password_file smtp_auth_identity
alertmanager - auth_username auth_password auth_password_file auth_identity
authelia = address smtp://127.0.0.1:2525
authelia + disable_require_tls disable_require_tls: true
authelia - username password
synapse = smtp_host 127.0.0.1
synapse + smtp_port smtp_port: 2525
synapse = require_transport_security false
synapse = force_tls false
synapse - smtp_user smtp_pass
mattermost = SMTPServer 127.0.0.1
mattermost ! SMTPPort 2525
mattermost = EnableSMTPAuth false
mattermost = SMTPUsername
mattermost ! SMTPPassword
mattermost = ConnectionSecurity
django = EMAIL_HOST 127.0.0.1
django ! EMAIL_PORT 2525
django = EMAIL_USE_TLS False
django = EMAIL_USE_SSL False
django ! EMAIL_HOST_PASSWORD
flask-mail = MAIL_SERVER 127.0.0.1
flask-mail ! MAIL_PORT 2525
flask-mail = MAIL_USE_TLS False
flask-mail = MAIL_USE_SSL False
flask-mail ! MAIL_PASSWORD
spring-mail = spring.mail.host 127.0.0.1
spring-mail + spring.mail.port spring.mail.port=2525
spring-mail = spring.mail.properties.mail.smtp.auth false
spring-mail = spring.mail.properties.mail.smtp.starttls.enable false
spring-mail = spring.mail.properties.mail.smtp.starttls.required false
spring-mail - spring.mail.username spring.mail.password
spring-mail-yaml = host 127.0.0.1
spring-mail-yaml + port port: 2525
spring-mail-yaml = auth false
spring-mail-yaml = enable false
spring-mail-yaml = required false
spring-mail-yaml - username password
exim-smarthost = dc_smarthost 127.0.0.1::2525
`

// inTable reports whether the table has lines for a rule.
func inTable(id string) bool { return strings.Contains(settingTable, "\n"+id+" ") }

// table writes what the table says, all or nothing.
func (e *edits) table() {
	in, ok := e.settings()
	found := true
	for line := range strings.Lines(settingTable) {
		rest, mine := strings.CutPrefix(line, e.v.rule.ID+" ")
		if !mine || !ok {
			continue
		}
		keys := strings.Fields(rest[2:])
		value := e.filled(strings.TrimSpace(strings.TrimPrefix(rest[2:], keys[0])))
		switch rest[0] {
		case '-':
			e.dropSettings(in, keys)
		case '+':
			if found {
				e.setLine(in, keys[0], value)
			}
		default:
			found = e.setting(in, rest[0], keys[0], value)
		}
	}
	if e.failed || !ok || !e.covers(e.hostRow()) {
		e.list = nil
	}
}

// settings is where the program's settings stand. In a compose file most programs would have to be in the image,
// so that of YAML only their own files count, and only the block of the host.
func (e *edits) settings() (span, bool) {
	switch s := e.d.syntax; {
	case s.nest == sectioned, s.nest == accounts:
		return e.block(), true
	case s.nest == indented && s.role == config:
		depth := 0
		if e.v.rule.ID == "redmine" {
			depth = 2 // the delivery method stands beside the block
		}
		levels := e.d.levels(e.v.mention.start)
		if len(levels) <= depth || !strings.Contains("redmine alertmanager authelia synapse spring-mail-yaml", e.v.rule.ID) {
			return span{}, false
		}
		return levels[depth], true
	case s.role == script:
		return span{}, false
	case s.nest == braces || s.role == code:
		return e.d.near(e.v.mention.start, 25), true
	}
	return e.d.whole(), e.v.rule.ID != "django" && e.v.rule.ID != "flask-mail"
}

// filled puts the commands into a line of the table.
func (e *edits) filled(line string) string {
	return strings.NewReplacer("{send}", e.send(), "{dsn}", strings.ReplaceAll(e.send(), " ", "%20"), "{args}", strings.TrimPrefix(e.send(), command+" ")).Replace(line)
}

// rowOf is the pattern of a row that sets a key, in any of the languages; what precedes the value is group 1, the
// value and all behind it group 2.
func rowOf(key string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(\s*(?:-\s+)?(?:export\s+|set\s+)?(?:[\w$.>-]*[\[.>])?["']?` + regexp.QuoteMeta(key) + `["']?\]?\s*(?:=>|[:=])\s*)(.*)$`)
}

// setting changes the rows of one key; false without any.
func (e *edits) setting(in span, how byte, key, value string) bool {
	p := rowOf(key)
	rows := e.rows(in, p)
	e.failed = e.failed || how == '!' && len(rows) == 0
	for _, row := range rows {
		m := p.FindStringSubmatch(e.d.textLine(row))
		next, ok := value, m != nil
		if ok && how != '>' {
			next, ok = e.requoted(m[2], value)
			next = strings.TrimLeft(m[1], " \t") + next
		}
		e.failed = e.failed || !ok
		e.replace(row, row, e.margin(row)+next)
	}
	return len(rows) > 0
}

// requoted is the new value in the quotes of the old one, with the comma or semicolon behind it. Only a plain old
// value is given up for another; to empty it, it has to end on its line.
func (e *edits) requoted(old, value string) (string, bool) {
	m := regexp.MustCompile(`^(["']?)([^"'\s,;#()]*)["']?\s*([,;]?)\s*(?:(?:#|//).*)?$`).FindStringSubmatch(old)
	quote, end := `"`, ""
	switch {
	case m != nil:
		quote, end = m[1], m[3]
	case value != "" || !closed(old):
		return "", false
	case strings.HasSuffix(strings.TrimSpace(old), ","):
		end = ","
	case strings.HasSuffix(strings.TrimSpace(old), ";"):
		end = ";"
	}
	if quote == "" && value == "" && e.d.syntax.role == code {
		quote = `"`
	}
	return quote + value + quote + end, true
}

// closed reports whether a value ends on its line.
func closed(value string) bool {
	return !regexp.MustCompile(`(?:^|[\\|>{[(+][-+]?)\s*$`).MatchString(value) &&
		strings.Count(value, "(") == strings.Count(value, ")") && strings.Count(value, "[") == strings.Count(value, "]")
}

// setLine puts a line in the place of the row that has the key, or adds it before the host's.
func (e *edits) setLine(in span, key, line string) {
	if !e.setting(in, '>', key, line) {
		row := e.hostRow()
		e.list = append(e.list, Edit{Line: e.d.first + row, EndLine: e.d.first + row - 1, New: []string{e.margin(row) + line}})
	}
}

// dropSettings deletes rows, each a setting of its own: not the first of a list's item, nor what goes on below.
func (e *edits) dropSettings(in span, keys []string) {
	for _, key := range keys {
		p := rowOf(key)
		for _, row := range e.rows(in, p) {
			m := p.FindStringSubmatch(e.d.textLine(row))
			e.failed = e.failed || m == nil || !closed(m[2]) || strings.HasPrefix(strings.TrimSpace(m[1]), "- ")
			e.replace(row, row)
		}
	}
}

// covers reports whether a row is changed.
func (e *edits) covers(row int) bool {
	line := e.d.first + row
	for _, edit := range e.list {
		if edit.Line <= line && line <= edit.EndLine {
			return true
		}
	}
	return false
}
