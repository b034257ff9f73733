package doctor_test

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"testing"
	"time"

	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/sandbox"
)

// jwt is a token that nobody signed: it is judged by what it says, before any server sees it.
func jwt(claims map[string]any) string {
	payload, _ := json.Marshal(claims)
	return "eyJhbGciOiJub25lIn0." + base64.RawURLEncoding.EncodeToString(payload) + ".c2lnbmF0dXJl"
}

// claimed changes the claims of a person's good token.
func claimed(changes map[string]any) func(*testing.T, *ward, *patient) {
	return func(t *testing.T, _ *ward, p *patient) {
		t.Helper()
		c := map[string]any{
			"iss": "https://sts.windows.net/" + sandbox.ContosoTenantID + "/", "tid": sandbox.ContosoTenantID, "aud": "https://outlook.office.com",
			"scp": "SMTP.Send", "upn": sandbox.SharedMailbox, "oid": "b1", "appid": "a5", "idtyp": "user",
			"iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix(),
		}
		maps.Copy(c, changes)
		p.give(t, jwt(c))
	}
}

func personsToken(upn, address string, scopes ...string) func(*testing.T, *ward, *patient) {
	return func(t *testing.T, w *ward, p *patient) {
		t.Helper()
		text, err := w.UserToken(upn, scopes...)
		if err != nil {
			t.Fatal(err)
		}
		p.settings["O365MAIL_ADDRESS"] = address
		p.give(t, text)
	}
}

func tokenAilments() []ailment {
	return []ailment{
		{"for Graph", claimed(map[string]any{"aud": "https://graph.microsoft.com"}), []string{"fail token.audience: token.audience"}},
		{"reads only", personsToken(sandbox.Ada, sandbox.Ada, "IMAP.AccessAsUser.All"), []string{"fail token.scope: token.scope-missing", "warn token.privilege: token.over-privileged"}},
		{"other roles", claimed(map[string]any{"idtyp": "app", "scp": nil, "upn": nil, "roles": []string{"IMAP.AccessAsApp"}}), []string{"fail token.scope: token.roles-missing", "warn token.privilege: token.over-privileged"}},
		{"other tenant", claimed(map[string]any{"tid": "c0a70500-0000-4000-8000-00000000dead"}), []string{"fail token.tenant: token.wrong-tenant"}},
		{"domain elsewhere", func(t *testing.T, w *ward, p *patient) {
			t.Helper()
			metadataOf("/contoso.example/", says(200, `{"issuer":"https://login.microsoftonline.com/c0a70500-0000-4000-8000-00000000beef/v2.0"}`))(t, w, p)
		}, []string{"fail token.tenant: token.wrong-tenant"}},
		{"no person for self", setting("O365MAIL_AUTH_AS", "self"), []string{"fail token.mailbox: token.auth-as"}},
		{"expired", claimed(map[string]any{"exp": time.Now().Add(-time.Minute).Unix()}), []string{"fail token.lifetime: token.expired"}},
		{"not valid yet", claimed(map[string]any{"nbf": time.Now().Add(time.Hour).Unix()}), []string{"fail token.lifetime: token.not-valid-yet"}},
		{"too short for HVE", func(t *testing.T, w *ward, p *patient) {
			t.Helper()
			p.settings["O365MAIL_CLOUD"] = "hve"
			claimed(map[string]any{"scp": "Mail.Send", "exp": time.Now().Add(5 * time.Minute).Unix()})(t, w, p)
		}, []string{"fail token.lifetime: token.too-short"}},
		{"may read mail too", personsToken(sandbox.Ada, sandbox.Ada, "SMTP.Send", "Mail.ReadWrite"), []string{"warn token.privilege: token.over-privileged"}},
	}
}

