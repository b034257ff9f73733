package migrate

import (
	"bytes"
	"net/url"
	"strings"
)

// msmtp runs the token command itself (msmtp(1), auth xoauth2 since 1.8.13).
func (e *edits) msmtp() {
	in := e.block()
	row, ok := e.passwordRow()
	if !ok || !in.holds(e.d.lines[row]) {
		row = e.hostRow() + 1
	}
	e.set(in, "auth", row, "auth xoauth2")
	e.drop(in, "password")
	e.set(in, "passwordeval", row, `passwordeval "`+e.token()+`"`)
}

// mutt runs a refresh command at every connection (muttrc(5), XOAUTH2 since 2.0).
func (e *edits) mutt() {
	row, mailbox := e.hostRow(), e.v.sight.mailbox
	if m := userinfoPattern().FindSubmatch(e.d.lineOf(e.v.mention.start)); m != nil && m[3] != nil {
		if plainAddress(mailbox) != mailbox {
			return // the password stands in the address, which cannot be written anew
		}
		e.replace(row, row, `set smtp_url = "smtp://`+mailbox+"@"+e.v.mention.host+`:587/"`)
	}
	e.drop(e.d.whole(), "smtp_pass")
	e.set(e.d.whole(), "smtp_authenticators", row+1, `set smtp_authenticators = "xoauth2"`)
	e.set(e.d.whole(), "smtp_oauth_refresh_command", row+1, `set smtp_oauth_refresh_command = "`+e.token()+`"`)
}

// gitSendEmail hands the message to a command, which git knows since 2.33; it adds -i, the sender and the
// recipients.
func (e *edits) gitSendEmail() {
	in := e.block()
	row := e.hostRow()
	e.replace(row, row, e.margin(row)+`sendmailCmd = "`+e.send()+` --message"`)
	e.drop(in, "smtpPass", "smtpUser", "smtpServerPort", "smtpEncryption", "smtpAuth")
}

// aerc takes the token from a command for its xoauth2 scheme (aerc-smtp(5)).
func (e *edits) aerc() {
	row := e.hostRow()
	if e.v.sight.mailbox == "" {
		return
	}
	e.replace(row, row,
		"outgoing = smtp+xoauth2://"+escapeUser(e.v.sight.mailbox)+"@"+e.v.mention.host+":587",
		"outgoing-cred-cmd = "+e.token(),
		"outgoing-cred-cmd-cache = false")
}

// escapeUser is a mailbox as the user part of a URL.
func escapeUser(mailbox string) string {
	return strings.ReplaceAll(url.QueryEscape(mailbox), "+", "%2B")
}

// himalaya runs the token command itself.
func (e *edits) himalaya() {
	row, ok := e.passwordRow()
	if !ok || plainAddress(e.v.sight.mailbox) != e.v.sight.mailbox {
		return
	}
	e.drop(e.block(), "smtp.sasl.login.username", "smtp.sasl.plain.username")
	e.replace(row, row, `smtp.sasl.xoauth2.username = "`+e.v.sight.mailbox+`"`, `smtp.sasl.xoauth2.token.command = ["`+strings.ReplaceAll(e.token(), " ", `", "`)+`"]`)
}

// snail calls a program in sendmail's manner when mta is a path.
func (e *edits) snail() {
	row := e.hostRow()
	if bytes.Count(e.d.lineOf(e.v.mention.start), []byte("=")) > 1 {
		return // other settings stand on the line
	}
	e.replace(row, row, "set mta="+sendmailLink)
	e.drop(e.d.whole(), "smtp-auth-password", "smtp-auth-user", "smtp-auth", "smtp-use-starttls")
	if at, ok := e.find(e.d.whole(), lazily(`(?i)^\s*set\s+smtp-use-starttls\s*$`)()); ok {
		e.replace(at, at)
	}
}

// postfixMain sends everything through a pipe; the steps add the service to master.cf.
func (e *edits) postfixMain() {
	in := e.d.whole()
	if at, ok := e.find(in, lazily(`(?i)^relayhost\s*=`)()); ok && at == e.hostRow() {
		e.replace(at, at, "relayhost =", "default_transport = o365mail")
		e.drop(in, "smtp_sasl_auth_enable", "smtp_sasl_password_maps")
	}
}

// phpIni makes mail() of PHP call o365mail.
func (e *edits) phpIni() {
	row := e.hostRow()
	key, _, _ := strings.Cut(e.d.textLine(row), "=")
	e.replace(row, row, strings.TrimRight(key, " \t")+` = "`+e.send()+` -t -i"`)
}

// netdata calls what its setting sendmail names.
func (e *edits) netdata() {
	if at, ok := e.find(e.d.whole(), lazily(`^\s*sendmail=`)()); ok {
		e.replace(at, at, `sendmail="`+sendmailLink+`"`)
	}
}
