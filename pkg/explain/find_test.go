package explain

import (
	"strings"
	"testing"
)

// A code alone has many causes: all are candidates, what is met most comes first.
func TestCodesAlone(t *testing.T) {
	b := New()
	for _, c := range []struct {
		ask, first string
		count      int
	}{
		{"535", "auth-unsuccessful", 15},
		{"5.7.139", "smtp-auth-disabled-tenant", 12},
		{"535 5.7.139", "smtp-auth-disabled-tenant", 12},
		{"smtp-535", "auth-unsuccessful", 15},
		{"535-5.7.139", "smtp-auth-disabled-tenant", 12},
		{"5.7.60", "no-permission-to-send-as", 1},
		{"5.2.252", "send-as-denied", 2},
		{"5.7.612", "banned-ip", 1},
		{"5.7.930", "transport-rule-reject-range", 1},
		{"4.7.655", "access-denied-try-later", 1},
		{"responseCode: 535", "auth-unsuccessful", 15},
		{"Status: 5.7.60", "no-permission-to-send-as", 1},
		{"999 5.7.60", "", 0},
	} {
		found := b.Find(c.ask)
		if len(found) < c.count || c.count == 0 && len(found) > 0 {
			t.Errorf("%q: got %d (%s), want %d at least", c.ask, len(found), idsOf(found), c.count)
			continue
		}
		for i, f := range found {
			if i == 0 && f.Entry.ID != c.first || f.Candidate != (len(found) > 1) {
				t.Errorf("%q: %d is %s, candidate %v", c.ask, i, f.Entry.ID, f.Candidate)
			}
		}
	}
}

func TestOAuthErrors(t *testing.T) {
	b := New()
	for _, c := range []struct{ ask, first string }{
		{"invalid_grant", "oauth.invalid-grant"},
		{"INVALID_GRANT", "oauth.invalid-grant"},
		{"interaction_required", "oauth.interaction-required"},
		{"slow_down", "oauth-slow-down"},
		{"consent_required", "aadsts-65001"},
		{`{"error":"invalid_client"}`, "oauth.invalid-client"},
		{"oauth2 error: invalid_scope at line 3", "oauth.invalid-scope"},
		{"authorization_pending", "oauth.authorization-pending"},
	} {
		found := b.Find(c.ask)
		if len(found) == 0 || found[0].Entry.ID != c.first && idsOf(found[:min(2, len(found))]) != "oauth.consent-required "+c.first {
			t.Errorf("%q: got %s, want %s first", c.ask, idsOf(found), c.first)
		}
	}
}

func TestIDs(t *testing.T) {
	b := New()
	for _, e := range b.All() {
		for _, ask := range []string{e.ID, strings.ToUpper(e.ID), " " + e.ID + "\n"} {
			if found := b.Find(ask); len(found) == 0 || found[0].Entry != e {
				t.Errorf("%q: got %s", ask, idsOf(found))
			}
		}
	}
	if found := b.Find("service-principal-not-registered"); idsOf(found) != "auth-unsuccessful" {
		t.Errorf("a variant leads to %s", idsOf(found))
	}
}

