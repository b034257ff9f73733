package explain

import (
	"encoding/json"
	"fmt"
	"html"
	"strings"
	"testing"
	"unicode/utf16"
)

// shapes are what terminals, containers and mail programs make of a refusal.
func shapes() []mutation {
	return []mutation{
		{"msmtp", func(r refusal) string {
			return "msmtp: authentication failed (method XOAUTH2)\nmsmtp: server message: " + r.elsewhere().line() + "\nmsmtp: could not send mail (account default from /etc/msmtprc)\n"
		}},
		{"Docker's JSON log", func(r refusal) string {
			return dockerLog("starting up\n", "smtp: "+r.elsewhere().line()+"\n", "exit status 1\n")
		}},
		{"Docker's JSON log, two lines", func(r refusal) string {
			return dockerLog(strings.SplitAfter(r.lines("< ", "\n")+"\n", "\n")...)
		}},
		{"compose", func(r refusal) string {
			return "mailer-1  | trying smtp.office365.com:587\n" + r.elsewhere().lines("mailer-1  | ", "\n") + "\nweb-1     | GET /health 200\nmailer-1 exited with code 1\n"
		}},
		{"journal, two lines", func(r refusal) string {
			return r.elsewhere().lines("Nov 24 10:00:01 web01 backup[1550]: < ", "\n") + "\nNov 24 10:00:02 web01 systemd[1]: backup.service: Failed with result 'exit-code'.\n"
		}},
		{"Python, tuple of a log", func(r refusal) string {
			return "2026-11-24 10:00:00,535 ERROR mailer (" + r.basic + ", b'" + python(r.elsewhere().text()) + "')\n2026-11-24 10:00:01,550 INFO mailer done\n"
		}},
		{"Node, as JSON", func(r refusal) string {
			text, _ := json.Marshal(map[string]any{"level": "error", "code": "EAUTH", "response": r.elsewhere().line(), "responseCode": 535, "command": "AUTH XOAUTH2", "message": "Invalid login: " + r.elsewhere().line()})
			return string(text) + "\n"
		}},
		{"nested JSON", func(r refusal) string {
			inner, _ := json.Marshal(map[string]string{"error": r.elsewhere().line()})
			outer, _ := json.Marshal(map[string]string{"severity": "ERROR", "message": string(inner)})
			return string(outer)
		}},
		{"PowerShell, broken at words", func(r refusal) string {
			return powerShell(strings.ReplaceAll(strings.TrimSpace(breakLines("Send-MailMessage : The SMTP server requires a secure connection or the client was not authenticated. The server response was: "+r.elsewhere().text(), 78)), "\n    ", "\r\n"))
		}},
		{"PowerShell, broken anywhere", func(r refusal) string {
			return powerShell(hardWrap("Send-MailMessage : The SMTP server requires a secure connection or the client was not authenticated. The server response was: "+r.elsewhere().text(), 80, "\r\n"))
		}},
		{"PowerShell 7, in color", func(r refusal) string {
			return "\x1b[31;1mSend-MailKitMessage: \x1b[0m\r\n\x1b[31;1m\x1b[36;1mLine |\x1b[0m\r\n\x1b[36;1m   1 | \x1b[0m \x1b[36;1mSend-MailKitMessage\x1b[0m -To a@contoso.com\r\n\x1b[31;1m\x1b[36;1m     | \x1b[31;1m " + r.basic + ": " + r.elsewhere().text() + "\x1b[0m\r\n"
		}},
		{"a title and a link", func(r refusal) string {
			return "\x1b]0;mail\x07\x1b[1msend:\x1b[m " + r.basic + " \x1b]8;;https://aka.ms/x\x1b\\" + r.enhanced + "\x1b]8;;\x1b\\ " + r.words + "\n"
		}},
		{"UTF-16, as > writes it on Windows", func(r refusal) string {
			var b strings.Builder
			b.WriteString("\xff\xfe")
			for _, unit := range utf16.Encode([]rune("send : " + r.elsewhere().line() + "\r\n")) {
				b.WriteByte(byte(unit))
				b.WriteByte(byte(unit >> 8))
			}
			return b.String()
		}},
		{"a bounce in HTML", func(r refusal) string {
			return "<html><body><p><b>Your message couldn't be delivered.</b></p>\r\n<p>Remote server returned &#39;" + html.EscapeString(r.elsewhere().line()) + "&#39;</p><p style=\"font-size:11px\">Original message headers:<br>Received: from x</p></body></html>\r\n"
		}},
		{"a bounce in HTML, with markup in the words", func(r refusal) string {
			first, second := r.elsewhere().halves()
			return "<td><font color=\"#0072C6\">Error:</font></td><td>" + r.basic + "&nbsp;<span>" + r.enhanced + "</span> " + html.EscapeString(first) + "\r\n" + html.EscapeString(second) + "</td></tr></table>"
		}},
		{"a bounce, quoted-printable", func(r refusal) string {
			return "Content-Transfer-Encoding: quoted-printable\n\n" + quotedPrintable("Remote server returned '"+r.elsewhere().line()+"'") + "\n"
		}},
		{"XML of an event log", func(r refusal) string {
			return "<Event><EventData><Data Name=\"Message\">Sending failed: " + html.EscapeString(r.elsewhere().line()) + "</Data></EventData></Event>"
		}},
		{"logfmt", func(r refusal) string {
			return `time=2026-11-24T10:00:00Z level=ERROR msg="send failed" attempt=3 err="smtp: ` + double(r.elsewhere().line()) + `"` + "\n"
		}},
		{"Exim", func(r refusal) string {
			return "2026-11-24 10:00:00 1tFabc-000535-Xy ** a@contoso.com R=smarthost T=remote_smtp H=smtp.office365.com [52.97.1.5] X=TLS1.3: SMTP error from remote mail server after end of data: " + r.elsewhere().line() + "\n"
		}},
		{"Sendmail", func(r refusal) string {
			return "Nov 24 10:00:00 mail sendmail[550]: 4AOA00xx: to=<a@contoso.com>, delay=00:00:05, mailer=relay, relay=smtp.office365.com. [52.97.1.5], dsn=" + r.enhanced + ", stat=" + r.elsewhere().line() + "\n"
		}},
	}
}

