package migrate

import (
	"net/url"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestURLInEveryFormat: a connection URL is found wherever one may stand, its password escaped or not.
func TestURLInEveryFormat(t *testing.T) {
	for name, text := range map[string]string{
		"a/.env":            "# mail\nMAIL_URL=%s\n",
		"a/app.env":         "\nexport MAIL_URL='%s'\n",
		"a/compose.yaml":    "services:\n  web: {image: contoso/web, environment: {MAIL_URL: \"%s\"}}\n",
		"b/compose.yml":     "environment:\n  - MAIL_URL=%s\n",
		"a/values.yaml":     "mail:\n  dsn: %s\n",
		"a/config.json":     "{\n  \"mail\": {\"url\": \"%s\"}\n}\n",
		"a/app.toml":        "[mail]\nurl = \"%s\"\n",
		"a/app.ini":         "[mail]\nurl = %s\n",
		"a/settings.py":     "import os\nMAIL_URL = os.getenv(\"MAIL_URL\", \"%s\")\n",
		"a/mailer.js":       "// mail\nconst t = createTransport(process.env.MAIL_URL || '%s');\n",
		"a/config.php":      "<?php\nreturn ['dsn' => env('MAILER_DSN', '%s')];\n",
		"a/prod.rb":         "# mail\nurl = ENV.fetch(\"SMTP_URL\") { \"%s\" }\n",
		"a/main.go":         "package main\nvar dsn = flag.String(\"mail\", \"%s\", \"where mail goes\")\n",
		"a/Dockerfile":      "FROM scratch\nENV MAIL_URL=%s\n",
		"a/web.service":     "[Service]\nEnvironment=\"MAIL_URL=%s\"\n",
		"a/main.tf":         "locals {\n  mail_url = \"%s\"\n}\n",
		"a/web.config":      "<appSettings>\n  <add key=\"MailUrl\" value=\"%s\"/>\n</appSettings>\n",
		"a/app.properties":  "\nmail.url=%s\n",
		"a/deploy.ps1":      "# mail\n$env:MAIL_URL = '%s'\n",
		"a/run.sh":          "#!/bin/sh\nexec relay --dsn '%s'\n",
		"a/.gitlab-ci.yml":  "variables:\n  MAIL_URL: '%s'\n",
		"a/mail.conf":       "# mail\nurl %s\n",
		"a/settings":        "\nmail url: %s\n",
		"a/cron.d/report":   "MAILTO=\"\"\n0 5 * * * www env MAIL_URL=%s /opt/report\n",
		"a/notification.cs": "// mail\nvar dsn = Environment.GetEnvironmentVariable(\"MAIL_URL\") ?? \"%s\";\n",
	} {
		for _, password := range []string{"Sp4rrow-Hill", "w1nter&Gl4ss", "p@ss#W0rd?x", "k3ttle:Lamp/9"} {
			dsn := "smtp://app%40contoso.example:" + url.QueryEscape(password) + "@smtp.office365.com:587"
			if strings.HasSuffix(name, ".config") {
				dsn += "?tls=1&amp;auth=login"
			}
			r := scanFiles(t, []txtar.File{{Name: name, Data: []byte(strings.Replace(text, "%s", dsn, 1))}})
			if len(r.Findings) != 1 || r.Findings[0].Severity != High || r.Findings[0].Mailbox != "app@contoso.example" || r.Findings[0].Line != 2 {
				t.Errorf("%s with %s: %v", name, password, told(r.Findings))
			}
		}
	}
}
