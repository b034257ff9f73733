//go:build peers

package peers_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestRefusedRecipient(t *testing.T) {
	p := startPeer(t)
	all := []string{"send", "--json", "-s", "Refused", "ada@contoso.example", "nobody@contoso.example"}
	o := run(t, p.settings, []byte("text"), all...)
	if o.status != 67 || !strings.Contains(o.stdout+o.stderr, "no such person") {
		t.Fatalf("status %d, want 67 with the server's words: %s%s", o.status, o.stdout, o.stderr)
	}
	o = run(t, p.settings, []byte("text"), append(all, "--partial")...)
	if o.status != 67 {
		t.Fatalf("--partial: status %d, want 67: %s%s", o.status, o.stdout, o.stderr)
	}
	p.mail(t, 1) // of the second call: the first has sent nothing
}

// Both halves of Dovecot's refusal reach the user, and no part of the token.
func TestRefusedToken(t *testing.T) {
	p := startPeer(t)
	token := p.settings["O365MAIL_ACCESS_TOKEN"]
	forged := token[:len(token)-8] + "AAAAAAAA"
	o := run(t, p.with(map[string]string{"O365MAIL_ACCESS_TOKEN": forged}), []byte("text"), "send", "-vv", "ada@contoso.example")
	if o.status != 77 {
		t.Errorf("status %d, want 77", o.status)
	}
	for _, want := range []string{"535 5.7.8", `"status":"401"`} {
		if !strings.Contains(o.stderr, want) {
			t.Errorf("stderr lacks %q:\n%s", want, o.stderr)
		}
	}
	if strings.Contains(o.stderr, forged[20:60]) || strings.Contains(o.stdout, forged[20:60]) {
		t.Error("the token shows in the output")
	}
}

// With the default line length Postfix refuses the line of AUTH; the log shows that it was tried.
func TestLongLineFallsBack(t *testing.T) {
	p := startPeer(t)
	settings := p.with(map[string]string{"O365MAIL_SMTP_PORT": fmt.Sprint(p.Short), "O365MAIL_SMTP_INITIAL_RESPONSE": "true"})
	accepted(t, run(t, settings, []byte("text"), "send", "--json", "ada@contoso.example"))
	p.mail(t, 1)
	log := p.Log()
	if sessions := strings.Count(log, "short/smtpd") > 0 && strings.Contains(log, "sasl_method=XOAUTH2"); !sessions {
		t.Error("Postfix saw no XOAUTH2 session")
	}
	if !strings.Contains(log, "auth=1/2") && !strings.Contains(log, "auth=0/1") {
		t.Errorf("Postfix saw no refused AUTH line:\n%s", log)
	}
}

func TestUntrustedCertificate(t *testing.T) {
	p := startPeer(t)
	o := run(t, p.with(map[string]string{"O365MAIL_CA_FILE": ""}), []byte("text"), "send", "ada@contoso.example")
	if o.status != 69 && o.status != 78 {
		t.Errorf("status %d, want one that says for good: %s", o.status, o.stderr)
	}
	if strings.Contains(p.Log(), "sasl_method") {
		t.Error("signed in although the certificate is not to be trusted")
	}
}
