package migrate

import (
	"path"
	"strings"
)

// command is where the packages put the program.
const command = "/usr/bin/o365mail"

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
		// New lines beside a password that stays would be worse than none.
		row, ok := e.passwordRow()
		switch {
		case ok && v.sight.credential.state == literal && !e.covers(row):
		case e.losesName(), strings.Contains(newLines(e.list), "2525") && d.isContained():
		default:
			r.Edit = e.sorted()
		}
	}
	lines := newLines(r.Edit)
	r.Kind = wayOf(lines, r.Kind)
	r.Steps = v.steps(r.Kind, lines)
	if d.isWindows(v.rule.ID) {
		r.Steps = stepsOnWindows(r.Steps)
	}
	return r
}

// isWindows tells what runs on Windows, as far as its name does.
func (d *document) isWindows(rule string) bool {
	return rule == "sql-database-mail" || listed(" .ps1 .psm1 .psd1 .bat .cmd .vbs .vbe .vba .bas .cls .frm .asp .aspx .reg", path.Ext(strings.ToLower(d.name)))
}

// stepsOnWindows leaves out what Windows does not have: sudo, accounts without a home, the relay of systemd.
func stepsOnWindows(steps []string) []string {
	var kept []string
	relay := false
	for _, s := range steps {
		s, _, _ = strings.Cut(s, "; for a service without a home folder:")
		if strings.Contains(s, "login ") {
			s += "; for a service or a scheduled task, as its account"
		}
		switch {
		case strings.Contains(s, "Postfix"):
			relay = false
		case strings.Contains(s, "sudo "), strings.Contains(s, "relay.env"), strings.Contains(s, "127.0.0.1"):
			relay = true
			continue
		}
		kept = append(kept, strings.ReplaceAll(s, command, "o365mail"))
	}
	if relay {
		kept = append(kept, "the relay of o365mail and its link named sendmail are for Linux: where the program needs one, have it on a Linux machine in its network")
	}
	return kept
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

// wayOf is the kind of replacement that the new lines are of, where they choose another way than the rule's
// first.
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
	k := kindByID(kind)
	var steps []string
	if !r.Local {
		steps = append(steps, k.Before...)
	}
	if lines == "" || !completeEdit(r.ID) {
		steps = append(steps, r.advice()...)
	}
	if lines == "" {
		steps = append(steps, k.Unwritten...)
	}
	if lines == "" || !strings.Contains(lines, command) {
		steps = append(steps, k.Link...)
	}
	steps = append(steps, k.Behind...)
	if lines != "" && r.Confidence == "unverified" {
		steps = append(steps, "try the new lines before they go live: what is known of this program is not verified")
	}
	if c := v.sight.credential; c != nil && c.state == literal {
		steps = append(steps, "when mail flows again, change the password{of}: it was readable here and in every copy of this file")
	}
	of := ""
	if mailbox != "" {
		of = " of " + mailbox
	}
	cloud, variable := cloudOf(v.mention.host), ""
	if cloud != "" {
		cloud, variable = " --cloud "+cloud, ", O365MAIL_CLOUD="+cloud
	}
	fill := strings.NewReplacer("{address}", plainAddress(mailbox), "{profile}", useProfile(mailbox), "{of}", of, "{cloud}", cloud, "{O365MAIL_CLOUD}", variable)
	for i := range steps {
		steps[i] = fill.Replace(steps[i])
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

// cloudOf is the cloud whose server a host is, as o365mail login names it; empty for the worldwide one.
func cloudOf(host string) string {
	switch {
	case strings.Contains(host, "hve"):
		return "hve"
	case isPersonal(host):
		return "personal"
	case strings.Contains(host, "-dod."):
		return "dod"
	case strings.HasSuffix(host, ".us"):
		return "gcc-high"
	case strings.HasSuffix(host, ".cn"):
		return "china-21vianet"
	}
	return ""
}

// isPersonal tells the servers of accounts that belong to no organization.
func isPersonal(host string) bool {
	return strings.HasPrefix(host, "smtp-mail.outlook.") || strings.HasPrefix(host, "smtp.live.") || strings.HasPrefix(host, "smtp.hotmail.")
}

// plainAddress is the mailbox where it can stand in a command as it is, else the word ADDRESS.
func plainAddress(mailbox string) string {
	local, domain, ok := strings.Cut(mailbox, "@")
	if !ok || local == "" || local[0] == '-' || strings.Trim(domain, plainLetters) != "" || strings.Trim(local, plainLetters+"+") != "" {
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
	case "curl-smtp", "postfix-main", "postfix-sasl-passwd", "exim-passwd-client", "exim-smarthost", "dma-auth", "nullmailer", "ssmtp", "esmtp", "powershell-send-mailmessage":
		return false
	}
	return true
}
