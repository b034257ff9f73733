package migrate

import (
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// inclusion is a program that names the host in one file and takes the password from another that it
// includes in its own way.
type inclusion struct {
	rule             string
	main, text       string
	included, secret string
	want             string // LINE SEVERITY MAILBOX of the host
}

func inclusions() []inclusion {
	const me = " app@contoso.example "
	return []inclusion{
		{"mutt", "home/.muttrc", "set smtp_url = \"smtp://app@contoso.example@smtp.office365.com:587/\"\nsource ~/.mutt/secret\n", "home/.mutt/secret", "set smtp_pass = \"Sp4rrow-Hill\"\n", "1 high" + me},
		{"neomutt", "home/.config/neomutt/neomuttrc", "set smtp_url = \"smtp://app@contoso.example@smtp.office365.com:587/\"\nsource ~/.config/neomutt/secret.rc\n", "home/.config/neomutt/secret.rc", "set smtp_pass = 'Sp4rrow-Hill'\n", "1 high" + me},
		{"git-send-email", "home/.gitconfig", "[include]\n\tpath = ~/.gitsecret\n[sendemail]\n\tsmtpServer = smtp.office365.com\n\tsmtpUser = app@contoso.example\n", "home/.gitsecret", "[sendemail]\n\tsmtpPass = Sp4rrow-Hill\n", "4 high" + me},
		{"s-nail", "home/.mailrc", "set smtp=smtp://smtp.office365.com:587\nset smtp-auth-user=app@contoso.example\nsource ~/.mailrc.secret\n", "home/.mailrc.secret", "set smtp-auth-password=Sp4rrow-Hill\n", "1 high" + me},
		{"swaks", "bin/alert.sh", "#!/bin/sh\n. /etc/alert/secret\nswaks --server smtp.office365.com:587 --auth LOGIN --auth-user app@contoso.example --auth-password \"$SMTP_PASSWORD\"\n", "etc/alert/secret", "SMTP_PASSWORD=Sp4rrow-Hill\n", "3 high" + me},
		{"curl-smtp", "bin/mail.sh", "#!/bin/sh\nsource ./secret.sh\ncurl --url smtp://smtp.office365.com:587 --user \"app@contoso.example:$MAIL_PW\" -T msg\n", "bin/secret.sh", "MAIL_PW='Sp4rrow-Hill'\n", "3 high" + me},
		{"phpmailer", "www/contact.php", "<?php\nrequire_once __DIR__ . '/secrets.php';\n$mail = new PHPMailer();\n$mail->Host = 'smtp.office365.com';\n$mail->Username = 'app@contoso.example';\n$mail->Password = SMTP_PASSWORD;\n", "www/secrets.php", "<?php\ndefine('SMTP_PASSWORD', 'Sp4rrow-Hill');\n", "4 high" + me},
		{"phpmailer", "www/send.php", "<?php\n$secret = include 'secret.php';\n$mail = new PHPMailer();\n$mail->Host = 'smtp.office365.com';\n$mail->Username = 'app@contoso.example';\n$mail->Password = $secret['smtp_password'];\n", "www/secret.php", "<?php\nreturn ['smtp_password' => 'Sp4rrow-Hill'];\n", "4 high" + me},
		{"django", "site/settings.py", "from .local_settings import *\nEMAIL_HOST = 'smtp.office365.com'\nEMAIL_HOST_USER = 'app@contoso.example'\n", "site/local_settings.py", "EMAIL_HOST_PASSWORD = 'Sp4rrow-Hill'\n", "2 high" + me},
		{"python-smtplib", "src/notify.py", "import smtplib\nfrom mail_secret import MAIL_PASSWORD\ns = smtplib.SMTP('smtp.office365.com', 587)\ns.login('app@contoso.example', MAIL_PASSWORD)\n", "src/mail_secret.py", "MAIL_PASSWORD = 'Sp4rrow-Hill'\n", "3 high" + me},
		{"nodemailer", "src/mailer.js", "require('dotenv').config();\nconst t = nodemailer.createTransport({\n  host: 'smtp.office365.com',\n  auth: { user: 'app@contoso.example', pass: process.env.MAIL_PASS },\n});\n", "src/.env", "MAIL_PASS=Sp4rrow-Hill\n", "3 high" + me},
		{"nodemailer", "src/mailer.js", "const secret = require('./secret.json');\nconst t = nodemailer.createTransport({\n  host: 'smtp.office365.com',\n  auth: { user: 'app@contoso.example', pass: secret.smtp_pass },\n});\n", "src/secret.json", "{\"smtp_pass\": \"Sp4rrow-Hill\"}\n", "3 high" + me},
		{"nodemailer", "src/mailer.ts", "import { smtpPassword } from './secret';\nconst t = nodemailer.createTransport({\n  host: 'smtp.office365.com',\n  auth: { user: 'app@contoso.example', pass: smtpPassword },\n});\n", "src/secret.ts", "export const smtpPassword = 'Sp4rrow-Hill';\n", "3 high" + me},
		{"rails-action-mailer", "config/environments/production.rb", "require_relative 'secret'\nconfig.action_mailer.smtp_settings = {\n  address: 'smtp.office365.com',\n  user_name: 'app@contoso.example',\n  password: SMTP_PASSWORD,\n}\n", "config/environments/secret.rb", "SMTP_PASSWORD = 'Sp4rrow-Hill'\n", "3 high" + me},
		{"perl-net-smtp", "bin/notify.pl", "use Net::SMTP;\nrequire './secret.pl';\nour $smtp_password;\nmy $s = Net::SMTP->new('smtp.office365.com', Port => 587);\n$s->auth('app@contoso.example', $smtp_password);\n", "bin/secret.pl", "our $smtp_password = 'Sp4rrow-Hill';\n1;\n", "4 high" + me},
		{"r-mail", "jobs/report.R", "library(blastula)\nsource(\"secret.R\")\nsmtp_send(email, from = \"app@contoso.example\", to = \"a@contoso.example\",\n  credentials = creds(user = \"app@contoso.example\", host = \"smtp.office365.com\", password = mail_password))\n", "jobs/secret.R", "mail_password <- \"Sp4rrow-Hill\"\n", "4 high" + me},
		{"powershell-send-mailmessage", "scripts/backup.ps1", ". .\\secret.ps1\n$cred = New-Object PSCredential('app@contoso.example', (ConvertTo-SecureString $MailPassword -AsPlainText -Force))\nSend-MailMessage -SmtpServer smtp.office365.com -Port 587 -UseSsl -Credential $cred -From app@contoso.example -To a@contoso.example -Subject x\n", "scripts/secret.ps1", "$MailPassword = 'Sp4rrow-Hill'\n", "3 high" + me},
		{"c-libcurl", "src/mail.c", "#include <curl/curl.h>\n#include \"secret.h\"\ncurl_easy_setopt(c, CURLOPT_URL, \"smtp://smtp.office365.com:587\");\ncurl_easy_setopt(c, CURLOPT_USERNAME, \"app@contoso.example\");\ncurl_easy_setopt(c, CURLOPT_PASSWORD, SMTP_PASSWORD);\n", "src/secret.h", "#define SMTP_PASSWORD \"Sp4rrow-Hill\"\n", "3 high" + me},
		{"generic-env", "srv/compose.yaml", "services:\n  app:\n    env_file: mail.env\n    environment:\n      SMTP_HOST: smtp.office365.com\n      SMTP_USER: app@contoso.example\n", "srv/mail.env", "SMTP_PASSWORD=Sp4rrow-Hill\n", "5 high" + me},
		{"generic-env", "srv/compose.yaml", "services:\n  app:\n    env_file:\n      - mail.env\n    environment:\n      SMTP_HOST: smtp.office365.com\n      SMTP_USER: app@contoso.example\n", "srv/mail.env", "SMTP_PASSWORD=Sp4rrow-Hill\n", "6 high" + me},
		{"shell-script", "etc/systemd/system/app.service", "[Service]\nEnvironment=SMTP_HOST=smtp.office365.com\nEnvironment=SMTP_USER=app@contoso.example\nEnvironmentFile=-/etc/app/secret.env\nExecStart=/opt/app\n", "etc/app/secret.env", "SMTP_PASSWORD=Sp4rrow-Hill\n", "2 high" + me},
		{"spring-mail", "src/application.properties", "spring.config.import=optional:file:./secret.properties\nspring.mail.host=smtp.office365.com\nspring.mail.username=app@contoso.example\n", "src/secret.properties", "spring.mail.password=Sp4rrow-Hill\n", "2 high" + me},
		{"spring-mail-yaml", "src/application.yml", "spring:\n  config:\n    import: ./secret.yml\n  mail:\n    host: smtp.office365.com\n    username: app@contoso.example\n", "src/secret.yml", "spring:\n  mail:\n    password: Sp4rrow-Hill\n", "5 high" + me},
		{"dotnet-appsettings", "app/appsettings.json", "{\n  \"Smtp\": {\n    \"Host\": \"smtp.office365.com\",\n    \"Username\": \"app@contoso.example\"\n  }\n}\n", "app/appsettings.Production.json", "{\"Smtp\": {\"Password\": \"Sp4rrow-Hill\"}}\n", "3 high" + me},
		{"dotnet-config", "app/Web.config", "<configuration>\n<appSettings file=\"secret.config\">\n<add key=\"SmtpHost\" value=\"smtp.office365.com\"/>\n<add key=\"SmtpUser\" value=\"app@contoso.example\"/>\n</appSettings>\n</configuration>\n", "app/secret.config", "<appSettings>\n<add key=\"SmtpPassword\" value=\"Sp4rrow-Hill\"/>\n</appSettings>\n", "3 high" + me},
		{"home-assistant", "ha/configuration.yaml", "notify:\n  - platform: smtp\n    server: smtp.office365.com\n    username: app@contoso.example\n    password: !secret mail_password\n", "ha/secrets.yaml", "mail_password: Sp4rrow-Hill\n", "3 high" + me},
		{"ansible-mail", "roles/notify.yml", "- hosts: all\n  vars_files:\n    - secret.yml\n  tasks:\n    - community.general.mail:\n        host: smtp.office365.com\n        username: app@contoso.example\n        password: \"{{ smtp_password }}\"\n", "roles/secret.yml", "smtp_password: Sp4rrow-Hill\n", "6 high" + me},
		{"terraform", "infra/realm.tf", "resource \"keycloak_realm\" \"r\" {\n  smtp_server {\n    host = \"smtp.office365.com\"\n    auth {\n      username = \"app@contoso.example\"\n      password = var.smtp_password\n    }\n  }\n}\n", "infra/terraform.tfvars", "smtp_password = \"Sp4rrow-Hill\"\n", "3 high" + me},
		{"php-mail", "app/config/mail.php", "<?php\nreturn ['mailers' => ['smtp' => [\n  'host' => env('MAIL_HOST', 'smtp.office365.com'),\n  'username' => 'app@contoso.example',\n  'password' => env('MAIL_PASSWORD'),\n]]];\n", "app/.env", "MAIL_PASSWORD=Sp4rrow-Hill\n", "3 high" + me},
		{"shell-script", "jobs/mail.bat", "@echo off\r\ncall secret.bat\r\nset SMTP_USER=app@contoso.example\r\nblat -server smtp.office365.com:587 -u %SMTP_USER% -pw %MAIL_PASSWORD%\r\n", "jobs/secret.bat", "set MAIL_PASSWORD=Sp4rrow-Hill\r\n", "4 high" + me},
		{"cdo-message", "jobs/mail.vbs", "' mail\nExecuteGlobal CreateObject(\"Scripting.FileSystemObject\").OpenTextFile(\"secret.vbs\").ReadAll\nSet c = CreateObject(\"CDO.Message\")\nc.Configuration.Fields.Item(\"http://schemas.microsoft.com/cdo/configuration/smtpserver\") = \"smtp.office365.com\"\nc.Configuration.Fields.Item(\"http://schemas.microsoft.com/cdo/configuration/sendusername\") = \"app@contoso.example\"\nc.Configuration.Fields.Item(\"http://schemas.microsoft.com/cdo/configuration/sendpassword\") = MailPassword\n", "jobs/secret.vbs", "MailPassword = \"Sp4rrow-Hill\"\n", "4 high" + me},
		{"nix-mail", "hosts/web.nix", "let secret = import ./secret.nix; in {\n  services.app.settings.smtp = {\n    host = \"smtp.office365.com\";\n    user = \"app@contoso.example\";\n    password = secret.smtpPassword;\n  };\n}\n", "hosts/secret.nix", "{ smtpPassword = \"Sp4rrow-Hill\"; }\n", "3 high" + me},
	}
}

// TestPasswordInIncludedFile: the host in one file, the password in a file that it includes.
func TestPasswordInIncludedFile(t *testing.T) {
	for _, c := range inclusions() {
		r := scanFiles(t, []txtar.File{{Name: c.main, Data: []byte(c.text)}, {Name: c.included, Data: []byte(c.secret)}})
		want := c.main + ":" + c.want + c.rule
		if got := told(r.Findings); len(got) != 1 || got[0] != want {
			t.Errorf("got %v, want %s", got, want)
		}
	}
}

// TestHostInIncludedFile: the other way round the host is told where it stands, whatever else is known.
func TestHostInIncludedFile(t *testing.T) {
	for _, c := range []struct{ main, text, included, host, want string }{
		{"bin/mail.sh", "#!/bin/sh\n. ./relay.sh\nswaks --server \"$RELAY\" --auth-user app@contoso.example --auth-password Sp4rrow-Hill\n", "bin/relay.sh", "# where mail goes\nRELAY=smtp.office365.com\n", "bin/relay.sh:2"},
		{"www/mail.php", "<?php\nrequire 'relay.php';\n$mail->Host = RELAY; $mail->Password = 'Sp4rrow-Hill';\n", "www/relay.php", "<?php\ndefine('SMTP_RELAY', 'smtp.office365.com');\n", "www/relay.php:2"},
		{"site/settings.py", "from relay import *\nEMAIL_HOST_PASSWORD = 'Sp4rrow-Hill'\n", "site/relay.py", "\nEMAIL_HOST = 'smtp.office365.com'\n", "site/relay.py:2"},
		{"srv/compose.yaml", "services:\n  app:\n    env_file: relay.env\n    environment:\n      SMTP_PASSWORD: Sp4rrow-Hill\n", "srv/relay.env", "# relay\nSMTP_HOST=smtp.office365.com\n", "srv/relay.env:2"},
		{"src/application.properties", "spring.config.import=relay.properties\nspring.mail.password=Sp4rrow-Hill\n", "src/relay.properties", "#\nspring.mail.host=smtp.office365.com\n", "src/relay.properties:2"},
	} {
		r := scanFiles(t, []txtar.File{{Name: c.main, Data: []byte(c.text)}, {Name: c.included, Data: []byte(c.host)}})
		if got := told(r.Findings); len(got) != 1 || !strings.HasPrefix(got[0], c.want+" ") {
			t.Errorf("got %v, want %s", got, c.want)
		}
	}
}
