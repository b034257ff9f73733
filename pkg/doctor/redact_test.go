package doctor

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// sampleKnown is what only the caller knows to be private.
var sampleKnown = []Private{{PrivateHost, "mailer7"}, {PrivateHome, "/srv/people/bh"}, {PrivateName, "bh"}}

func redactedJSON(t *testing.T, r Report, known ...Private) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteJSON(&b, NewRedactor(known, r).Report(r)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// holdsSecret names the first secret in a text.
func holdsSecret(text string, secrets []string) string {
	text = strings.ToLower(text)
	for _, secret := range secrets {
		quoted, _ := json.Marshal(secret)
		if strings.Contains(text, strings.ToLower(secret)) || strings.Contains(text, strings.ToLower(strings.Trim(string(quoted), `"`))) {
			return secret
		}
	}
	return ""
}

// TestRedactedDocuments proves for the whole sample that what is fit to post tells nothing, and that
// the sample does hold all of it.
func TestRedactedDocuments(t *testing.T) {
	open := inForm(t, "verbose", sampleReport()) + inForm(t, "json", sampleReport())
	for _, secret := range sampleSecrets {
		if holdsSecret(open, []string{secret}) == "" {
			t.Errorf("the sample does not hold %q", secret)
		}
	}
	documents := map[string]string{
		"markdown": inForm(t, "markdown", sampleReport()), "html": inForm(t, "html", sampleReport()),
		"report": redactedJSON(t, sampleReport(), sampleKnown...),
	}
	for form, text := range documents {
		if secret := holdsSecret(text, sampleSecrets); secret != "" {
			t.Errorf("%s tells %q", form, secret)
		}
	}
}

func TestNoRedact(t *testing.T) {
	var markdown, page bytes.Buffer
	if err := WriteMarkdown(&markdown, sampleReport(), DocumentOptions{NoRedact: true}); err != nil {
		t.Fatal(err)
	}
	if err := WriteHTML(&page, sampleReport(), DocumentOptions{NoRedact: true}); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{markdown.String(), page.String()} {
		if !strings.Contains(text, sampleClient) || !strings.Contains(text, "this report is private") {
			t.Errorf("the private form lacks the id or the note:\n%s", text)
		}
	}
}

// TestRedactTexts has one text a row, in a report about alice@contoso.com whose profile is alerts.
func TestRedactTexts(t *testing.T) {
	r := Report{Profile: "alerts", Results: []Result{
		{ID: "dns.mx", Finding: Finding{Code: "dns.none", Facts: []Fact{
			{"address", "alice@contoso.com"}, {"tenant", sampleTenant}, {"issuer", "CN=Blue Proxy CA,O=Blue Networks,C=DE"}, {"oid", sampleObject},
		}}},
	}}
	x := NewRedactor([]Private{{PrivateHome, "/srv/people/bh"}, {PrivateHost, "mailer7"}, {PrivateDomain, "fabrikam.io"}}, r)
	for _, tt := range []struct{ in, want string }{
		{"alice@contoso.com", "mailbox-1@domain-1.example"},
		{"ALICE@Contoso.COM", "mailbox-1@domain-1.example"},
		{"'alice@contoso.com'", "'mailbox-1@domain-1.example'"},
		{"<alice@contoso.com>, 'x'", "<mailbox-1@domain-1.example>, 'x'"},
		{"user=alice@contoso.com", "user=mailbox-1@domain-1.example"},
		{"rua=mailto:alice@contoso.com", "rua=mailto:mailbox-1@domain-1.example"},
		{"login_hint=alice%40contoso.com&x", "login_hint=mailbox-1@domain-1.example&x"},
		{"for Alice only", "for mailbox-2 only"}, // the local part alone
		{"o'brien@contoso.com", "mailbox-3@domain-1.example"},
		{`"al ice"@contoso.com`, "mailbox-4@domain-1.example"},
		{"alice_contoso.com#EXT#@guests.onmicrosoft.com", "mailbox-5@domain-2.onmicrosoft.com"},
		{"bob@outlook.com", "mailbox-6@outlook.com"},
		{"alice@[10.1.2.3]", "mailbox-7@host-1"},
		{"autodiscover.contoso.com", "autodiscover.domain-1.example"},
		{"_dmarc.contoso.com.", "_dmarc.domain-1.example."},
		{"vpn7.contoso.com:587", "host-2.domain-1.example:587"},
		{"selector1-contoso-com._domainkey.contoso.onmicrosoft.com", "host-3._domainkey.domain-3.onmicrosoft.com"},
		{"contoso-com.mail.protection.outlook.com", "host-4.mail.protection.outlook.com"},
		{"Contoso Root", "org-3 Root"},
		{"mail.fabrikam.io and fabrikam.io", "mail.domain-4.example and domain-4.example"},
		{"https://user:pw@proxy.other.net:3128/", "https://REDACTED@domain-5.example:3128/"},
		{"issued by Blue Proxy CA", "issued by org-1"},
		{"DigiCert Global Root G2", "DigiCert Global Root G2"},
		{"smtp.office365.com, login.microsoftonline.com, outlook.office365.us", "smtp.office365.com, login.microsoftonline.com, outlook.office365.us"},
		{"tenant " + strings.ToUpper(sampleTenant), "tenant tenant-1"},
		{"Trace ID: " + sampleTrace + " Correlation ID: " + sampleClient, "Trace ID: trace-1 Correlation ID: trace-2"},
		{"-ObjectId " + sampleObject, "-ObjectId object-1"},
		{"an id 11111111-2222-3333-4444-555555555555", "an id id-1"},
		{"00000002-0000-0ff1-ce00-000000000000", "00000002-0000-0ff1-ce00-000000000000"},
		{"00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000000"},
		{"10.1.2.3, 127.0.0.1 and 2001:db8::7.", "ip-1, 127.0.0.1 and ip-2."},
		{"[::1]:25 at 12:34:56", "[::1]:25 at 12:34:56"},
		{"ip4:198.51.100.0/24", "ip4:ip-3/24"},
		{"/home/alice/.cache, /Users/alice/x, /var/home/bob: no", "~/.cache, ~/path-1, ~: no"},
		{`C:\Users\Alice Smith\x`, `~\x`},
		{"/srv/people/bh/key", "~/path-2"},
		{"/srv/jsmith/Contoso/ca.pem", "path-3"},
		{"--ca-file=/srv/jsmith/Contoso/ca.pem: no", "--ca-file=path-3: no"},
		{"chmod 600 '/srv/jsmith/Contoso Ltd/key'", "chmod 600 'path-4'"},
		{"/data/x /data/y, \"/data/x\".", "path-5 path-6, \"path-5\"."},
		{`file D:\Contoso\ca.pem`, "file path-7"},
		{"/etc/o365mail/config.toml /dev/null", "/etc/o365mail/config.toml /dev/null"},
		{"https://login.microsoftonline.com/common/v2.0 and/or 1/2", "https://login.microsoftonline.com/common/v2.0 and/or 1/2"},
		{`\\files\alice`, "share-1"},
		{"EHLO mailer7, not mailer77", "EHLO host-5, not mailer77"},
		{"o365mail -p alerts doctor; alerts come", "o365mail -p profile-1 doctor; alerts come"},
		{"/var/lib/o365mail/alerts.sealed", "/var/lib/o365mail/profile-1.sealed"},
		{"dns.mx dns.none smtp.host config.toml SMTP.SendAsApp Mail.ReadWrite", "dns.mx dns.none smtp.host config.toml SMTP.SendAsApp Mail.ReadWrite"},
		{"STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied", "STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied"},
		{"535 5.7.139 TLS 1.3", "535 5.7.139 TLS 1.3"},
		{"token eyJhbGciOi.eyJzdWIi.sig-na_ture", "token REDACTED"},
		{"SHA-256 " + strings.Repeat("ab", 32), "SHA-256 key-1"},
		{"ali\u200bce@contoso.com", "mailbox-8@domain-1.example"},
		{"bücher@müller.de", "mailbox-9@domain-6.example"},
	} {
		if got := x.text(tt.in); got != tt.want {
			t.Errorf("%q\nbecomes %q\nwant    %q", tt.in, got, tt.want)
		}
	}
}

// TestRedactByFactName hides what no form gives away.
func TestRedactByFactName(t *testing.T) {
	r := Report{Results: []Result{{ID: "token.mailbox", Finding: Finding{Facts: []Fact{
		{"tenant", "organizations"}, {"client_id", "x1"}, {"display_name", "Jo"}, {"kid", "q-Zz9"}, {"host", "localhost"}, {"ehlo_name", "[127.0.0.1]"},
	}}}}}
	var got []string
	for _, f := range NewRedactor(nil, r).Report(r).Results[0].Facts {
		got = append(got, f.Value)
	}
	want := []string{"organizations", "client-1", "name-1", "key-1", "localhost", "[127.0.0.1]"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestRedactIsStable gives the same names in whatever is asked, and leaves the original alone.
func TestRedactIsStable(t *testing.T) {
	r, again := sampleReport(), sampleReport()
	x := NewRedactor(sampleKnown, r)
	first, second := x.Report(r), x.Report(r)
	if !reflect.DeepEqual(first, second) {
		t.Error("two answers differ")
	}
	if !reflect.DeepEqual(r, again) {
		t.Error("the report itself was changed")
	}
	if once, twice := redactedJSON(t, first), redactedJSON(t, second); once != twice {
		t.Error("redacted again, the two differ")
	}
}

// FuzzRedact puts addresses of any spelling into sentences of any kind. Every part of the address has
// the mark in it, which must be gone.
func FuzzRedact(f *testing.F) {
	const mark = "zzqx"
	for _, s := range []struct{ local, domain, before, after string }{
		{"local", "domain.test", "SendAsDenied; ", " not allowed"},
		{".local+tag", "domain.co.uk", "<", ">;"},
		{"_local", "mail.domain.example", "[", "]"},
		{"'local", "domain.onmicrosoft.com", "\x1b[1m'", "'\n"},
		{"=local", "domain.d", "user=", "\x01auth="},
		{"/local", "domain.com", "https://", "/"},
		{"", "", "a", "b"},
		{"{", "-", "@", "@"},
	} {
		f.Add(s.local, s.domain, s.before, s.after)
	}
	f.Fuzz(func(t *testing.T, local, domain, before, after string) {
		if len(before)+len(after) > 500 || strings.Contains(strings.ToLower(before+after), mark) {
			t.Skip("the sentence is too long, or holds the mark itself")
		}
		address := mark + spelled(local, "abcXYZ019!#$%&'*+-/=?^_`{|}~.") + "@" + mark + spelled(domain, "abcXYZ019-") + "." + mark
		text := before + address + after
		r := Report{Status: Fail, Results: []Result{{ID: "smtp.auth", Finding: Finding{Status: Fail, Detail: text, Facts: []Fact{{"reply", text}}}}}}
		for form, out := range map[string]string{"report": redactedJSON(t, r), "markdown": inForm(t, "markdown", r), "html": inForm(t, "html", r)} {
			if strings.Contains(strings.ToLower(out), mark) {
				t.Errorf("%s of %q tells it: %.2000s", form, text, out)
			}
		}
	})
}

// spelled makes a word of the letters of an alphabet out of any text.
func spelled(text, alphabet string) string {
	word := make([]byte, min(len(text), 40))
	for i := range word {
		word[i] = alphabet[int(text[i])%len(alphabet)]
	}
	return string(word)
}
