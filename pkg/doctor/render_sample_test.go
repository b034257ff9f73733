package doctor

import (
	"strings"
	"time"

	"github.com/o365mail/o365mail/pkg/explain"
)

const sampleTenant, sampleClient, sampleObject, sampleTrace = "7d1c9e5a-3b2f-4f60-9a41-0e8c52d7b613",
	"c0ffee00-1a2b-4c3d-8e4f-5a6b7c8d9e0f", "5e2f8b1d-90aa-4b7c-b1de-77c3f0a4d921", "be47a1c3-6d05-4f3e-a2b8-d94e0c7f1a52"

// sampleSecrets are what no document of the sample may tell, in any case of letters.
var sampleSecrets = []string{
	sampleTenant, sampleClient, sampleObject, sampleTrace, "08DEA1B2C3D4E5F6", "brunhilde", "b.hagen", "hagen", "treasury",
	"northwind", "AM0PR01CA0042", "eurprd01", "203.0.113.77", "2001:db8:77::9", "10.20.30.40", "/home/", `C:\Users`, "mailer7", "fileserver",
	"3f1c5d0a9b8e7f6a5b4c3d2e1f0a9b8c7d6e5f40", "eyJ0eXAi",
}

// sampleReport has everything that a report can have, with private data in each text.
func sampleReport() Report {
	began := time.Date(2026, 11, 24, 19, 42, 0, 0, time.UTC)
	at := func(days int) string { return began.Add(time.Duration(days) * 24 * time.Hour).Format(time.RFC3339) }
	alternatives := []Candidate{
		{
			Code: "auth-no-service-principal", Cause: "Exchange does not know the application " + sampleClient + ".",
			Question: "Does Get-ServicePrincipal list it?",
			Fixes: []Fix{{"exchange-admin", explain.Fix{
				Kind: explain.Step, Text: "Make the service principal",
				Command: "New-ServicePrincipal -AppId " + sampleClient + " -ObjectId " + sampleObject,
			}}},
		},
		{
			Code: "auth-no-mailbox-permission", Cause: "The application has no right to treasury@northwind.co.uk.",
			Question: "Does Get-MailboxPermission name it?",
			Fixes: []Fix{
				{"exchange-admin", explain.Fix{Kind: explain.Step, Text: "Grant it", Command: "Add-MailboxPermission -Identity treasury@northwind.co.uk -User " + sampleObject + " -AccessRights FullAccess"}},
				{"exchange-admin", explain.Fix{Kind: explain.Note, Text: "It takes an hour to work"}},
				{"user", explain.Fix{Kind: explain.Alternative, Text: "Use another mailbox", Command: "o365mail login -p treasury --mailbox brunhilde.hagen@northwind.co.uk"}},
			},
		},
	}
	results := []Result{
		{ID: "config.profile", Title: "The profile is complete", Millis: 2, Finding: Finding{Status: Pass, Facts: []Fact{
			{"file", "/home/b.hagen/.config/o365mail/config.toml"},
			{"address", "treasury@northwind.co.uk"},
			{"tenant", sampleTenant},
			{"client_id", sampleClient},
		}}},
		{ID: "store.open", Title: "The token store opens", Millis: 3, Finding: Finding{
			Status: Pass, Detail: `C:\Users\Brunhilde Hagen\AppData and \\fileserver\northwind$ are reachable`,
		}},
		{ID: "net.dns", Title: "The server has an address", Millis: 12, Finding: Finding{Status: Pass, Facts: []Fact{
			{"host", "smtp.office365.com"}, {"addresses", "203.0.113.77, 2001:db8:77::9"}, {"canonical_name", "mailer7.relay.northwind.co.uk"},
		}}},
		{ID: "smtp.starttls", Title: "The server speaks TLS with a trusted certificate", Millis: 40, Finding: Finding{
			Status: Warn, Code: "tls-intercepted", Detail: "issued by Northwind Corporate Root CA", Facts: []Fact{
				{"tls", "TLS 1.3"},
				{"certificate_issuer", "CN=Northwind Corporate Root CA"},
				{"fingerprint", "3f1c5d0a9b8e7f6a5b4c3d2e1f0a9b8c7d6e5f40"},
				{FactCertificateExpires, at(61)},
			},
		}},
		{ID: "entra.credential", Title: "The secret or certificate is valid", Millis: 1, Finding: Finding{Status: Pass, Facts: []Fact{
			{FactCredentialExpires, at(9)},
		}}},
		{ID: "token.lifetime", Title: "The token lives long enough", Millis: 0, Finding: Finding{Status: Pass, Facts: []Fact{
			{FactTokenExpires, began.Add(90 * time.Minute).Format(time.RFC3339)},
		}}},
		{ID: "smtp.auth", Title: "Exchange accepts the token", Millis: 210, Finding: Finding{
			Status: Fail, Code: "auth-unsuccessful",
			Detail: "535 5.7.3 Authentication unsuccessful [AM0PR01CA0042.eurprd01.prod.outlook.com 2026-11-24T19:42:01.123Z 08DEA1B2C3D4E5F6] for 10.20.30.40",
			Facts: []Fact{
				{"user", "treasury@northwind.co.uk"},
				{"name", "Brunhilde Hagen"},
				{"correlation_id", sampleTrace},
				{"quoted", "login_hint=brunhilde.hagen%40northwind.co.uk&token=eyJ0eXAiOiJKV1Qi.eyJ4Ijox.c2ln"},
				{"directory", "/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=1a2b3c-brunhilde"},
			},
		}},
		{ID: "smtp.sender", Title: "The mailbox may send", BlockedBy: "smtp.auth", Finding: Finding{Status: Blocked}},
		{ID: "smtp.send-as", Title: "Exchange lets the mailbox send as the author", Finding: Finding{Status: Skip, Detail: "decided after the message only: --send-test"}},
		{ID: "dns.dkim", Title: "Both DKIM selectors are published", Millis: 30, Finding: Finding{Status: Pass, Facts: []Fact{
			{"selector1", "selector1-northwind-co-uk._domainkey.northwind.onmicrosoft.com"},
			{"selector2", "selector2._domainkey.northwind.co.uk"},
			{"mx", "northwind-co-uk.mail.protection.outlook.com"},
			{"dmarc", "v=DMARC1; p=none; rua=mailto:b.hagen@northwind.co.uk"},
		}}},
	}
	return Report{
		Schema: Schema, Time: began, Profile: "treasury", Status: Fail, Results: results,
		Causes: []Cause{
			{
				Code: "auth-unsuccessful", Check: "smtp.auth", Status: Fail, Who: "exchange-admin",
				Text: "Exchange refuses the token for treasury@northwind.co.uk and does not say why. One of the following is the cause.", Fixes: []Fix{}, Candidates: alternatives,
			},
			{
				Code: "tls-intercepted", Check: "smtp.starttls", Status: Warn, Who: "user", Text: "Somebody between here and Microsoft opens the connection.",
				Fixes: []Fix{
					{"user", explain.Fix{Kind: explain.Step, Text: "Trust that authority", Command: "o365mail doctor --ca-file /home/b.hagen/northwind.pem"}},
					{"user", explain.Fix{Kind: explain.Step, Text: "Look again"}},
					{"entra-admin", explain.Fix{Kind: explain.Alternative, Text: "Let the connection through unopened"}},
				},
			},
		},
	}
}

