package explain

import (
	"slices"
	"strings"
	"testing"
)

func TestFillReplacesPlaceholders(t *testing.T) {
	b := New()
	all := Values{User: "ada@fabrikam.com", AppID: "11111111-1111-1111-1111-111111111111", ObjectID: "22222222-2222-2222-2222-222222222222", Tenant: "fabrikam.com"}
	for _, c := range []struct{ id, want string }{
		{"smtp-auth-disabled-mailbox", "Set-CASMailbox -Identity ada@fabrikam.com -SmtpClientAuthenticationDisabled $false"},
		{"hve-app-not-allowed", "Add-HVEAppAccess -Identity ada@fabrikam.com -AppIds 22222222-2222-2222-2222-222222222222"},
		{"mailbox-logon-failure", "-User 22222222-2222-2222-2222-222222222222 -AccessRights FullAccess"},
		{"aadsts-65001", "https://login.microsoftonline.com/fabrikam.com/adminconsent?client_id=11111111-1111-1111-1111-111111111111"},
	} {
		e, ok := b.Entry(c.id)
		if !ok {
			t.Fatalf("no entry %q", c.id)
		}
		fixes := strings.Join(e.Fill(all).Fixes, "\n")
		if !strings.Contains(fixes, c.want) {
			t.Errorf("%s: got %s\nwant it to hold %s", c.id, fixes, c.want)
		}
	}
}

func TestFillKnowsAppFromObject(t *testing.T) {
	e := Entry{Variants: []Variant{{Fixes: []string{"New-ServicePrincipal -AppId " + zeroGUID + " -ObjectId " + zeroGUID}}}}
	for _, c := range []struct {
		give Values
		want string
	}{
		{Values{AppID: "a", ObjectID: "o"}, "New-ServicePrincipal -AppId a -ObjectId o"},
		{Values{AppID: "a"}, "New-ServicePrincipal -AppId a -ObjectId " + zeroGUID},
		{Values{ObjectID: "o"}, "New-ServicePrincipal -AppId " + zeroGUID + " -ObjectId o"},
		{Values{}, "New-ServicePrincipal -AppId " + zeroGUID + " -ObjectId " + zeroGUID},
	} {
		fixes := e.Fill(c.give).Variants[0].Fixes
		if got := fixes[len(fixes)-1]; got != c.want {
			t.Errorf("%+v: got %q, want %q", c.give, got, c.want)
		}
	}
}

func TestFillQuotesForPowerShell(t *testing.T) {
	e := Entry{Fixes: []string{"Get-Mailbox -Identity user@contoso.com"}}
	for give, want := range map[string]string{
		"o'hara@contoso.com":       "Get-Mailbox -Identity 'o''hara@contoso.com'",
		"o’hara@contoso.com":       "Get-Mailbox -Identity 'o’’hara@contoso.com'",
		"a;rm@contoso.com":         "Get-Mailbox -Identity 'a;rm@contoso.com'",
		"$(x)\r\n\x1b@contoso.com": "Get-Mailbox -Identity '$(x)@contoso.com'",
		"first.last+x@contoso.com": "Get-Mailbox -Identity first.last+x@contoso.com",
	} {
		if got := e.Fill(Values{User: give}).Fixes[0]; got != want {
			t.Errorf("%q: got %q, want %q", give, got, want)
		}
	}
}

func TestFillLeavesTheOriginal(t *testing.T) {
	e, _ := New().Entry("smtp-auth-disabled-mailbox")
	before := slices.Clone(e.Fixes)
	e.Fill(Values{User: "ada@fabrikam.com"})
	if !slices.Equal(e.Fixes, before) {
		t.Error("Fill changed the shared entry")
	}
}

func TestFillKeepsTheTenantsMailHost(t *testing.T) {
	e := Entry{Fixes: []string{"<tenant>.mail.protection.outlook.com", "https://login/<tenant>/x"}}
	got := e.Fill(Values{Tenant: "fabrikam.com"}).Fixes
	if want := []string{"<tenant>.mail.protection.outlook.com", "https://login/fabrikam.com/x"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Where the object id is not known, a step before the first command that needs it tells how to find it.
func TestFillTellsHowToFindTheObject(t *testing.T) {
	e, _ := New().Entry("mailbox-logon-failure")
	find := "az ad sp show --id 11111111-1111-1111-1111-111111111111 --query id --output tsv"
	var got []string
	for _, f := range ParseFixes(e.Fill(Values{AppID: "11111111-1111-1111-1111-111111111111"}).Fixes) {
		verb, _, _ := strings.Cut(f.Command, " ")
		got = append(got, verb)
		if verb == "az" && (f.Command != find || f.Kind != Step) {
			t.Errorf("got %+v, want the step %q", f, find)
		}
	}
	if want := []string{"Get-ServicePrincipal", "az", "Add-MailboxPermission", "Add-RecipientPermission", ""}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if all := strings.Join(e.Fill(Values{ObjectID: "o"}).Fixes, "\n"); strings.Contains(all, "az ad sp show") {
		t.Errorf("the object id is known, and still to be found: %s", all)
	}
}

// In another cloud the hosts and scopes are others, and a firewall has to let through what is dialed.
func TestFillKnowsTheCloud(t *testing.T) {
	e := Entry{Cause: "Use smtp.office365.com", Fixes: []string{
		"Ask the administrator of the network to allow TCP to smtp.office365.com, port 587", "Check the name: nslookup smtp.office365.com",
		"Check host and port of the profile: smtp.office365.com, port 587", "Allow https://login.microsoftonline.com",
		"Look it up: https://login.microsoftonline.com/error?code=1", "Ask for https://outlook.office.com/SMTP.Send or https://outlook.office365.com/.default",
	}}
	government := Values{
		Server: "relay.example.com", Port: "2525",
		Cloud: Cloud{Host: "outlook.office365.us", Login: "login.microsoftonline.us", Scope: "https://outlook.office365.us/SMTP.Send", AppScope: "https://outlook.office365.us/.default"},
	}
	for name, c := range map[string]struct {
		give  Values
		cause string
		fixes []string
	}{
		"worldwide": {Values{Server: "smtp.office365.com", Port: "587"}, e.Cause, e.Fixes},
		"nothing":   {Values{}, e.Cause, e.Fixes},
		"government": {government, "Use outlook.office365.us", []string{
			"Ask the administrator of the network to allow TCP to relay.example.com, port 2525", "Check the name: nslookup relay.example.com",
			"Check host and port of the profile: outlook.office365.us, port 587", "Allow https://login.microsoftonline.us",
			"Look it up: https://login.microsoftonline.com/error?code=1", "Ask for https://outlook.office365.us/SMTP.Send or https://outlook.office365.us/.default",
		}},
	} {
		if got := e.Fill(c.give); got.Cause != c.cause || !slices.Equal(got.Fixes, c.fixes) {
			t.Errorf("%s: got %q, %q", name, got.Cause, got.Fixes)
		}
	}
}