func serverAilments() []ailment {
	return []ailment{
		{"another person's", personsToken(sandbox.Grace, sandbox.Ada), []string{"fail smtp.auth: token.mailbox-mismatch", "? token.mailbox-mismatch", "? token.auth-as"}},
		{"takes the person only", func(t *testing.T, _ *ward, p *patient) {
			t.Helper()
			p.ward = newWard(t, sandbox.Config{Faults: []string{"smtp.person-only"}})
			p.settings = p.ward.patient("app").settings
			personsToken(sandbox.Ada, sandbox.SharedMailbox)(t, p.ward, p)
		}, []string{"fail smtp.auth: token.mailbox-mismatch", "? token.mailbox-mismatch", "? token.auth-as"}},
		{"no such mailbox", setting("O365MAIL_ADDRESS", "nobody@contoso.example"), []string{"fail smtp.auth: auth-unsuccessful", "? auth-unsuccessful/mailbox-missing-or-unlicensed"}},
		{"no such mailbox of a person", func(t *testing.T, w *ward, p *patient) {
			t.Helper()
			tenant := sandbox.Contoso()
			tenant.Mailboxes = tenant.Mailboxes[1:]
			p.ward = newWard(t, sandbox.Config{Tenant: tenant})
			p.settings = p.ward.patient("app").settings
			personsToken(sandbox.Ada, sandbox.Ada)(t, p.ward, p)
		}, []string{"fail smtp.auth: auth-unsuccessful", "? auth-unsuccessful/mailbox-missing-or-unlicensed"}},
		{"self has no mailbox", func(t *testing.T, _ *ward, p *patient) {
			t.Helper()
			tenant := sandbox.Contoso()
			tenant.Mailboxes = tenant.Mailboxes[1:]
			p.ward = newWard(t, sandbox.Config{Tenant: tenant})
			p.settings = with(p.ward.patient("app").settings, "O365MAIL_AUTH_AS", "self")
			personsToken(sandbox.Ada, sandbox.SharedMailbox)(t, p.ward, p)
		}, []string{"fail smtp.auth: token.auth-as"}},
		{"not registered", changedApp(func(a *sandbox.App) { a.RegisteredAs = "" }), []string{"fail smtp.auth: auth-unsuccessful", "? exchange.service-principal"}},
		{"registered with the wrong id", changedApp(func(a *sandbox.App) { a.RegisteredAs = a.ClientID }), []string{"fail smtp.auth: auth-unsuccessful", "? exchange.service-principal"}},
		{"no role", changedApp(func(a *sandbox.App) { a.Roles = nil }), []string{"fail smtp.auth: auth-unsuccessful", "? auth-unsuccessful/missing-app-role"}},
		{"outside of the scope", func(_ *testing.T, _ *ward, p *patient) {
			p.settings["AZURE_CLIENT_ID"], p.settings["O365MAIL_ADDRESS"] = sandbox.ScopedAppClientID, sandbox.Ada
			p.credential, _ = entra.ClientSecret(sandbox.ScopedAppSecret)
		}, []string{"fail smtp.auth: auth-unsuccessful", "? auth-unsuccessful/app-rbac-scope"}},
		{"opaque and refused", func(t *testing.T, _ *ward, p *patient) { t.Helper(); p.give(t, "EwBAA8l6BAAU") }, []string{"fail smtp.auth: auth-unsuccessful", "? auth-unsuccessful/wrong-audience"}},
		{"no right on the mailbox", func(t *testing.T, _ *ward, p *patient) {
			t.Helper()
			p.settings["O365MAIL_ADDRESS"], p.SendTest = sandbox.Grace, sandbox.Ada
		}, []string{"fail smtp.send-as: mailbox-logon-failure"}},
		{"another sender", func(_ *testing.T, _ *ward, p *patient) { p.From, p.SendTest = sandbox.Grace, sandbox.Ada }, []string{"fail smtp.send-as: send-as-denied"}},
		{"too large", func(_ *testing.T, _ *ward, p *patient) { p.Size = 200 << 20 }, []string{"fail smtp.size: message-size-limit"}},
		{"large", func(_ *testing.T, _ *ward, p *patient) { p.Size = 40 << 20 }, []string{"warn smtp.size: message-too-large-for-sender"}},
	}
}

// changedApp changes the application of the tenant.
func changedApp(change func(*sandbox.App)) func(*testing.T, *ward, *patient) {
	return func(t *testing.T, _ *ward, p *patient) {
		t.Helper()
		tenant := sandbox.Contoso()
		change(&tenant.Apps[0])
		p.ward = newWard(t, sandbox.Config{Tenant: tenant})
		p.settings = p.ward.patient("app").settings
	}
}

