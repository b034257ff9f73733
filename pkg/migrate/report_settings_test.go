package migrate

import (
	"strings"
	"testing"
)

const (
	transportList = "\r\n\r\nSmtpClientAuthenticationDisabled : False\r\n\r\n\r\n"

	mailboxTable = `
PrimarySmtpAddress               DisplayName           SmtpClientAuthenticationDisabled
------------------               -----------           --------------------------------
ada.lovelace@contoso.example     Ada Lovelace                                     False
bob@contoso.example              Bob                                               True
alerts@contoso.example           Alerts of the plant                                   

`
	mailboxList = `
PS C:\> Get-CASMailbox -ResultSize Unlimited | Format-List PrimarySmtpAddress,SmtpClientAuthenticationDisabled

PrimarySmtpAddress               : ada.lovelace@contoso.example
SmtpClientAuthenticationDisabled : False

PrimarySmtpAddress               : bob@contoso.example
SmtpClientAuthenticationDisabled : True

PrimarySmtpAddress               : alerts@contoso.example
SmtpClientAuthenticationDisabled : 
`
	mailboxCSV = `"PrimarySmtpAddress","SmtpClientAuthenticationDisabled"
"ada.lovelace@contoso.example","False"
"bob@contoso.example","True"
"alerts@contoso.example",
`
	mailboxJSON = `[{"PrimarySmtpAddress":"ada.lovelace@contoso.example","SmtpClientAuthenticationDisabled":false},
{"PrimarySmtpAddress":"bob@contoso.example","SmtpClientAuthenticationDisabled":true},
{"PrimarySmtpAddress":"alerts@contoso.example","SmtpClientAuthenticationDisabled":null}]`
)

// The third state is the trap: whoever asks for "-eq $false" sees one mailbox and misses the other.
func TestThreeStatesOfAMailbox(t *testing.T) {
	tenants := map[string]struct {
		text string
		want Exposure
	}{
		"open":    {transportList, OpenByTenant},
		"closed":  {strings.Replace(transportList, "False", "True", 1), ClosedByTenant},
		"unknown": {"", FollowsTenant},
	}
	forms := map[string]string{"table": mailboxTable, "list": mailboxList, "CSV": mailboxCSV, "JSON": mailboxJSON}
	for form, text := range forms {
		for tenant, c := range tenants {
			for encoding, encoded := range encodings(text) {
				if strings.Contains(encoding, "case") || strings.Contains(encoding, "line") || encoding == "semicolons" || encoding == "tabs" {
					continue
				}
				var l Ledger
				if c.text != "" {
					read(t, &l, "Get-TransportConfig.txt", c.text)
				}
				got := read(t, &l, "mailboxes.txt", encoded)
				u := l.Usage(nil)
				if got.Bad != 0 || got.Rows != 3 {
					t.Fatalf("%s, %s: %+v", form, encoding, got)
				}
				if a := senderOf(t, u, "alerts@contoso.example").Exposure; a != c.want {
					t.Errorf("%s, %s, tenant %s: the mailbox without a value is %q, want %q", form, encoding, tenant, a, c.want)
				}
				if ada, bob := senderOf(t, u, "ada.lovelace@contoso.example").Exposure, senderOf(t, u, "bob@contoso.example").Exposure; ada != Open || bob != Closed {
					t.Errorf("%s, %s: ada %q, bob %q", form, encoding, ada, bob)
				}
			}
		}
	}
}

func TestPolicyOutranksTheSwitch(t *testing.T) {
	var l Ledger
	read(t, &l, "cas.csv", mailboxCSV)
	read(t, &l, "transport.txt", transportList)
	read(t, &l, "policies.txt", "Name       AllowBasicAuthSmtp\n----       ------------------\nBlock all               False\nOld                      True\n")
	read(t, &l, "users.csv", "UserPrincipalName,AuthenticationPolicy\nada.lovelace@contoso.example,Old\nalerts@contoso.example,\n")
	read(t, &l, "org.txt", "DefaultAuthenticationPolicy : Block all\nRejectDirectSend            : True\nOAuth2ClientProfileEnabled  : True\n")
	u := l.Usage(nil)
	for mailbox, want := range map[string]Exposure{"ada.lovelace@contoso.example": Open, "bob@contoso.example": Closed, "alerts@contoso.example": BlockedByPolicy} {
		if got := senderOf(t, u, mailbox); got.Exposure != want {
			t.Errorf("%s: %q by policy %q, want %q", mailbox, got.Exposure, got.Policy, want)
		}
	}
	if u.Tenant != (Tenant{SwitchOn, "Block all", SwitchOff, SwitchOn}) {
		t.Errorf("tenant %+v", u.Tenant)
	}
}

