package migrate

import (
	"strings"
	"testing"
	"time"
)

const cannotTell = "do not say who uses a password"

// Reports of settings, traces and rows that are too old tell nothing about passwords, and are not taken for
// an all-clear.
func TestReportsThatCannotTell(t *testing.T) {
	signIn := func(app, code string) string {
		return signInHeader + "\n" + signInRow(map[string]string{"Date (UTC)": "2026-11-04T08:19:41Z", "Username": "a@contoso.example", "Client app": app, "Sign-in error code": code}) + "\n"
	}
	for name, c := range map[string]struct {
		text  string
		since time.Time
		want  string
	}{
		"mailboxes":    {"PrimarySmtpAddress,SmtpClientAuthenticationDisabled\na@contoso.example,True\n", time.Time{}, cannotTell},
		"tenant":       {"SmtpClientAuthenticationDisabled : True\nMaxSendSize : 35 MB\n", time.Time{}, cannotTell},
		"policies":     {"Name : Block\nAllowBasicAuthSmtp : False\n", time.Time{}, cannotTell},
		"organization": {"DefaultAuthenticationPolicy : Block\n", time.Time{}, cannotTell},
		"trace":        {"Received,SenderAddress,RecipientAddress,FromIP,MessageTraceId\n2026-11-05 07:00:00,a@contoso.example,a@b.example,192.0.2.7,1\n", time.Time{}, cannotTell},
		"too old":      {signIn("Authenticated SMTP", "0"), time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), cannotTell},
		"others":       {signIn("Browser", "0"), time.Time{}, "show no sender with a password."},
		"broken":       {`{"value":[` + graphRow + `,{"createdD`, time.Time{}, "show 1 sender"},
		"half":         {"Sender address,Authentication Protocol,Messages sent\na@contoso.example,OAuth,7\nb@contoso.example,Basic,x\n", time.Time{}, "no sender with a password in what could be read"},
		"names":        {"Name,SmtpClientAuthenticationDisabled\nshop,\n", time.Time{}, "1 mailbox stands there with a name and no address"},
		"following":    {"PrimarySmtpAddress,SmtpClientAuthenticationDisabled\na@contoso.example,\n", time.Time{}, "1 mailbox follows the tenant's switch: give the output of Get-TransportConfig too"},
	} {
		l := Ledger{Since: c.since}
		l.Read(name, strings.NewReader(c.text))
		a := Answer{Usage: l.Usage(nil)}
		if got := strings.Join(a.headline(), "\n"); !strings.Contains(got, c.want) {
			t.Errorf("%s: want %q in\n%s", name, c.want, got)
		}
		if got := render(t, "junit", &a); strings.Contains(got, "no sender uses a password") || c.want == cannotTell && !strings.Contains(got, `name="These reports do not say`) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// A sign-in that was refused is told: with the right password it is a sender, else a list of its own.
func TestRefusedSignIns(t *testing.T) {
	for code, c := range map[string]struct{ status, want, not string }{
		"53003": {"Failure", "may use one", "all refused"},
		"50076": {"Interrupted", "may use one", "all refused"},
		"50126": {"Failure", "Mailboxes whose sign-ins with Basic were all refused (1)", "may use one"},
	} {
		var l Ledger
		row := map[string]string{"Date (UTC)": "2026-11-04T08:19:41Z", "Username": "a@contoso.example", "Client app": "Authenticated SMTP", "Status": c.status, "Sign-in error code": code}
		l.Read("signins.csv", strings.NewReader(signInHeader+"\n"+signInRow(row)+"\n"))
		a := Answer{Usage: l.Usage(nil)}
		if got := render(t, "text", &a); !strings.Contains(got, c.want) || strings.Contains(got, c.not) || a.Fails() {
			t.Errorf("%s: %s", code, got)
		}
		if got := render(t, "html", &a); !strings.Contains(got, "1 refused sign-in with Basic") && !strings.Contains(got, "1 sign-in with the right password that a policy stopped") {
			t.Errorf("%s: %s", code, got)
		}
	}
}

// Other words for the same: legacy SMTP, and Basic in German.
func TestOtherWordsForBasic(t *testing.T) {
	for name, text := range map[string]string{
		"signins.csv": signInHeader + "\n" + signInRow(map[string]string{"Date (UTC)": "2026-11-04T08:19:41Z", "Username": "a@contoso.example", "Client app": `"Other clients; SMTP"`}) + "\n",
		"clients.csv": "Sender address;Authentication protocol;Message count\na@contoso.example;Standardauthentifizierung;7\n",
	} {
		var l Ledger
		l.Read("cas.csv", strings.NewReader("PrimarySmtpAddress,SmtpClientAuthenticationDisabled\na@contoso.example,False\n"))
		l.Read("none.csv", strings.NewReader("Sender address,Authentication Protocol,Messages sent\n"))
		l.Read(name, strings.NewReader(text))
		a := Answer{Usage: l.Usage(nil)}
		if s := senderOf(t, a.Usage, "a@contoso.example"); !s.UsesBasic() || s.Report != name || a.all()[0].Path != name {
			t.Errorf("%s: %+v, %s", name, s, a.all()[0].Path)
		}
		if got := a.Plan()[0].usage(); got != "1 sign-in with Basic" && got != "7 messages with Basic" {
			t.Errorf("%s: in use: %s", name, got)
		}
	}
}
