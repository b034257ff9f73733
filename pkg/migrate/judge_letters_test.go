package migrate

import (
	"slices"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// severitiesOf are those of one file, in order.
func severitiesOf(tb testing.TB, name, text string) []Severity {
	tb.Helper()
	var all []Severity
	for _, f := range scanFiles(tb, []txtar.File{{Name: name, Data: []byte(text)}}).Findings {
		all = append(all, f.Severity)
	}
	return all
}

// TestPasswordsOutsideASCII has letters of other languages in passwords, in UTF-8 and Latin-1, and
// notes in other languages, which are none.
func TestPasswordsOutsideASCII(t *testing.T) {
	for text, want := range map[string]Severity{
		"Grün9Apfel!": High, "Café!77xyz": High, "ПарольX99!": High, "Heron7€Slate": High, "Gr\xfcn9Apfel!": High, "Müller2024": High,
		"ваш пароль": Low, "你的授权码": Low, "contraseña": Low, "Ваш-Пароль": Low, "你的SMTP授权码": Low,
	} {
		for name, file := range map[string]string{
			".env":     "SMTP_HOST=smtp.office365.com\nSMTP_USER=scan@contoso.example\nSMTP_PASS=" + text + "\n",
			".msmtprc": "account default\nhost smtp.office365.com\nuser scan@contoso.example\npassword " + text + "\n",
			"mail.py":  "import smtplib\ns = smtplib.SMTP('smtp.office365.com', 587)\ns.login('scan@contoso.example', '" + text + "')\n",
		} {
			if got := severitiesOf(t, name, file); !slices.Equal(got, []Severity{want}) {
				t.Errorf("%s with %q: %v, want %s", name, text, got, want)
			}
		}
	}
}
