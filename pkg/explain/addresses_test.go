package explain

import (
	"strings"
	"testing"
)

// The server names who signed in and what it sent as: the commands are for these and no examples.
func TestNamedTakesTheAddressesOfTheReply(t *testing.T) {
	b := New()
	for _, c := range []struct{ reply, want string }{
		{"554 5.2.252 SendAsDenied; scanner@fabrikam.com not allowed to send as noreply@fabrikam.com; STOREDRV", "Add-RecipientPermission -Identity noreply@fabrikam.com -Trustee scanner@fabrikam.com -AccessRights SendAs"},
		{"554 5.2.252 SendAsDenied; a;b@fabrikam.com not allowed to send as o'neil@fabrikam.com", "-Identity 'o''neil@fabrikam.com' -Trustee "},
		{"550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient bob@fabrikam.com not found by SMTP address lookup", "Get-EXORecipient -Identity bob@fabrikam.com"},
		{"smtp.office365.com refused the recipient bob@fabrikam.com 550 5.4.1 Recipient address rejected: Access denied", "Set-AcceptedDomain -Identity fabrikam.com -DomainType"},
		{"550 5.4.1 Recipient address rejected: Access denied", "Set-AcceptedDomain -Identity <recipient domain> -DomainType"},
		{"554 5.2.252 SendAsDenied", "Add-RecipientPermission -Identity <From> -Trustee ada@contoso.com -AccessRights SendAs"},
		{"550 5.7.60 SMTP; Client does not have permissions to send as this sender", "-Identity <From> -Trustee ada@contoso.com"},
		{"550 5.7.509 Access denied, sending domain [X] does not pass DMARC verification", "Set-DkimSigningConfig -Identity contoso.com -Enabled"},
	} {
		f := b.Find(c.reply)[0]
		f.Words = c.reply
		e := f.Fill(Values{User: "ada@contoso.com"})
		if got := strings.Join(e.Fixes, "\n"); !strings.Contains(got, c.want) {
			t.Errorf("%s: got %s\nwant it to hold %s", c.reply, got, c.want)
		}
	}
}

// What no reply, profile or option names is a placeholder in angle brackets, which no shell takes.
func TestCommandsHaveNoExampleOfAnotherAddress(t *testing.T) {
	for _, e := range New().All() {
		for _, f := range ParseFixes(e.Fill(Values{User: "ada@fabrikam.com", Tenant: "fabrikam.com"}).Fixes) {
			if strings.Contains(f.Command, "contoso.com") {
				t.Errorf("%s: %s", e.ID, f.Command)
			}
		}
	}
}

// For an alias the command that changes the setting is told, and the recipient's side is no matter of "you".
func TestSendAsOfAnAliasIsRepaired(t *testing.T) {
	for _, id := range []string{"send-as-denied", "no-permission-to-send-as"} {
		e, _ := New().Entry(id)
		if !strings.Contains(strings.Join(e.Fixes, "\n"), ": Set-OrganizationConfig -SendFromAliasEnabled $true") {
			t.Errorf("%s: %q", id, e.Fixes)
		}
	}
	if e, _ := New().Entry("recipient-rejected-access-denied"); e.Who != ByExchangeAdmin {
		t.Errorf("the recipient's administrator: got %s", e.Who)
	}
}
