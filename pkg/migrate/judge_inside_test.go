package migrate

import (
	"slices"
	"testing"
)

// TestPasswordsInsideTexts has commands and settings in texts of programs, and passwords that formats
// write in ways of their own. Each is a literal password.
func TestPasswordsInsideTexts(t *testing.T) {
	const (
		host  = "smtp.office365.com"
		send  = "sendEmail -f a@contoso.example -t x@contoso.example -u S -m B -s " + host + ":587 -xu a@contoso.example -xp Sp4rrow-Hill"
		swaks = "swaks --server " + host + " --tls --auth-user a@contoso.example --auth-password Sp4rrow-Hill --to x@contoso.example"
		curl  = "curl --url smtp://" + host + ":587 --ssl-reqd --user a@contoso.example:Sp4rrow-Hill --mail-from a@contoso.example -T m"
		plain = "\nhost=" + host + "\nuser=a@contoso.example\npassword=Sp4rrow-Hill\n"
		msmtp = "account default\nhost " + host + "\nuser a@contoso.example\npassword Sp4rrow-Hill\n"
	)
	for name, text := range map[string]string{
		"system.py":     "import os\nos.system(\"" + send + "\")\n",
		"multi.py":      "import os\nos.system(\"\"\"swaks --server " + host + " \\\n --auth-user a@contoso.example --auth-password Sp4rrow-Hill\"\"\")\n",
		"exec.php":      "<?php exec(\"" + swaks + "\");\n",
		"system.pl":     "system(\"" + send + "\");\n",
		"Jenkinsfile":   "sh \"" + curl + "\"\n",
		"single.groovy": "sh '" + curl + "'\n",
		"package.json":  `{"scripts":{"mail":"` + curl + `"}}` + "\n",
		"plain.py":      "X = 1\nCONF = \"\"\"" + plain + "\"\"\"\n",
		"msmtp.py":      "import subprocess\nCONF = '''\n" + msmtp + "'''\n",
		"first.py":      "import subprocess\nCONF = \"\"\"" + msmtp + "\"\"\"\n",
		"handler.py":    "h = SMTPHandler(('" + host + "', 587), 'a@contoso.example', ['x@contoso.example'], 'err', credentials=('a@contoso.example', 'Sp4rrow-Hill'))\n",
		"fifth.py":      "h = SMTPHandler(('" + host + "', 587), 'a@contoso.example', ['x@contoso.example'], 'err', ('a@contoso.example', 'Sp4rrow-Hill'))\n",
		"logging.ini":   "[handler_mail]\nclass=handlers.SMTPHandler\nlevel=ERROR\nargs=(('" + host + "',587),'a@contoso.example',['x@contoso.example'],'err',('a@contoso.example','Sp4rrow-Hill'),())\n",
		"mail.toml":     "[mail]\nrelay = \"" + host + "\"\n[mail.credentials]\nusername = \"a@contoso.example\"\npassword = \"Sp4rrow-Hill\"\n[other]\nname = 1\n",
		"send.fsx":      "let c = new SmtpClient(\"" + host + "\", 587)\nc.Credentials <- NetworkCredential(\"a@contoso.example\", \"Sp4rrow-Hill\")\n",
		"apprise.yml":   "urls:\n  - mailtos://a:Sp4rrow-Hill@contoso.example?smtp=" + host + "\n",
		"mail.tf":       "variable \"smtp_host\" {\n  default = \"" + host + "\"\n}\nvariable \"smtp_user\" {\n  default = \"a@contoso.example\"\n}\nvariable \"smtp_password\" {\n  type    = string\n  default = \"Sp4rrow-Hill\"\n}\n",
		"flask.py":      "app.config['MAIL_SERVER'] = '" + host + "'\napp.config['MAIL_USERNAME'] = 'a@contoso.example'\napp.config['MAIL_PASSWORD'] = os.getenv('MP') or 'Sp4rrow-Hill'\n",
		"secret.yaml":   "apiVersion: v1\nkind: Secret\nstringData:\n  mail.conf: |\n    host = " + host + "\n    user = a@contoso.example\n    password = Sp4rrow-Hill\n",
		"single.sh":     "#!/bin/sh\nsendemail -s " + host + ":587 -xu a@contoso.example -xp '$Uper9Pass!' -m x\n",
		"assigned.sh":   "#!/bin/sh\nPASS='$Uper9Pass!'\nsendemail -s " + host + ":587 -xu a@contoso.example -xp \"$PASS\" -m x\n",
		"percent.env":   "SMTP_HOST=" + host + "\nSMTP_USER=a@contoso.example\nSMTP_PASS=%Ab9Cd!x%\n",
		"dollar.env":    "SMTP_HOST=" + host + "\nSMTP_USER=a@contoso.example\nSMTP_PASS='$Uper9Pass!'\n",
	} {
		r := severitiesOf(t, name, text)
		if !slices.Equal(r, []Severity{High}) {
			t.Errorf("%s: %v, want one high", name, r)
		}
	}
}

// TestNothingInsideTexts has texts alike that hold no password.
func TestNothingInsideTexts(t *testing.T) {
	const host = "smtp.office365.com"
	for name, text := range map[string]string{
		"percent.env": "SMTP_HOST=" + host + "\nSMTP_USER=a@contoso.example\nSMTP_PASS=%MAIL_PASS%\n",
		"dollar.sh":   "#!/bin/sh\nsendemail -s " + host + ":587 -xu a@contoso.example -xp \"$SECRET\" -m x\n",
		"system.py":   "import os\nos.system(\"swaks --server " + host + " --auth-user a@contoso.example --auth-password $PW\")\n",
		"mail.tf":     "variable \"smtp_host\" {\n  default = \"" + host + "\"\n}\nvariable \"smtp_password\" {\n  type = string\n}\nresource \"a\" \"b\" {\n  user = var.smtp_user\n}\n",
		"apprise.yml": "urls:\n  - mailtos://a:${PASS}@contoso.example?smtp=" + host + "\n",
	} {
		if slices.Contains(severitiesOf(t, name, text), High) {
			t.Errorf("%s is high", name)
		}
	}
}
