//go:build peers

package peers_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// A server that is not Exchange, and a token that is not Entra's, are examined for what holds for all.
func TestDoctorOnPostfix(t *testing.T) {
	p := startPeer(t)
	o := run(t, p.settings, nil, "doctor", "--to", "ada@contoso.example")
	// The certificate of this server is made to last a day.
	if bad := regexp.MustCompile(`(?m)^(fail|warn|blocked) +\S+`).FindAllString(o.stdout, -1); o.status != 0 || len(bad) != 1 || !strings.HasSuffix(bad[0], " smtp.starttls") {
		t.Errorf("status %d, %q, want a warning of the certificate's end\n%s%s", o.status, bad, o.stdout, o.stderr)
	}
	for _, check := range []string{"smtp.capabilities", "smtp.auth", "smtp.sender", "smtp.recipient"} {
		if !strings.Contains(o.stdout, "pass     "+check) {
			t.Errorf("%s did not pass:\n%s", check, o.stdout)
		}
	}
	implicit := p.with(map[string]string{"O365MAIL_SMTP_PORT": fmt.Sprint(p.Implicit), "O365MAIL_SMTP_TLS": "implicit"})
	if o = run(t, implicit, nil, "doctor"); o.status != 0 {
		t.Errorf("implicit TLS: status %d\n%s%s", o.status, o.stdout, o.stderr)
	}
	p.mail(t, 0)
}

// What Dovecot refuses is told in its own words, at the right check, without the token.
func TestDoctorOnDovecotsRefusal(t *testing.T) {
	p := startPeer(t)
	token := p.settings["O365MAIL_ACCESS_TOKEN"]
	forged := token[:len(token)-8] + "AAAAAAAA"
	o := run(t, p.with(map[string]string{"O365MAIL_ACCESS_TOKEN": forged}), nil, "doctor", "-v")
	if o.status != 1 || !strings.Contains(o.stdout, "fail     smtp.auth") || !strings.Contains(o.stdout, "535 5.7.8") {
		t.Errorf("status %d, want a failed smtp.auth in the server's words\n%s%s", o.status, o.stdout, o.stderr)
	}
	if strings.Contains(o.stdout+o.stderr, forged[20:60]) {
		t.Error("the token shows in the output")
	}
	o = run(t, p.with(map[string]string{"O365MAIL_CA_FILE": ""}), nil, "doctor")
	if o.status != 1 || !strings.Contains(o.stdout, "fail     smtp.starttls") || !strings.Contains(o.stdout, "tls.unknown-ca") {
		t.Errorf("status %d, want a failed smtp.starttls\n%s%s", o.status, o.stdout, o.stderr)
	}
}