func TestALoneSwitchNeedsAName(t *testing.T) {
	var l Ledger
	got := read(t, &l, "out.txt", transportList)
	if got.Bad != 1 || !strings.Contains(got.BadRows[0].Why, "name the file transport-config.txt") {
		t.Errorf("got %+v", got)
	}
	got = l.Read("transport-config.txt", strings.NewReader(transportList))
	if got.Rows != 1 || l.tenant.SMTPAuth != SwitchOn {
		t.Errorf("got %+v, tenant %+v", got, l.tenant)
	}
	// The command, where it was copied too, says it as well.
	var prompt Ledger
	prompt.Read("out.txt", strings.NewReader("PS C:\\> Get-TransportConfig | fl SmtpClientAuthenticationDisabled\n"+transportList))
	if prompt.tenant.SMTPAuth != SwitchOn {
		t.Errorf("tenant %+v", prompt.tenant)
	}
	// The whole output says itself what it is.
	var whole Ledger
	whole.Read("out.txt", strings.NewReader("AdminDisplayName                 : \nMaxSendSize                      : 35 MB\nSmtpClientAuthenticationDisabled : True\nName                             : Transport Settings\n"))
	if whole.tenant.SMTPAuth != SwitchOff {
		t.Errorf("tenant %+v", whole.tenant)
	}
}

func TestSettingsThatAreNone(t *testing.T) {
	var l Ledger
	got := l.Read("mixed.csv", strings.NewReader("PrimarySmtpAddress,SmtpClientAuthenticationDisabled\na@contoso.example,perhaps\n,False\nada.love...,False\n"))
	if got.Bad != 3 || got.Rows != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestJoinWithFindings(t *testing.T) {
	var l Ledger
	read(t, &l, "clients.csv", smtpClients)
	findings := []Finding{
		{Rule: "msmtp", Path: "/etc/msmtprc", Line: 3, Mailbox: "ALERTS@contoso.example", Severity: High},
		{Rule: "ssmtp", Path: "/etc/ssmtp.conf", Line: 2, Mailbox: "forgotten@contoso.example", Severity: High},
		{Rule: "git", Path: ".gitconfig", Line: 1, Mailbox: "", Severity: Medium},
		{Rule: "mutt", Path: ".muttrc", Line: 1, Mailbox: "done@contoso.example", Severity: Info},
	}
	u := l.Usage(findings)
	if got := senderOf(t, u, "alerts@contoso.example").Files; len(got) != 1 || got[0].Path != "/etc/msmtprc" {
		t.Errorf("files of alerts: %+v", got)
	}
	if got := senderOf(t, u, "scanner@contoso.example").Files; got != nil {
		t.Errorf("files of scanner: %+v", got)
	}
	if len(u.Unmatched) != 1 || u.Unmatched[0].Path != "/etc/ssmtp.conf" {
		t.Errorf("files without a sender: %+v", u.Unmatched)
	}
	// A list of mailboxes is no traffic: it cannot say that a sender is absent.
	var settings Ledger
	read(t, &settings, "cas.csv", mailboxCSV)
	if got := settings.Usage(findings).Unmatched; got != nil {
		t.Errorf("unmatched without a report of traffic: %+v", got)
	}
	if new(Ledger).Usage(findings) != nil {
		t.Error("usage without reports")
	}
}

func TestApplicationsAreOAuth(t *testing.T) {
	var l Ledger
	header := "Date (UTC),Request ID,Correlation ID,Service principal ID,Service principal name,Credential key ID,Credential thumbprint,Application,Application ID ,App owner tenant ID,Resource,Resource ID ,Resource tenant ID,Resource owner tenant ID,Home tenant ID,Home tenant name,IP address,Location,Status,Sign-in error code,Failure reason,Conditional Access"
	row := func(resource string) string {
		fields := make([]string, 22)
		fields[0], fields[4], fields[10] = "2026-11-04T08:19:41Z", "alert mailer", resource
		return "\n" + strings.Join(fields, ",")
	}
	got := read(t, &l, "ApplicationSignIns.csv", header+row("Office 365 Exchange Online")+row("Microsoft Graph"))
	u := l.Usage(nil)
	if got.Rows != 1 || got.Foreign != 1 || len(u.Applications) != 1 || u.Applications[0] != (Application{"alert mailer", 1}) {
		t.Errorf("got %+v, %+v", got, u.Applications)
	}
}