func dockerLog(lines ...string) string {
	var b strings.Builder
	for _, line := range lines {
		text, _ := json.Marshal(line)
		fmt.Fprintf(&b, `{"log":%s,"stream":"stderr","time":"2026-11-24T10:00:00.535571Z"}`+"\n", text)
	}
	return b.String()
}

func powerShell(message string) string {
	return message + "\r\nAt C:\\jobs\\send.ps1:535 char:1\r\n+ Send-MailMessage -To a@contoso.com -Port 587 -UseSsl\r\n+ ~~~~~~~~~~~~~~~~\r\n    + CategoryInfo          : InvalidOperation: (System.Net.Mail.SmtpClient:SmtpClient) [Send-MailMessage], SmtpException\r\n    + FullyQualifiedErrorId : SmtpException,Microsoft.PowerShell.Commands.SendMailMessage\r\n"
}

// hardWrap breaks at the width whatever stands there, as the window of a console does.
func hardWrap(text string, width int, end string) string {
	var lines []string
	for runes := []rune(text); len(runes) > 0; {
		n := min(width, len(runes))
		lines, runes = append(lines, string(runes[:n])), runes[n:]
	}
	return strings.Join(lines, end)
}

func quotedPrintable(text string) string {
	return hardWrap(strings.ReplaceAll(text, "=", "=3D"), 60, "=\r\n")
}

// Every entry is recognized in every shape.
func TestEveryReplyIsFoundInEveryShape(t *testing.T) {
	b := New()
	for _, m := range shapes() {
		t.Run(m.name, func(t *testing.T) {
			for _, e := range b.Replies() {
				checkFound(t, b, e, m.change(refusalOf(e, e.Sample)))
			}
		})
	}
}
