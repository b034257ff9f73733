package migrate

import (
	"slices"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestSeverityOfTexts has what looks like a password and is none, or is one that does not show.
func TestSeverityOfTexts(t *testing.T) {
	const host = "smtp.office365.com"
	for _, c := range []struct {
		name, text string
		want       []Severity
	}{
		{"README.txt", "Configure the SMTP server " + host + " with your user and password.\n", nil},
		{"howto.txt", "Configure the SMTP server " + host + " with your user and password.\n", []Severity{Low}},
		{"ispdb.xml", "<clientConfig><outgoingServer type=\"smtp\"><hostname>" + host + "</hostname><port>587</port><username>%EMAILADDRESS%</username></outgoingServer></clientConfig>\n", []Severity{Low}},
		{"schema.json", `{"$schema":"https://json-schema.org/draft-07/schema","properties":{"host":{"examples":["` + host + `"]},"password":{"type":"string","format":"password"}}}`, nil},
		{"config.inc.php", "<?php\n$config['smtp_host'] = 'tls://" + host + ":587';\n$config['smtp_user'] = '%u';\n$config['smtp_pass'] = '%p';\n", []Severity{Medium}},
		{"env.js", "const cfg = { smtp: { server: process.env.SMTP || '" + host + "', u: process.env.U, p: process.env.P } };\nnew SMTPClient({ host: cfg.smtp.server, user: cfg.smtp.u, password: cfg.smtp.p, tls: true });\n", []Severity{Medium}},
		{".env", "SMTP_HOST=contoso.mail.protection.outlook.com\nSMTP_PORT=587\nSMTP_USER=a@contoso.example\nSMTP_PASS=Sp4rrow-Hill\n", []Severity{High}},
		{"relay.env", "SMTP_HOST=contoso.mail.protection.outlook.com\nSMTP_PORT=25\n", []Severity{Info}},
		{"realm.json", `{"smtpServer":{"host":"` + host + `","user":"a@contoso.example","password":"**********","auth":"true"}}`, []Severity{Medium}},
	} {
		if got := severitiesOf(t, c.name, c.text); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestRulesOfOthers has settings of programs that no rule knows. They are called by no other's name.
func TestRulesOfOthers(t *testing.T) {
	const host = "smtp.office365.com"
	for name, text := range map[string]string{
		"log4j2.xml":               `<Configuration><Appenders><SMTP name="Mail" smtpHost="` + host + `" smtpPort="587" smtpUsername="a@contoso.example" smtpPassword="Sp4rrow-Hill"/></Appenders></Configuration>`,
		"NLog.config":              `<nlog><targets><target name="mail" xsi:type="Mail" smtpServer="` + host + `" smtpUserName="a@contoso.example" smtpPassword="Sp4rrow-Hill"/></targets></nlog>`,
		"logback.xml":              "<appender><smtpHost>" + host + "</smtpHost><username>a@contoso.example</username><password>Sp4rrow-Hill</password></appender>",
		"joomla/configuration.php": "<?php\nclass JConfig {\n\tpublic $smtpuser = 'a@contoso.example';\n\tpublic $smtppass = 'Sp4rrow-Hill';\n\tpublic $smtphost = '" + host + "';\n}\n",
		"roundcube/config.inc.php": "<?php\n$config['smtp_host'] = 'tls://" + host + ":587';\n$config['smtp_user'] = 'a@contoso.example';\n$config['smtp_pass'] = 'Sp4rrow-Hill';\n",
	} {
		found := scanFiles(t, []txtar.File{{Name: name, Data: []byte(text)}}).Findings
		if len(found) != 1 || found[0].Severity != High || found[0].Rule != "generic-credentials" && found[0].Rule != "php-mail" {
			t.Errorf("%s: %v", name, told(found))
		}
	}
}

// TestMailboxOfCommands has the user in the option of a command or in a variable of the script.
func TestMailboxOfCommands(t *testing.T) {
	const host = "smtp.office365.com"
	for name, text := range map[string]string{
		"swaks.sh": "#!/bin/sh\nswaks -s " + host + " --au bot@contoso.example --ap Sp4rrow-Hill\n",
		"send.sh":  "#!/bin/sh\nUSR=bot@contoso.example\nsendEmail -s " + host + ":587 -xu $USR -xp Sp4rrow-Hill -m x\n",
		"send.cmd": "@echo off\r\nset SMTPUSR=bot@contoso.example\r\nsendEmail -s " + host + ":587 -xu %SMTPUSR% -xp Sp4rrow-Hill -m x\r\n",
		"blat.cmd": "@echo off\r\nblat m.txt -to x@contoso.example -server " + host + " -u bot@contoso.example -pw Sp4rrow-Hill\r\n",
	} {
		found := scanFiles(t, []txtar.File{{Name: name, Data: []byte(text)}}).Findings
		if len(found) != 1 || found[0].Mailbox != "bot@contoso.example" {
			t.Errorf("%s: %v", name, told(found))
		}
	}
}
