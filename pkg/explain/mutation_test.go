package explain

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// A mutation changes a refusal as it meets people: on another host, at another time, in another
// program. The words that make it what it is stay.
type mutation struct {
	name   string
	change func(refusal) string
}

// A refusal is a sample with its codes apart from its words.
type refusal struct{ basic, enhanced, words string }

func refusalOf(e *Entry, sample string) refusal {
	parts := regexp.MustCompile(`^(\d{3}) (?:(\d\.\d+\.\d+) )?(.*)$`).FindStringSubmatch(sample)
	if parts == nil {
		return refusal{fmt.Sprint(e.Basic), e.Enhanced, sample}
	}
	return refusal{parts[1], parts[2], parts[3]}
}

func (r refusal) text() string { return strings.TrimSpace(r.enhanced + " " + r.words) }
func (r refusal) line() string { return r.basic + " " + r.text() }

// elsewhere puts the refusal on another host, at another time, with other ids and addresses.
func (r refusal) elsewhere() refusal {
	for _, m := range []struct{ pattern, to string }{
		{`\b[A-Z0-9]+\.\w+\.PROD\.OUTLOOK\.COM\b`, "DB9PR02CA0099.EURPRD02.PROD.OUTLOOK.COM"},
		{`\b[A-Z0-9]+\.\w+\.prod\.outlook\.com\b`, "ZR0P278CA0042.CHEP278.PROD.OUTLOOK.COM"},
		{`\d{4}-\d\d-\d\dT[\d:.]+Z`, "2031-12-31T23:59:58.001Z"},
		{`\b[0-9A-F]{16}\b`, "08FFFFFFFFFFFFF1"},
		{`198\.51\.100\.7`, "203.0.113.254"},
		{`2001:db8::25`, "2001:db8:ffff::1"},
		{`user@contoso\.com`, "büro+o'neil@fabrikam.example"},
		{`other@contoso\.com`, "5.7.1@fabrikam.example"},
		{`0{8}-0{4}-0{4}-0{4}-0{12}`, "5f3a2b1c-53ab-4c5d-8e9f-aadd00535571"},
	} {
		r.words = regexp.MustCompile("(?i)"+m.pattern).ReplaceAllString(r.words, m.to)
	}
	return r
}

// halves splits the words at the space nearest to the middle.
func (r refusal) halves() (string, string) {
	fields := strings.Fields(r.words)
	middle := len(fields) / 2
	return strings.Join(fields[:middle], " "), strings.Join(fields[middle:], " ")
}

func (r refusal) lines(prefix, end string) string {
	first, second := r.halves()
	again := r.enhanced + " "
	if r.enhanced == "" {
		again = ""
	}
	return prefix + r.basic + "-" + again + first + end + prefix + r.basic + " " + again + second
}

func python(s string) string { return strings.ReplaceAll(s, `'`, `\'`) }
func double(s string) string { return strings.ReplaceAll(s, `"`, `\"`) }

