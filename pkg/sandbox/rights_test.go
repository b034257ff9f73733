package sandbox

import (
	"strings"
	"testing"
	"time"
)

// attempt signs in and sends, and gives the reply that decided.
func (w *wire) attempt(user, token, from, header string) string {
	w.t.Helper()
	w.secured().ask("AUTH XOAUTH2", "334 ")
	if got := w.ask(xoauth2(user, token), ""); got[0] != '2' {
		return got
	}
	w.ask("MAIL FROM:<"+from+">", "250 2.1.0")
	w.ask("RCPT TO:<ada@contoso.example>", "250 2.1.5")
	got := w.deliver(header+"\r\n\r\nx\r\n", "")
	w.ask("QUIT", "221 ")
	w.wantEnd()
	return got
}

// TestRights goes through the ways to hold and to lack a right. A refusal must come at the moment
// at which Exchange has it: sign-in or after the data.
func TestRights(t *testing.T) {
	const (
		accepted = "250 2.0.0 OK <"
		refused  = "535 5.7.3 Authentication unsuccessful ["
		logon    = "430 4.2.0 STOREDRV; mailbox logon failure; "
	)
	app := func(t *testing.T, s *Sandbox) string { t.Helper(); return s.testToken(t) }
	scoped := func(t *testing.T, s *Sandbox) string {
		t.Helper()
		return must(t)(s.appToken(&s.config.Tenant.Apps[1], resourceExchange, bySecret))
	}
	person := func(upn string, scopes ...string) func(*testing.T, *Sandbox) string {
		return func(t *testing.T, s *Sandbox) string { t.Helper(); return must(t)(s.UserToken(upn, scopes...)) }
	}
	denied := func(who, as string) string {
		return "554 5.2.252 SendAsDenied; " + who + " not allowed to send as " + as + "; STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; "
	}
	for _, c := range []struct {
		name   string
		change func(*Tenant)
		token  func(*testing.T, *Sandbox) string
		user   string
		from   string // of envelope and header; empty: user
		want   string
	}{
		{name: "app with role and right", token: app, user: SharedMailbox, want: accepted},
		{name: "address in capitals", token: app, user: "Alerts@Contoso.Example", want: accepted},
		{name: "app without right on the mailbox", token: app, user: Grace, want: logon},
		{name: "app not registered in Exchange", change: func(t *Tenant) { t.Apps[0].RegisteredAs = "" }, token: app, user: SharedMailbox, want: refused},
		{name: "app registered with another object id", change: func(t *Tenant) { t.Apps[0].RegisteredAs = AppClientID }, token: app, user: SharedMailbox, want: refused},
		{name: "app with another role only", change: func(t *Tenant) { t.Apps[0].Roles = []string{"IMAP.AccessAsApp"} }, token: app, user: SharedMailbox, want: refused},
		{name: "no such mailbox", token: app, user: "nobody@contoso.example", want: refused},
		{name: "RBAC, in scope", token: scoped, user: SharedMailbox, want: accepted},
		{name: "RBAC, out of scope", token: scoped, user: Ada, want: refused},
		{
			name: "RBAC and the role: the role's check comes back", token: scoped, user: SharedMailbox, want: logon,
			change: func(t *Tenant) { t.Apps[1].Roles = []string{roleSendAsApp} },
		},
		{name: "owner", token: person(Ada), user: Ada, want: accepted},
		{name: "owner without the scope", token: person(Ada, "IMAP.AccessAsUser.All"), user: Ada, want: refused},
		{name: "delegate with Send As", token: person(Ada), user: SharedMailbox, want: accepted},
		{name: "delegate without Send As", token: person(Grace), user: SharedMailbox, want: denied(Grace, SharedMailbox)},
		{name: "somebody else", token: person(Grace), user: Ada, want: refused},
		{name: "as a mailbox without Send As", token: app, user: SharedMailbox, from: Grace, want: denied(SharedMailbox, Grace)},
		{name: "as a mailbox with Send As", token: app, user: Ada, from: SharedMailbox, want: accepted},
		{name: "as nobody's address", token: app, user: Ada, from: "x@fabrikam.example", want: denied(Ada, "x@fabrikam.example")},
		{name: "tenant off", change: func(t *Tenant) { t.SMTPAuthDisabled = true }, token: app, user: SharedMailbox, want: "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information. ["},
		{name: "tenant off, mailbox on", change: func(t *Tenant) { t.SMTPAuthDisabled = true; t.Mailboxes[2].SMTPAuth = Enabled }, token: app, user: SharedMailbox, want: accepted},
		{name: "mailbox off", change: func(t *Tenant) { t.Mailboxes[2].SMTPAuth = Disabled }, token: app, user: SharedMailbox, want: "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. "},
	} {
		t.Run(c.name, func(t *testing.T) {
			tenant := Contoso()
			if c.change != nil {
				c.change(tenant)
			}
			s := open(t, Config{Tenant: tenant})
			if c.from == "" {
				c.from = c.user
			}
			got := connect(t, s).attempt(c.user, c.token(t, s), c.from, "From: <"+c.from+">")
			if !strings.HasPrefix(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if kept := len(s.Messages()); (kept == 1) != (c.want == accepted) {
				t.Errorf("%d messages kept", kept)
			}
		})
	}
}

func must(t *testing.T) func(string, error) string {
	t.Helper()
	return func(s string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

func TestEnvelopeAndHeaderBothCount(t *testing.T) {
	s := open(t, Config{})
	for _, c := range []struct{ envelope, header, want string }{
		{SharedMailbox, "From: <" + Grace + ">", "554 5.2.252 SendAsDenied; alerts@contoso.example not allowed to send as grace"},
		{Grace, "From: <" + SharedMailbox + ">", "554 5.2.252 SendAsDenied; alerts@contoso.example not allowed to send as grace"},
		{"", "From: <" + SharedMailbox + ">", "250 "},
		{SharedMailbox, "Subject: x", "550 5.7.512"},
		{SharedMailbox, "From:", "550 5.7.512"},
		{SharedMailbox, "From: <alerts@contoso.example>\r\nFrom: <ada@contoso.example>", "550 5.7.512"},
		{SharedMailbox, "From: @@", "554 5.6.0"},
		{SharedMailbox, "no header", "554 5.6.0"},
		{SharedMailbox, "From: <alerts@contoso.example>\r\nSubject: \x1b[31m", "554 5.6.0"},
		{SharedMailbox, "From: Àlerts <alerts@contoso.example>\r\nSubject: é", "250 "},
		{SharedMailbox, "From: <alerts@contoso.example>, <ada@contoso.example>", "550 5.1.20"},
		{SharedMailbox, "From: <alerts@contoso.example>, <alerts@contoso.example>\r\nSender: alerts@contoso.example", "250 "},
		{SharedMailbox, "FROM:\r\n =?utf-8?q?Al=C3=A9rts?= <ALERTS@contoso.example>", "250 "},
		{SharedMailbox, `From: <"\"x\" y"@contoso.example>`, `554 5.2.252 SendAsDenied; alerts@contoso.example not allowed to send as `},
	} {
		got := connect(t, s).attempt(SharedMailbox, s.testToken(t), c.envelope, c.header)
		if !strings.HasPrefix(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.header, got, c.want)
		}
	}
}

// TestTokens changes one thing at a time in a token that is good.
func TestTokens(t *testing.T) {
	s := open(t, Config{})
	for name, change := range map[string]func(claims){
		"good":                func(claims) {},
		"aud of outlook.com":  func(c claims) { c["aud"] = "https://outlook.office.com" },
		"aud with a slash":    func(c claims) { c["aud"] = "https://outlook.office365.com/" },
		"aud by id":           func(c claims) { c["aud"] = idExchange },
		"expired just now":    func(c claims) { c["exp"] = time.Now().Add(-time.Minute).Unix() },
		"! aud of Graph":      func(c claims) { c["aud"] = resourceGraph },
		"! no aud":            func(c claims) { delete(c, "aud") },
		"! expired":           func(c claims) { c["exp"] = time.Now().Add(-6 * time.Minute).Unix() },
		"! no exp":            func(c claims) { delete(c, "exp") },
		"! exp as text":       func(c claims) { c["exp"] = "4102444800" },
		"! not yet":           func(c claims) { c["nbf"] = time.Now().Add(6 * time.Minute).Unix() },
		"! of another issuer": func(c claims) { c["iss"] = "https://sts.windows.net/other/" },
		"! of another tenant": func(c claims) { c["tid"] = "other" },
		"! of another app":    func(c claims) { c["appid"] = "other" },
		"! other object":      func(c claims) { c["oid"] = "other" },
		"! scope of another":  func(c claims) { c["scp"] = "SMTP.Send" },
	} {
		c := s.commonClaims(resourceExchange)
		c["appid"], c["oid"], c["roles"] = AppClientID, appObjectID, []string{roleSendAsApp}
		change(c)
		_, denial := s.authorize(SharedMailbox, must(t)(s.keys.token.sign(c)))
		if (denial != nil) != strings.HasPrefix(name, "!") {
			t.Errorf("%s: got %+v", name, denial)
		}
	}
}

func TestForgedTokens(t *testing.T) {
	s := open(t, Config{})
	good := s.testToken(t)
	parts := strings.Split(good, ".")
	other := must(t)(s.keys.ci.sign(s.commonClaims(resourceExchange)))
	none := encodePart(claims{"alg": "none", "kid": s.keys.token.kid}) + "." + parts[1] + "."
	for name, token := range map[string]string{
		"empty":              "",
		"text":               "x",
		"payload changed":    parts[0] + "." + encodePart(claims{"aud": resourceExchange}) + "." + parts[2],
		"no signature":       parts[0] + "." + parts[1] + ".",
		"alg none":           none,
		"another key":        other,
		"header not JSON":    "e30x." + parts[1] + "." + parts[2],
		"null":               "bnVsbA.bnVsbA." + parts[2],
		"longer than a line": good + strings.Repeat("A", maxJWT),
	} {
		if _, denial := s.authorize(SharedMailbox, token); denial == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// TestFourthConnection: three may send for a mailbox at the same time; the others hear so after
// the data, and may send when a place is free.
func TestFourthConnection(t *testing.T) {
	s := open(t, Config{})
	var all []*wire
	for range 4 {
		all = append(all, connect(t, s).addressed())
	}
	const limit = "432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending for more information. [Hostname="
	all[3].deliver(letter("x"), limit)
	connect(t, s).signedInAs(Ada) // another mailbox has places of its own
	for _, w := range all[:3] {
		w.deliver(letter("x"), "250 ")
	}
	all[0].ask("QUIT", "221 ")
	all[0].wantEnd()
	all[3].ask("MAIL FROM:<"+SharedMailbox+">", "250")
	all[3].ask("RCPT TO:<ada@contoso.example>", "250")
	all[3].deliver(letter("x"), "250 ")
}