func recordAilments() []ailment {
	z := func(change func(zone) zone) func(*testing.T, *ward, *patient) {
		return names(func() zone { return change(healthyZone()) })
	}
	return []ailment{
		{"no MX", z(func(z zone) zone { return z.without("MX contoso.example") }), []string{"warn dns.mx: dns.mx-missing"}},
		{"no SPF", z(func(z zone) zone { return z.with("TXT contoso.example", "google-site-verification=x") }), []string{"warn dns.spf: dns.spf-missing"}},
		{"two SPF", z(func(z zone) zone {
			return z.with("TXT contoso.example", "v=spf1 -all", "v=spf1 include:spf.protection.outlook.com -all")
		}), []string{"warn dns.spf: dns.spf-multiple"}},
		{"SPF without Exchange", z(func(z zone) zone {
			return z.with("TXT contoso.example", "v=spf1 include:a.example include:loop.example -all").with("TXT loop.example", "v=spf1 include:loop.example")
		}), []string{"warn dns.spf: dns.spf-without-exchange"}},
		{"no DKIM", z(func(z zone) zone {
			return z.without("TXT selector1._domainkey.contoso.example", "CNAME selector1._domainkey.contoso.example")
		}), []string{"warn dns.dkim: dns.dkim-missing"}},
		{"DKIM without a key", z(func(z zone) zone { return z.with("TXT selector1._domainkey.contoso.example", "v=DKIM1; p=") }), []string{"warn dns.dkim: dns.dkim-missing"}},
		{"no DMARC", z(func(z zone) zone { return z.without("TXT _dmarc.contoso.example") }), []string{"warn dns.dmarc: dns.dmarc-missing"}},
		{"broken DMARC", z(func(z zone) zone {
			return z.with("TXT _dmarc.contoso.example", "v=DMARC1; rua=mailto:a@contoso.example")
		}), []string{"warn dns.dmarc: dns.dmarc-broken"}},
		{"elsewhere", z(func(z zone) zone {
			return z.with("TXT contoso.example", "v=spf1 mx -all").with("MX contoso.example", "mx.other.example.").without("CNAME autodiscover.contoso.example")
		}), []string{"warn dns.spf: dns.spf-without-exchange", "warn dns.autodiscover: dns.not-exchange"}},
	}
}

// pairs are independent faults at once: both have to be named.
func pairs() []ailment {
	both := func(a, b func(*testing.T, *ward, *patient)) func(*testing.T, *ward, *patient) {
		return func(t *testing.T, w *ward, p *patient) { t.Helper(); a(t, w, p); b(t, w, p) }
	}
	wrongSecret := func(_ *testing.T, _ *ward, p *patient) { p.credential, _ = entra.ClientSecret("wrong") }
	closed := func(t *testing.T, _ *ward, p *patient) {
		t.Helper()
		p.settings["O365MAIL_SMTP_PORT"] = closedPort(t)
		p.Resolver = healthyZone().without("AAAA smtp.contoso.example").resolver(t)
	}
	return []ailment{
		{"port and secret", both(closed, wrongSecret), []string{"fail net.tcp4: net.refused", "fail entra.credential: aadsts-7000215"}},
		{"certificate and tenant", both(func(_ *testing.T, _ *ward, p *patient) { p.Dialer.RootCAs = emptyPool() }, metadataOf("openid-configuration", says(503, ""))), []string{"fail smtp.starttls: tls.unknown-ca", "fail entra.metadata: entra.503"}},
		{"records and secret", both(names(func() zone { return healthyZone().without("MX contoso.example") }), wrongSecret), []string{"fail entra.credential: aadsts-7000215", "warn dns.mx: dns.mx-missing"}},
		{"audience and port", both(closed, func(t *testing.T, w *ward, p *patient) {
			t.Helper()
			claimed(map[string]any{"aud": "https://graph.microsoft.com"})(t, w, p)
		}), []string{"fail net.tcp4: net.refused", "fail token.audience: token.audience"}},
	}
}