func replyMutations() []mutation {
	const traceback = "Traceback (most recent call last):\n  File \"/opt/job/send.py\", line 535, in <module>\n    s.sendmail(a, b, m)\n  File \"/usr/lib/python3.12/smtplib.py\", line 662, in auth\n    raise SMTPAuthenticationError(code, resp)\n"
	return []mutation{
		{"as it is", func(r refusal) string { return r.line() }},
		{"elsewhere", func(r refusal) string { return r.elsewhere().line() }},
		{"upper case", func(r refusal) string { return strings.ToUpper(r.line()) }},
		{"lower case", func(r refusal) string { return strings.ToLower(r.line()) }},
		{"two lines", func(r refusal) string { return r.lines("", "\r\n") + "\r\n" }},
		{"two lines in a log", func(r refusal) string {
			return r.elsewhere().lines("Nov 24 10:00:00 mail msmtp[587]: server message: ", "\n")
		}},
		{"two lines on one, as Postfix", func(r refusal) string {
			return "host smtp.office365.com[52.97.1.5] said: " + r.lines("", " ") + " (in reply to end of DATA command)"
		}},
		{"broken at 72", func(r refusal) string {
			return "The following went wrong:\n\n" + breakLines("    Remote server returned: "+r.elsewhere().line(), 72) + "\n\nPlease help.\n"
		}},
		{"quoted in mail", func(r refusal) string { return "> Hello,\n> I get " + r.line() + "\n> any idea?" }},
		{"Python", func(r refusal) string {
			return traceback + fmt.Sprintf("smtplib.SMTPAuthenticationError: (%s, b'%s')\n", r.basic, python(r.elsewhere().text()))
		}},
		{"Python, double quotes", func(r refusal) string {
			return traceback + fmt.Sprintf("smtplib.SMTPDataError: (%s, b\"%s\")\n", r.basic, double(r.text()))
		}},
		{"Python, two lines", func(r refusal) string {
			first, second := r.halves()
			return traceback + fmt.Sprintf("smtplib.SMTPSenderRefused: (%s, b'%s %s\\n%s %s', 'user@contoso.com')\n", r.basic, r.enhanced, python(first), r.enhanced, python(second))
		}},
		{"Python, recipients", func(r refusal) string {
			return traceback + fmt.Sprintf("smtplib.SMTPRecipientsRefused: {'a@contoso.com': (%s, b'%s')}\n", r.basic, python(r.text()))
		}},
		{"Java", func(r refusal) string {
			return "Exception in thread \"main\" jakarta.mail.AuthenticationFailedException: " + r.elsewhere().line() + "\n\n\tat org.eclipse.angus.mail.smtp.SMTPTransport$Authenticator.authenticate(SMTPTransport.java:954)\n\tat org.eclipse.angus.mail.smtp.SMTPTransport.authenticate(SMTPTransport.java:865)\n"
		}},
		{"Java, nested", func(r refusal) string {
			return "org.springframework.mail.MailSendException: Failed messages: com.sun.mail.smtp.SMTPSendFailedException: " + r.line() + "\n\n; message exceptions (1) are:\nFailed message 1: com.sun.mail.smtp.SMTPSendFailedException: " + r.line() + "\n\n"
		}},
		{"Node", func(r refusal) string {
			return "Error: Invalid login: " + r.elsewhere().line() + "\n    at SMTPConnection._formatError (/app/node_modules/nodemailer/lib/smtp-connection/index.js:790:19)\n    at SMTPConnection._actionAUTHComplete (index.js:1564:34) {\n  code: 'EAUTH',\n  response: '" + python(r.elsewhere().line()) + "',\n  responseCode: " + r.basic + ",\n  command: 'AUTH XOAUTH2'\n}\n"
		}},
		{"PHPMailer", func(r refusal) string {
			return "2026-11-24 10:00:00 SERVER -> CLIENT: " + r.line() + "\n2026-11-24 10:00:00 SMTP ERROR: Password command failed: " + r.line() + "\nSMTP Error: Could not authenticate."
		}},
		{"PHPMailer, codes last", func(r refusal) string {
			return "PHPMailer\\PHPMailer\\Exception: SMTP Error: data not accepted.SMTP server error: DATA END command failed Detail: " + r.words + " SMTP code: " + r.basic + " Additional SMTP info: " + r.enhanced
		}},
		{"Symfony", func(r refusal) string {
			return "Failed to authenticate on SMTP server with username \"user@contoso.com\" using the following authenticators: \"XOAUTH2\". Authenticator \"XOAUTH2\" returned \"Expected response code \"235\" but got code \"" + r.basic + "\", with message \"" + r.elsewhere().line() + "\".\"."
		}},
		{"Go", func(r refusal) string {
			return "panic: send: smtp auth: " + r.elsewhere().line() + "\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:550 +0x1d\nexit status 2\n"
		}},
		{".NET", func(r refusal) string {
			return "System.Net.Mail.SmtpException: The SMTP server requires a secure connection or the client was not authenticated. The server response was: " + r.elsewhere().text() + "\r\n   at System.Net.Mail.MailCommand.CheckResponse(SmtpStatusCode statusCode, String response)\r\n   at Program.Main() in C:\\new\\Program.cs:line 550\r\n"
		}},
		{"MailKit", func(r refusal) string {
			return "MailKit.Security.AuthenticationException: " + r.basic + ": " + r.text() + "\n ---> MailKit.Net.Smtp.SmtpCommandException: " + r.text() + "\n   at MailKit.Net.Smtp.SmtpClient.AuthenticateAsync(...)"
		}},
		{"Postfix", func(r refusal) string {
			return "Nov 24 10:00:00 mail postfix/smtp[5571]: 4Xyz5571: to=<a@contoso.com>, relay=smtp.office365.com[52.97.1.5]:587, delay=5.7, delays=0.1/0.01/5.5/0.1, dsn=" + r.enhanced + ", status=bounced (host smtp.office365.com[52.97.1.5] said: " + r.elsewhere().line() + " (in reply to MAIL FROM command))"
		}},
		{"journald", func(r refusal) string {
			return "Nov 24 09:59:59 web01 systemd[1]: Started backup.\nNov 24 10:00:00 web01 backup[1550]: sending report\nNov 24 10:00:01 web01 backup[1550]: ERROR mail: " + r.elsewhere().line() + "\nNov 24 10:00:01 web01 systemd[1]: backup.service: Main process exited, code=exited, status=1/FAILURE\n"
		}},
		{"syslog RFC 5424", func(r refusal) string {
			return "<34>1 2026-11-24T10:00:00.003Z web01 relay 535 ID47 - " + r.line()
		}},
		{"JSON log", func(r refusal) string {
			return `{"time":"2026-11-24T10:00:00.550Z","level":"error","port":587,"msg":"send failed","err":"` + double(r.elsewhere().line()) + `\r\n"}`
		}},
		{"bounce", func(r refusal) string {
			return "Reporting-MTA: dns; mail.contoso.com\n\nFinal-Recipient: rfc822; a@contoso.com\nAction: failed\nStatus: " + r.enhanced + "\nDiagnostic-Code: smtp;" + r.elsewhere().line() + "\n"
		}},
		{"transcript", func(r refusal) string {
			return "*   Trying 52.97.1.5:587...\n< 220 DB9PR02CA0099.outlook.office365.com Microsoft ESMTP MAIL Service ready\n> EHLO web01\n< 250-SIZE 157286400\n< 250 SMTPUTF8\n> AUTH XOAUTH2\n< 334 \n> REDACTED\n< " + r.line() + "\n* Closing connection\n"
		}},
	}
}

