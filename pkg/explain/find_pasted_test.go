package explain

import (
	"strings"
	"testing"
)

// Words without their code, numbers without their letters, and lines broken within a word.
func TestWhatPeoplePaste(t *testing.T) {
	b := New()
	const cut = "5.7.60 SMTP; Client does not have permissi\nons to send as this sender"
	for text, want := range map[string]string{
		"SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information.": "smtp-auth-disabled-tenant",
		"Error: SmtpClientAuthentication is disabled for the Mailbox.":                                                       "smtp-auth-disabled-mailbox",
		"authentication failed: the user credentials were incorrect":                                                         "password-incorrect",
		"The client does not have permissions to send as this sender":                                                        "no-permission-to-send-as",
		"Sign-in error code 50126": "aadsts-50126",
		"Error code 53003":         "aadsts-53003",
		"Date 2026-11-24\nSign-in error code\t50126\nFailure reason":                   "aadsts-50126",
		"{\"msg\":\"login failed\",\"errorCode\": 50126}":                              "aadsts-50126",
		"postfix/smtp[9]: warning: SASL authentication failure: No worthy mechs found": "sasl.no-mechanism",
		"Error code 10060": "",
		strings.Repeat("Error code 50126 of the pump. ", 9): "",
		cut: "no-permission-to-send-as",
		"> " + strings.ReplaceAll(cut, "\n", "\r\n"): "no-permission-to-send-as",
		"Nov 24 10:00:00 h sm-mta[1]: x: to=<a@b.c>, mailer=relay, dsn=5.7.57, stat=Service unavailable\nNov 24 10:00:00 h sm-mta[1]: x: 530 5.7.57 Client not authenticated to send mail. [X]\n": "not-authenticated-to-send",
		"Nov 24 10:00:00 h sm-mta[1]: x: to=<a@b.c>, dsn=5.7.299, stat=Service unavailable\nNov 24 10:00:00 h sm-mta[1]: x: 530 5.7.57 Client not authenticated to send mail. [X]\n":              "not-authenticated-to-send unknown-reply",
	} {
		if got := idsOf(b.Find(text)); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