// healthyReport has nothing wrong.
func healthyReport() Report {
	r := sampleReport()
	r.Results = append(r.Results[:3:3], r.Results[4:6]...)
	r.Status, r.Causes = Pass, []Cause{}
	return r
}

// hostile is put wherever a text can stand.
var hostile = []string{
	"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "a\nb\r\nc", "\x1b[31mred\x1b]0;title\a", "\u202eevil\u2066", "a|b|c\\|d", "`x``y",
	"\u009b31m", "\x00\x7f\xff\xfe", "@everyone #1 https://evil.example/ www.evil.example", "# heading\n- item\n---", "</style></title></code>",
	strings.Repeat("long ", 4000), strings.Repeat("x", 100000), `a"b\c`, "{{.}}", "&lt;", "\u2028\u2029\U000e0001", "'; DROP | x=1;2;3",
}

// hostileReport has one and the same text everywhere.
func hostileReport(text string) Report {
	fixes := []Fix{{text, explain.Fix{Kind: explain.FixKind(text), Text: text, Command: text}}}
	candidates := []Candidate{{text, text, text, fixes}}
	finding := Finding{
		Status: Fail, Detail: text, Code: text, Facts: []Fact{{text, text}, {FactTokenExpires, text}}, Fixes: fixes,
		Cause: text, Who: text, Candidates: candidates,
	}
	return Report{
		Schema: Schema, Profile: text, Status: Fail,
		Results: []Result{
			{ID: text, Title: text, Finding: finding},
			{ID: text, Title: text, BlockedBy: text, Finding: Finding{Status: Blocked, Detail: text}},
			{ID: text, Title: text, Finding: Finding{Status: Skip, Detail: text}},
			{ID: text, Title: text, Finding: Finding{Status: Status(text)}},
		},
		Causes: []Cause{
			{text, text, Fail, text, text, fixes, candidates},
			{text, text, Warn, text, text, fixes, nil},
		},
	}
}