// A log holds several refusals: each is told, what stays before what passes.
func TestSeveralRefusals(t *testing.T) {
	b := New()
	log := `Nov 24 10:00:00 mail app[1]: < 432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending for more information. [Hostname=X]
Nov 24 10:00:05 mail app[1]: retry
Nov 24 10:00:06 mail app[1]: < 554 5.2.252 SendAsDenied; a@contoso.com not allowed to send as b@contoso.com
Nov 24 10:00:07 mail app[1]: dial tcp 52.97.1.1:587: connect: connection refused
Nov 24 10:00:08 mail app[1]: token: AADSTS7000222: The provided client secret keys are expired.
Nov 24 10:00:09 mail app[1]: < 432 4.3.2 Concurrent connections limit exceeded. [Hostname=Y]
Nov 24 10:00:10 mail app[1]: < 550 5.7.298 Nie wieder
`
	const want = "aadsts-7000222 send-as-denied concurrent-connections net.refused unknown-reply"
	if got := idsOf(b.Find(log)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// What is not in the data falls to the class of its code, in the server's words.
func TestUnknownReplies(t *testing.T) {
	b := New()
	for _, c := range []struct {
		text, code string
		class      Class
		retry      Retry
		words      string
	}{
		{"550 5.7.298 Ihre Nachricht wurde abgelehnt", "550 5.7.298", Policy, Never, "550 5.7.298 Ihre Nachricht wurde abgelehnt"},
		{"smtplib.SMTPDataError: (550, b'5.7.298 Nie wieder [X.prod.outlook.com]')", "550 5.7.298", Policy, Never, "550 5.7.298 Nie wieder [X.prod.outlook.com]"},
		{"450 4.2.77 Boîte aux lettres indisponible", "450 4.2.77", Address, Later, "450 4.2.77 Boîte aux lettres indisponible"},
		{"550 5.7.60 Der Client darf nicht als dieser Absender senden", "550 5.7.60", Permission, Never, "550 5.7.60 Der Client darf nicht als dieser Absender senden"},
		{"535 5.7.8 Error: authentication failed: (reason unavailable)", "535 5.7.8", Auth, Never, "535 5.7.8 Error: authentication failed: (reason unavailable)"},
		{"550 5.7.720 Access denied, something new", "550 5.7.720", Reputation, Never, "550 5.7.720 Access denied, something new"},
		{"554 5.6.99 Der Inhalt ist defekt", "554 5.6.99", Content, Never, "554 5.6.99 Der Inhalt ist defekt"},
		{"552 5.2.3 Nachricht zu lang", "552 5.2.3", Content, Never, "552 5.2.3 Nachricht zu lang"},
		{"554 5.5.99 何かがおかしい", "554 5.5.99", Config, Never, "554 5.5.99 何かがおかしい"},
		{"451 4.4.99 Routing", "451 4.4.99", Network, Later, "451 4.4.99 Routing"},
		{"535 Incorrect authentication data", "535", Auth, Never, "535 Incorrect authentication data"},
		{"host mx.example.com[192.0.2.1] said: 550-No such person 550 here (in reply to RCPT TO command)", "550", Address, Never, "550-No such person here"},
		{"jakarta.mail.AuthenticationFailedException: 535-one\n535 two\n\n\tat x", "535", Auth, Never, "535-one two"},
		{"421 Le service n'est pas disponible", "421", Transient, Later, "421 Le service n'est pas disponible"},
		{"5.7.298", "5.7.298", Policy, Never, ""},
		{"550 5.7.298", "550 5.7.298", Policy, Never, ""},
	} {
		found := b.Find(c.text)
		if len(found) != 1 || found[0].Known() {
			t.Errorf("%q: got %s, want one unknown reply", c.text, idsOf(found))
			continue
		}
		f := found[0]
		if f.Code != c.code || f.Entry.Class != c.class || f.Entry.Retry != c.retry || f.Words != c.words {
			t.Errorf("%q: got %q %s %s %q", c.text, f.Code, f.Entry.Class, f.Entry.Retry, f.Words)
		}
		if got, want := f.Entry.Outcome("data").State == Temporary, c.retry == Later; got != want {
			t.Errorf("%q: temporary is %v", c.text, got)
		}
	}
}

// The words of the server end where the program goes on.
func TestWordsEndWithTheReply(t *testing.T) {
	b := New()
	const words = `535 5.7.3 Authentication unsuccessful [X "y"]`
	for _, text := range []string{
		words, "smtp: " + words + " (in reply to AUTH command)", `{"MESSAGE":"smtp: 535 5.7.3 Authentication unsuccessful [X \"y\"]","PRIORITY":"3","_PID":"550"}`,
		`{"err": "smtp: 535 5.7.3 Authentication unsuccessful [X \"y\"]" , "log.level": "error"}`,
		`(535, b'5.7.3 Authentication unsuccessful [X "y"]')`,
	} {
		if found := b.Find(text); len(found) != 1 || found[0].Words != words {
			t.Errorf("%s: got %+v", text, found)
		}
	}
}

// Numbers that look like codes and are none.
func TestNoRefusals(t *testing.T) {
	b := New()
	for _, text := range []string{
		"", " \n", "hello", "250 2.0.0 OK <x@y> [Hostname=Z]", "235 2.7.0 Authentication successful",
		"MySQL 5.7.44 started", "kernel 5.4.0-150-generic on host", "Python 3.12.1, node v5.7.1", "10.5.7.139 connected", "5.7.1.20 is an address",
		"Server version: 5.7.13 MySQL", "mysqld 5.7.12-log ready", "Linux version 5.1.10-300", "kernel 5.4.4 booted", "Nov 24 10:00:00 mail mysqld[1]: starting 5.7.13 now",
		"SASL handshake failed (start (-4)): SASL(-4): no mechanism available: No worthy mechs found", "svn: No worthy mechs found", "5.7.12-log", "Info: 5.7.13", "smtpd 5.7.13 starting", "opensmtpd: version 5.4.4", "upgraded (5.4.4) to 5.7.1 today", "response: 5.7.12-log",
		"HTTP/1.1 503 Service Unavailable", "status code 500 Internal Server Error", "error: 500 Internal Server Error", "line 535 in send", "port 587 is open",
		"took 450 ms for 550 messages", "2026-11-24 10:00:00 done", "220 x Microsoft ESMTP MAIL Service ready", "12.5.7.1", "see section 5.7.1 of the manual",
	} {
		if found := b.Find(text); len(found) > 0 {
			t.Errorf("%q: got %s (%q)", text, idsOf(found), found[0].Words)
		}
	}
}

// An enhanced code alone is a refusal where something says so: what a server said, a field of a log, or
// the words of the reply.
func TestEnhancedCodeInContext(t *testing.T) {
	b := New()
	for _, text := range []string{
		"host mx[192.0.2.1] said: 5.1.10 no", "The server response was: 5.1.10 nobody", "dsn=5.1.10, stat=User unknown", "Status: 5.1.10 (bad)", "#5.1.10 nobody",
		"5.1.10 nobody of that name", "550 5.1.10 nobody", "Diagnostic-Code: smtp; 5.1.10 x", "SMTPRecipientsRefused: 5.1.10 x",
	} {
		if got := idsOf(b.Find(text)); got != "recipient-not-found" {
			t.Errorf("%q: got %q", text, got)
		}
	}
	if got := idsOf(b.Find("ERROR mail: 5.7.60 SMTP; Client does not have permissions to send as this sender")); got != "no-permission-to-send-as" {
		t.Errorf("the words of the reply: got %q", got)
	}
}

// A translated or cut reply keeps some words, which leave two causes; nothing is said of a reason that
// is known, and what another server means by a code is not told as what Exchange does.
func TestRepliesOfOtherWording(t *testing.T) {
	const switches = "smtp-auth-disabled-tenant smtp-auth-disabled-mailbox"
	b := New()
	for text, want := range map[string]string{
		"535 5.7.139 Autenticación incorrecta, SmtpClientAuthentication está deshabilitado para el inquilino. https://aka.ms/smtp_auth_disabled": switches,
		"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the T":                                                switches,
		"Nov 24 10:00:00 web01 app[1]: 535 5.7.139 Échec, voir https://aka.ms/smtp_auth_disabled":                                                switches,
		"535 5.7.139 Authentication unsuccessful":                                                                      "auth-5-7-139-other",
		"535 5.7.139 Authentication unsuccessful [MN2PR05CA0004.namprd05.prod.outlook.com]":                            "auth-5-7-139-other",
		"535 5.7.139 Authentication unsuccessful, the moon is full":                                                    UnknownReply,
		"535 5.7.139 Autenticación incorrecta, algo nuevo":                                                             UnknownReply,
		"550-5.7.26 Unauthenticated email from fabrikam.com is not accepted due to domain's\n550-5.7.26 DMARC policy.": UnknownReply,
		"550 5.7.25 [192.0.2.1] The address that sends this has no PTR record":                                         UnknownReply,
		"550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain":                                            "unable-to-relay",
		"550 5.7.520 Access denied, Your organization does not allow external forwarding.":                             "external-forwarding-blocked",
		"550 5.7.236": "initial-domain-external-limit",
		"AADSTS7000229: The client application is missing service principal in the tenant": "aadsts-7000229",
		"AADSTS700222": "aadsts-700222",
		"135010":       "aadsts-135010",
		"ssl.SSLError: [SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1129)":                                                "tls.handshake",
		"javax.net.ssl.SSLException: Unsupported or unrecognized SSL message":                                                         "tls.handshake",
		"javax.net.ssl.SSLHandshakeException: Remote host terminated the handshake":                                                   "tls.handshake",
		"javax.net.ssl.SSLHandshakeException: PKIX path building failed: unable to find valid certification path to requested target": "tls.unknown-ca",
	} {
		found := b.Find(text)
		if got := idsOf(found); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
		if want == switches && len(found) == 2 && (!found[0].Candidate || !found[1].Candidate) {
			t.Errorf("%q: told for certain", text)
		}
	}
}

func TestNearest(t *testing.T) {
	b := New()
	for ask, want := range map[string]string{
		"smtp-auth-disabled-tennant":      "smtp-auth-disabled-tenant",
		"AADSTS7000216":                   "aadsts-7000215",
		"clock.skw":                       "clock.skew",
		"550 5.7.60 Der Server sagt nein": "no-permission-to-send-as",
		"the mailbox is not allowed to send as this sender": "no-permission-to-send-as send-as-denied send-as-denied-legacy",
	} {
		near := b.Nearest(ask)
		if len(near) == 0 || len(near) > maxNearest || !strings.Contains(want, near[0].ID) {
			t.Errorf("%q: got %v, want %s first", ask, near, want)
		}
	}
	for _, ask := range []string{
		"zzzz qqqq", "hello", "hello world", "good morning everybody", "what is the weather in the server room",
		"535-5.7.8 Username and Password not accepted. For more information, go to https://support.google.com/mail/?p=BadCredentials x - gsmtp",
		"535 5.7.8 Error: authentication failed: (reason unavailable)",
	} {
		if near := b.Nearest(ask); len(near) > 0 {
			t.Errorf("%q: got %s, which has nothing to do with it", ask, near[0].ID)
		}
	}
	if f := b.Find("535 5.7.8 Error: authentication failed: (reason unavailable)"); len(f) != 1 || f[0].Entry.Who != ByUser {
		t.Errorf("wrong credentials at another server: got %+v", f)
	}
}

// One megabyte of the worst that comes to mind makes few findings; were each place of it worth one,
// the test would not end within the time of the whole run.
func TestJunkIsBounded(t *testing.T) {
	b := New()
	for _, unit := range []string{
		"535 5.7.139 ", "535-5.7.139\n", "AADSTS53003 ", "\\n\\\"'(535, b'", "5.7.1 5.7.1\n", "x", "\x1b[31m", "error: 550 x\n", "invalid_grant ", "a b c d e f connection\n", "\x00\xff550 5.7.1\xfe", "=\n", "<td>550 5.7.1 </td>", "{\"log\":\"",
	} {
		if found := b.Find(strings.Repeat(unit, MaxText/len(unit)+1)); len(found) > 200 {
			t.Errorf("%q: %d findings", unit, len(found))
		}
	}
}

func FuzzFind(f *testing.F) {
	b := New()
	for _, m := range replyMutations() {
		f.Add(m.change(refusalOf(&Entry{}, "535 5.7.3 Authentication unsuccessful [SN2PR00CA0018.namprd00.prod.outlook.com]")))
	}
	for _, m := range tokenMutations() {
		f.Add(m.change("AADSTS7000215: Invalid client secret provided."))
	}
	f.Add("\xff\xfe5\x003\x005\x00")
	f.Add("<p>550=\n5.7.1 <br>x</p>\x1b]0;")
	f.Add("550-\n550 \n(535, b'")
	f.Add("550-5.7.1\n\n>550 5.7.1 Error: 535 '\"")
	f.Fuzz(func(t *testing.T, text string) {
		for _, found := range b.Find(text) {
			if found.Entry == nil || found.Entry.ID == "" || strings.ContainsAny(found.Words, "\r\n") {
				t.Fatalf("%+v in %q", found, text)
			}
			if !found.Known() && (found.Entry.Class == "" || found.Entry.Who == "" || found.Entry.Cause == "") {
				t.Fatalf("an unknown reply without a class: %+v", found.Entry)
			}
		}
		b.Nearest(text)
	})
}
