package migrate

import (
	"slices"
	"testing"
)

// TestOAuthOfANeighbor has files in which one sender has moved to OAuth and another has not.
func TestOAuthOfANeighbor(t *testing.T) {
	const host, user, password = "smtp.office365.com", "bot@contoso.example", "Sp4rrow-Hill"
	for name, c := range map[string]struct {
		file, text string
		want       []Severity
	}{
		"crontab": {"crontab", "0 5 * * * root o365mail send -s a ops@contoso.example\n0 6 * * * root swaks --server " + host + ":587 -tls --auth-user " + user + " --auth-password '" + password + "'\n", []Severity{High}},
		"shell": {"send.sh", "#!/bin/sh\ncurl --url smtp://" + host + ":587 --user a@contoso.example --oauth2-bearer \"$TOKEN\" -T m\n" +
			"sendemail -f " + user + " -s " + host + ":587 -xu " + user + " -xp '" + password + "' -m 'reset token: see portal'\n", []Severity{Info, High}},
		"script": {"mail.js", "const a = nodemailer.createTransport({ host: '" + host + "', auth: { type: 'OAuth2', user: 'a@contoso.example', clientId, refreshToken } });\n" +
			"const b = nodemailer.createTransport({ host: '" + host + "', auth: { user: '" + user + "', pass: '" + password + "' } });\n", []Severity{Info, High}},
		"graph": {"users.py", "import smtplib, requests\ntoken = requests.post(URL, data={'grant_type': 'client_credentials'}).json()['access_token']\n" +
			"s = smtplib.SMTP('" + host + "', 587)\ns.login('" + user + "', '" + password + "')\n", []Severity{High}},
		"branch": {"both.py", "import smtplib\ndef send():\n    s = smtplib.SMTP('" + host + "', 587)\n    if USE_OAUTH:\n        s.docmd('AUTH', 'XOAUTH2 ' + make())\n" +
			"    else:\n        s.login('" + user + "', '" + password + "')\n", []Severity{High}},
		"ropc": {"moved.py", "import smtplib, msal\nuser, password = '" + user + "', '" + password + "'\nt = app.acquire_token_by_username_password(user, password)\n" +
			"s = smtplib.SMTP('" + host + "', 587)\ns.docmd('AUTH', 'XOAUTH2 ' + make(t))\n", []Severity{Info}},
		"aerc": {"aerc-accounts.conf", "[a]\noutgoing = smtp+xoauth2://a%40contoso.example@" + host + ":587\n[b]\noutgoing = smtp://bot%40contoso.example:" + password + "@" + host + ":587\n", []Severity{Info, High}},
		"php": {"two.php", "<?php\nfunction a() { $m = new PHPMailer(); $m->isSMTP(); $m->Host='" + host + "'; $m->AuthType='XOAUTH2'; $m->setOAuth($p); }\n" +
			"function b() { $m = new PHPMailer(); $m->isSMTP(); $m->Host='" + host + "'; $m->Username='" + user + "'; $m->Password='" + password + "'; }\n", []Severity{Info, High}},
		"msmtp": {"old-config", "account a\nhost " + host + "\nauth xoauth2\nuser a@contoso.example\npasswordeval o365mail token\naccount b\nhost " + host + "\nauth on\nuser " + user + "\npassword " + password + "\n", []Severity{Info, High}},
	} {
		if got := severitiesOf(t, c.file, c.text); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
