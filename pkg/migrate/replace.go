package migrate

import "slices"

// command is where the new lines expect the program. A cron job has no PATH to find it by.
const command = "/usr/local/bin/o365mail"

// replacement writes what takes the place of the password at this very place.
func (d *document) replacement(v verdict) Replacement {
	if v.sight.oauth || v.connector {
		return Replacement{Kind: "none"}
	}
	r := Replacement{Kind: v.rule.Kind}
	if write := editor(v.rule.ID); write != nil && d.editable() {
		e := &edits{d: d, v: v}
		write(e)
		r.Edit = e.sorted()
	}
	r.Steps = d.steps(v, len(r.Edit) > 0)
	return r
}

// editable refuses text whose lines are not those of a file on disk.
func (d *document) editable() bool { return !d.inner && !d.copied }

// sendmailLink is for programs that call a path in sendmail's manner and take no arguments with it.
const sendmailLink = "/usr/sbin/sendmail"

// steps is what is left to do by hand, from signing in to the old password.
func (d *document) steps(v verdict, edited bool) []string {
	var steps []string
	if signsIn(v.rule.Kind) && !v.rule.Local {
		steps = append(steps, signIn(v.sight.mailbox))
	}
	if !edited || !completeEdit(v.rule.ID) {
		steps = append(steps, v.rule.Steps...)
	}
	steps = append(steps, frame(v.rule)...)
	if v.rule.ID == "s-nail" {
		steps = append(steps, linkSendmail)
	}
	if c := v.sight.credential; c != nil && c.state == literal {
		steps = append(steps, "when mail flows again, change the password"+of(v.sight.mailbox)+": it was readable here and in every copy of this file")
	}
	return steps
}

func of(mailbox string) string {
	if mailbox == "" {
		return ""
	}
	return " of " + mailbox
}

// signsIn reports whether o365mail holds the credential in this kind of replacement.
func signsIn(kind string) bool {
	return !slices.Contains([]string{"native", "plugin", "depends"}, kind)
}

func signIn(mailbox string) string {
	if mailbox == "" {
		mailbox = "ADDRESS"
	}
	return "once, as the user that sends: o365mail login " + mailbox + " (on a server without a person: add --service-principal; o365mail setup says what the administrator has to do)"
}

const linkSendmail = "ln -sf " + command + " " + sendmailLink + " (Debian: first dpkg-divert --local --rename --add " + sendmailLink + ")"

// frame is what a kind of replacement needs on the machine around the file.
func frame(r *rule) []string {
	switch r.Kind {
	case "replace-sendmail":
		return []string{
			"where the program calls sendmail: " + linkSendmail,
			"try it: printf 'Subject: a test\\n\\nIt works.\\n' | " + command + " send -t ADDRESS",
		}
	case "pipe-transport", "native-or-relay":
		return []string{"try it: o365mail doctor --as-cron"}
	case "local-relay":
		return []string{
			"on this machine or beside it: a Postfix that takes mail on 127.0.0.1:25 and has in master.cf",
			pipeService,
			"with default_transport = o365mail in its main.cf; then the program's server is localhost, port 25, no user, no password, no TLS",
			"or, inside the tenant only: High Volume Email; through a fixed address: a connector",
		}
	}
	return nil
}

// pipeService is the entry of master.cf(5) that hands mail to o365mail. Three processes are what
// Exchange Online allows a mailbox at a time.
const pipeService = "o365mail unix - n n - 3 pipe flags=Rq user=o365mail argv=" + command + " send -i -f ${sender} -- ${recipient}" //nolint:dupword // columns of master.cf(5)

// editor gives the function that writes the new lines for a rule, nil where none are safe.
func editor(id string) func(*edits) {
	switch id {
	case "msmtp":
		return (*edits).msmtp
	case "mutt", "neomutt":
		return (*edits).mutt
	case "git-send-email":
		return (*edits).gitSendEmail
	case "aerc":
		return (*edits).aerc
	case "himalaya":
		return (*edits).himalaya
	case "s-nail":
		return (*edits).snail
	case "postfix-main":
		return (*edits).postfixMain
	case "postfix-sasl-passwd", "exim-passwd-client", "dma-auth", "nullmailer":
		return (*edits).passwordLine
	case "ssmtp", "esmtp":
		return (*edits).whole
	case "php-ini-sendmail":
		return (*edits).phpIni
	case "netdata":
		return (*edits).netdata
	}
	return editorOfApplication(id)
}

func editorOfApplication(id string) func(*edits) {
	switch id {
	case "laravel", "symfony", "vaultwarden", "mastodon":
		return (*edits).environment
	case "gitea-forgejo", "grafana":
		return (*edits).section
	case "nextcloud", "codeigniter-email", "phpmailer":
		return (*edits).php
	case "rails-action-mailer":
		return (*edits).rails
	case "nodemailer":
		return (*edits).nodemailer
	case "curl-smtp":
		return (*edits).curl
	case "swaks", "sendemail-perl", "mailx-cmdline":
		return (*edits).commandLine
	case "powershell-send-mailmessage":
		return (*edits).sendMailMessage
	}
	return nil
}

// completeEdit tells the rules whose new lines need no further change of the program.
func completeEdit(id string) bool {
	switch id {
	case "postfix-main", "postfix-sasl-passwd", "exim-passwd-client", "dma-auth", "nullmailer", "ssmtp", "esmtp", "powershell-send-mailmessage":
		return false
	}
	return true
}