// breakLines wraps at a width with an indentation, as mail programs and terminals do.
func breakLines(text string, width int) string {
	var out strings.Builder
	line := "    "
	for w := range strings.FieldsSeq(text) {
		if len(line)+len(w) > width && strings.TrimSpace(line) != "" {
			out.WriteString(strings.TrimRight(line, " ") + "\n")
			line = "    "
		}
		line += w + " "
	}
	return out.String() + line
}

// Every entry is recognized however its refusal comes, and comes first.
func TestEveryReplyIsFoundInEveryForm(t *testing.T) {
	b := New()
	for _, m := range replyMutations() {
		t.Run(m.name, func(t *testing.T) {
			for _, e := range b.Replies() {
				for _, sample := range []string{e.Sample, e.SampleNewer} {
					if sample != "" {
						checkFound(t, b, e, m.change(refusalOf(e, sample)))
					}
				}
			}
		})
	}
}

func checkFound(t *testing.T, b *Base, want *Entry, text string) {
	t.Helper()
	found := b.Find(text)
	if len(found) == 0 {
		t.Errorf("%s: nothing found in\n%s", want.ID, text)
		return
	}
	if f := found[0]; f.Entry.ID != want.ID && (f.Outer == nil || f.Outer.ID != want.ID) {
		t.Errorf("%s: got %s in\n%s", want.ID, f.Entry.ID, text)
	}
	if len(found) > 1 && found[1].Candidate == found[0].Candidate {
		t.Errorf("%s: also found %s (%q) in\n%s", want.ID, found[1].Entry.ID, found[1].Words, text)
	}
	if w := found[0].Words; strings.ContainsAny(w, "\r\n") || len(w) > maxSegment {
		t.Errorf("%s: words are %q", want.ID, w)
	}
}
