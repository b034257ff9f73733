package migrate

import (
	"slices"
	"strings"
)

// command is where the packages put the program.
const command = "/usr/bin/o365mail"

// relay is where the packages' o365mail-relay.socket listens: on this machine only.
const relay = "127.0.0.1:2525"

// sendmailLink is for programs that call a path in sendmail's manner and take no arguments with it.
const sendmailLink = "/usr/sbin/sendmail"

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
	lines := newLines(r.Edit)
	r.Kind = wayOf(lines, r.Kind)
	r.Steps = v.steps(r.Kind, lines)
	return r
}

// editable refuses text whose lines are not those of a file on disk.
func (d *document) editable() bool { return !d.inner && !d.copied }

func newLines(edits []Edit) string {
	var all page
	for _, e := range edits {
		all.line(e.New...)
	}
	return all.String()
}

// wayOf is the kind of replacement that the new lines are of, where they choose another way than the rule's first.
func wayOf(lines, kind string) string {
	switch {
	case kind == "replace-command" || kind == "native-or-relay":
	case strings.Contains(lines, "2525"):
		return "local-relay"
	case strings.Contains(lines, command) && strings.Contains(lines, "send"), strings.Contains(lines, sendmailLink):
		return "replace-sendmail"
	}
	return kind
}

// steps is what is left to do by hand, from signing in to the old password.
func (v *verdict) steps(kind, lines string) []string {
	r, mailbox := v.rule, v.sight.mailbox
	var steps []string
	if lines == "" || !completeEdit(r.ID) {
		steps = r.advice()
	}
	if !r.Local {
		steps = slices.Concat(signIn(kind, mailbox), steps)
	}
	steps = append(steps, frame(kind, r.ID, mailbox, lines)...)
	if c := v.sight.credential; c != nil && c.state == literal {
		steps = append(steps, "when mail flows again, change the password"+of(mailbox)+": it was readable here and in every copy of this file")
	}
	return steps
}

// advice is the steps of the rule, with those of the rule that it names for its own.
func (r *rule) advice() []string {
	var steps []string
	for _, s := range r.Steps {
		if name, ok := strings.CutPrefix(s, "see "); ok && !strings.Contains(name, " ") {
			steps = append(steps, ruleByID(name).advice()...)
			continue
		}
		steps = append(steps, s)
	}
	return steps
}

func of(mailbox string) string {
	if mailbox == "" {
		return ""
	}
	return " of " + mailbox
}

// plainAddress is the mailbox where it can stand in a command as it is, else the word ADDRESS.
func plainAddress(mailbox string) string {
	local, domain, ok := strings.Cut(mailbox, "@")
	if !ok || local == "" || strings.Trim(domain, plainLetters) != "" || strings.Trim(local, plainLetters+"+") != "" {
		return "ADDRESS"
	}
	return mailbox
}

const plainLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

// useProfile is the option that names the profile as o365mail login ADDRESS makes it.
func useProfile(mailbox string) string {
	name, _, _ := strings.Cut(strings.ToLower(plainAddress(mailbox)), "@")
	name = strings.ReplaceAll(name, "+", "-")
	if name == "address" || len(name) > 64 || strings.Trim(name, "._-") != name {
		return ""
	}
	return " -p " + name
}

// signIn says who signs in once, and how, where o365mail holds the credential.
func signIn(kind, mailbox string) []string {
	login := "o365mail login " + plainAddress(mailbox) + useProfile(mailbox)
	service := "sudo " + login + " --system --service-user "
	first := "first, an administrator of the tenant: o365mail setup --address " + plainAddress(mailbox) + " prints what to do, and gives the APPID"
	switch kind {
	case "native", "plugin", "depends":
		return nil
	case "local-relay":
		return []string{
			first + " and a secret",
			"write into /etc/o365mail/relay.env, readable by root only: O365MAIL_ADDRESS=" + plainAddress(mailbox) + ", AZURE_TENANT_ID=, AZURE_CLIENT_ID= and AZURE_CLIENT_SECRET= with their values",
			"sudo systemctl enable --now o365mail-relay.socket (it comes with the packages): it listens on " + relay + " and lets every user of this machine send",
		}
	case "pipe-transport", "native-or-relay":
		return []string{first, "sudo useradd --system o365mail", service + "o365mail --client-id APPID --certificate FILE"}
	}
	return []string{first, "sign in once, as the user that sends: " + login + " --client-id APPID; for a service without a home folder: " + service + "USER --client-id APPID --certificate FILE"}
}

// frame is what a kind of replacement needs on the machine around the file.
func frame(kind, id, mailbox, lines string) []string {
	switch kind {
	case "replace-sendmail":
		var steps []string
		if lines == "" || !strings.Contains(lines, command) {
			steps = append(steps, "sudo ln -sf "+command+" "+sendmailLink+" (Debian: before it sudo dpkg-divert --local --rename --add "+sendmailLink+")")
		}
		return append(steps, "try it: printf 'Subject: a test\n\nIt works.\n' | "+command+" send"+useProfile(mailbox)+" -t "+plainAddress(mailbox))
	case "pipe-transport", "native-or-relay":
		return []string{
			"add to master.cf: " + pipeService, "have in main.cf: default_transport = o365mail, an empty relayhost, and no smtp_sasl_password_maps",
			"sudo postfix reload", "try it: sudo -u o365mail o365mail doctor --as-cron",
		}
	case "local-relay":
		if lines == "" {
			return []string{
				"give the program the server 127.0.0.1, port 2525, no TLS, no user, no password",
				"a device or a container cannot reach that address: give it a Postfix that takes mail from its network only, with default_transport = o365mail in main.cf and in master.cf: " + pipeService,
			}
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
	case "phpmailer":
		return (*edits).phpMailer
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
	if inTable(id) {
		return (*edits).table
	}
	return nil
}

// completeEdit tells the rules whose new lines need no further change of the program.
func completeEdit(id string) bool {
	switch id {
	case "postfix-main", "postfix-sasl-passwd", "exim-passwd-client", "exim-smarthost", "dma-auth", "nullmailer", "ssmtp", "esmtp", "powershell-send-mailmessage":
		return false
	}
	return true
}
