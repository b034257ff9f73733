package migrate

import (
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// newText is the new lines of the only finding of a file, among others that lie beside it.
func newText(t *testing.T, name, text string, beside ...string) string {
	t.Helper()
	files := []txtar.File{{Name: name, Data: []byte(text)}}
	for _, other := range beside {
		files = append(files, txtar.File{Name: other, Data: []byte("services: {}\n")})
	}
	found := scanFiles(t, files).Findings
	if len(found) != 1 {
		t.Errorf("%s: %d findings in\n%s", name, len(found), text)
		return ""
	}
	return strings.TrimSuffix(newLines(found[0].Replacement.Edit), "\n")
}

// A pipe and a substitution are written only where a shell of POSIX runs the command, and a percent sign
// never into a crontab.
func TestCommandsOfOtherShells(t *testing.T) {
	const swaks = "swaks --server smtp.office365.com:587 -tls --auth LOGIN --auth-user ops@contoso.example --auth-password Example-Pa55word --to a@contoso.example"
	const curl = "curl --ssl-reqd smtp://smtp.office365.com:587 -u ops@contoso.example:Example-Pa55word --mail-from ops@contoso.example --mail-rcpt a@contoso.example -T "
	const echo, curled = `echo "test" | /usr/bin/o365mail send -p ops --to a@contoso.example`, "--config - --ssl-reqd smtp://smtp.office365.com:587 --user ops@contoso.example: --login-options AUTH=XOAUTH2 --mail-from ops@contoso.example --mail-rcpt a@contoso.example -T "
	const printf, echoed = `printf 'oauth2-bearer = "%s"\n' "$(o365mail token -p ops)" | curl `, `echo "oauth2-bearer = \"$(o365mail token -p ops)\"" | curl `
	for _, c := range []struct{ name, text, want string }{
		{"etc/systemd/system/a.service", "[Service]\nExecStart=/usr/bin/" + swaks + "\n", ""},
		{"etc/systemd/system/a.service", "[Service]\nExecStart=/usr/bin/" + curl + "m.txt\n", ""},
		{"etc/systemd/system/a.service.d/mail.conf", "[Service]\nExecStart=/usr/bin/" + swaks + "\n", ""},
		{"jobs/a.cmd", "@echo off\r\n" + swaks + "\r\n", ""},
		{"jobs/a.bat", curl + "m.txt\r\n", ""},
		{"jobs/a.ps1", curl + "m.txt\n", ""},
		{"Makefile", "mail:\n\t" + curl + "m.txt\n", ""},
		{"etc/cron.d/a", "5 4 * * 1-5 root " + swaks + "\n", "5 4 * * 1-5 root " + echo},
		{"var/spool/cron/crontabs/ops", "@daily " + swaks + "\n", "@daily " + echo},
		{"etc/crontab", "5 4 * * * root " + swaks + " --body \"$(date +\\%F)\"\n", "5 4 * * * root " + strings.Replace(echo, `"test"`, `"$(date +\%F)"`, 1)},
		{"etc/crontab", "5 4 * * * root " + swaks + "%a\n", ""},
		{"etc/cron.d/a", "5 4 * * * root " + curl + "m.txt\n", "5 4 * * * root " + echoed + curled + "m.txt"},
		{"etc/cron.d/a", "5 4 * * * root nice " + curl + "m.txt\n", ""},
		{"a.sh", "test -s m.txt && " + curl + "m.txt\n", "test -s m.txt && " + printf + curled + "m.txt"},
		{"a.sh", "if ! " + curl + "m.txt; then exit 1; fi\n", "if ! " + printf + curled + "m.txt; then exit 1; fi"},
		{"a.sh", "date | " + curl + "-\n", ""},
		{"a.sh", curl + "- < m.txt\n", ""},
		{"a.sh", curl + "- <<END\nx\nEND\n", ""},
		{"a.sh", "sudo " + curl + "m.txt\n", ""},
	} {
		if got := newText(t, c.name, c.text); got != c.want {
			t.Errorf("%s: %s\n got %s\nwant %s", c.name, c.text, got, c.want)
		}
	}
}

// What the same file uses elsewhere stays, or nothing is written.
func TestNamesInUseStay(t *testing.T) {
	for _, c := range []struct{ name, text, kept, gone string }{
		{"app/.env", "MAIL_DRIVER=smtp\nMAIL_HOST=smtp.office365.com\nMAIL_USERNAME=a@contoso.example\nMAIL_PASSWORD=Example-Pa55word\nMAIL_FROM_ADDRESS=\"${MAIL_USERNAME}\"\n", "MAIL_DRIVER=sendmail", "MAIL_PASSWORD="},
		{"app/.env", "MAIL_MAILER=smtp\nMAIL_HOST=smtp.office365.com\nMAIL_USERNAME=a@contoso.example\nMAIL_PASSWORD=Example-Pa55word\nMAIL_FROM_ADDRESS=\"${MAIL_USERNAME}\"\n", "MAIL_USERNAME=a@contoso.example", "MAIL_PASSWORD="},
		{"app/.env", "MAIL_MAILER=smtp\nMAIL_HOST=smtp.office365.com\nMAIL_USERNAME=a@contoso.example\nMAIL_PASSWORD=Example-Pa55word\nIMAP_PASSWORD=${MAIL_PASSWORD}\n", "MAIL_PASSWORD=Example-Pa55word", "sendmail"},
		{"application.properties", "spring.mail.host=smtp.office365.com\nspring.mail.username=a@contoso.example\nspring.mail.password=Example-Pa55word\napp.from=${spring.mail.username}\n", "spring.mail.username=a", "Pa55word"},
		{"a.php", "<?php\n$mail = new PHPMailer();\n$mail->isSMTP();\n$mail->Host = 'smtp.office365.com';\n$mail->Username = 'a@contoso.example';\n$mail->Password = 'Example-Pa55word';\n$mail->setFrom($mail->Username);\n", "$mail->Username = 'a@contoso.example';", "Pa55word"},
		{"a.php", "<?php\n$mail = new PHPMailer();\n$mail->isSMTP();\n$mail->Host = 'smtp.office365.com';\n$mail->Username = 'a@contoso.example';\n$mail->Password = 'Example-Pa55word';\nimap($mail->Password);\n", "$mail->Password = ", "isSendmail"},
		{"a.js", "const nodemailer = require('nodemailer')\nconst t = nodemailer.createTransport({\n  host: 'smtp.office365.com',\n  auth: { user: 'a@contoso.example', pass: 'Example-Pa55word' },\n}, {\n  from: 'Ops <a@contoso.example>',\n})\n", "path: \"/usr/sbin/sendmail\" }, {\n  from: 'Ops <a@contoso.example>',\n})\n", "pass:"},
	} {
		files := []txtar.File{{Name: c.name, Data: []byte(c.text)}}
		got := string(edited(files, scanFiles(t, files).Findings)[0].Data)
		if !strings.Contains(got, c.kept) || strings.Contains(got, c.gone) {
			t.Errorf("%s: want %q, not %q, in\n%s", c.name, c.kept, c.gone, got)
		}
	}
}

// The relay of the machine is not where a container looks for it.
func TestNoRelayInContainers(t *testing.T) {
	const text = "spring.mail.host=smtp.office365.com\nspring.mail.username=a@contoso.example\nspring.mail.password=Example-Pa55word\n"
	if got := newText(t, "srv/application.properties", text); !strings.Contains(got, "127.0.0.1") {
		t.Errorf("beside no container: %q", got)
	}
	for _, name := range []string{"srv/docker-compose.yml", "Dockerfile", "srv/Chart.yaml"} {
		if got := newText(t, "srv/application.properties", text, name); got != "" {
			t.Errorf("beside %s: %q", name, got)
		}
	}
	if got := newText(t, "k8s/application.properties", text); got != "" {
		t.Errorf("of Kubernetes: %q", got)
	}
	const alerts = "global:\n  smtp_smarthost: 'smtp.office365.com:587'\n  smtp_auth_username: 'a@contoso.example'\n  smtp_auth_password: 'Example-Pa55word'\n"
	for name, text := range map[string]string{"alertmanager.yml": "tpl: '{{ .Values.x }}'\n" + alerts, "helm/alertmanager.yml": alerts} {
		if got := newText(t, name, text); got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// Steps for a program of Windows hold no command of Linux.
func TestStepsOnWindows(t *testing.T) {
	const send = "Send-MailMessage -SmtpServer smtp.office365.com -Port 587 -UseSsl -Credential $c -From a@contoso.example -To b@contoso.example -Subject x\n"
	for name, text := range map[string]string{
		"a.ps1": "$c = New-Object PSCredential('a@contoso.example', (ConvertTo-SecureString 'Example-Pa55word' -AsPlainText -Force))\n" + send,
		"a.cmd": "swaks --server smtp.office365.com:587 -tls --auth LOGIN --auth-user ops@contoso.example --auth-password Example-Pa55word --to a@contoso.example\r\n",
		"a.vbs": "f.Item(\"http://schemas.microsoft.com/cdo/configuration/smtpserver\") = \"smtp.office365.com\"\nf.Item(\"http://schemas.microsoft.com/cdo/configuration/sendusername\") = \"a@contoso.example\"\nf.Item(\"http://schemas.microsoft.com/cdo/configuration/sendpassword\") = \"Example-Pa55word\"\n",
		"a.sql": "EXEC msdb.dbo.sysmail_add_account_sp @mailserver_name = 'smtp.office365.com', @port = 587, @username = 'a@contoso.example', @password = 'Example-Pa55word'\n",
	} {
		found := scanFiles(t, []txtar.File{{Name: name, Data: []byte(text)}}).Findings
		if len(found) != 1 {
			t.Errorf("%s: %d findings", name, len(found))
			continue
		}
		steps := strings.Join(found[0].Replacement.Steps, "\n")
		if strings.Contains(steps, "--system --service-user USER") || strings.Contains(steps, "/usr/bin/o365mail send") || strings.Contains(steps, "relay.env") || !strings.Contains(steps, "o365mail") {
			t.Errorf("%s: %s\n%s", name, found[0].Rule, steps)
		}
	}
}
