package migrate

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// Two mailboxes whose names are alike get two profiles, in all that is written for them.
func TestProfilesOfOneAnswer(t *testing.T) {
	account := func(domain string) []byte {
		return []byte("account a\nhost smtp.office365.com\nport 587\nauth on\nuser info@" + domain + "\npassword Example-Pa55word\n")
	}
	found := scanFiles(t, []txtar.File{
		{Name: "a/msmtprc", Data: account("contoso.example")},
		{Name: "b/msmtprc", Data: account("fabrikam.example")},
		{Name: "c/msmtprc", Data: account("Contoso.example")},
		{Name: "d/.env", Data: []byte("MAILER_DSN=smtp://info%40fabrikam.example:Example-Pa55word@smtp.office365.com:587\n")},
		{Name: "e/himalaya/config.toml", Data: []byte("[accounts.a]\nsmtp.host = \"smtp.office365.com\"\nsmtp.port = 587\nsmtp.sasl.plain.username = \"info@fabrikam.example\"\nsmtp.sasl.plain.password.raw = \"Example-Pa55word\"\n")},
		{Name: "f/msmtprc", Data: []byte(strings.ReplaceAll(string(account("x.example")), "info@", "info-more@"))},
	}).Findings
	Settle(found)
	for i := range found {
		f := &found[i]
		text := strings.Join(f.Replacement.Steps, "\n") + "\n" + newLines(f.Replacement.Edit)
		want, not := "-p info", "info-2"
		switch {
		case strings.Contains(f.Mailbox, "fabrikam"):
			want, not = "info-2", "-p info "
		case strings.Contains(f.Mailbox, "more"):
			want, not = "-p info-more", "info-2"
		}
		if !strings.Contains(text, want) || strings.Contains(text, not) || strings.Count(text, want) < 2 {
			t.Errorf("%s: want %q and not %q in\n%s", f.Path, want, not, text)
		}
	}
}

// The relay is one mailbox's: where several are to use it, each step says so.
func TestRelayOfSeveralMailboxes(t *testing.T) {
	for n := 1; n < 3; n++ {
		var files []txtar.File
		for i := range n {
			text := fmt.Sprintf("spring.mail.host=smtp.office365.com\nspring.mail.username=m%d@contoso.example\nspring.mail.password=Example-Pa55word\n", i)
			files = append(files, txtar.File{Name: fmt.Sprintf("%d/application.properties", i), Data: []byte(text)})
		}
		found := scanFiles(t, files).Findings
		Settle(found)
		for _, f := range found {
			if told := strings.Contains(strings.Join(f.Replacement.Steps, "\n"), "the relay signs in as one mailbox, and 2 are to use it"); told != (n == 2) {
				t.Errorf("%d mailboxes: %q", n, f.Replacement.Steps)
			}
		}
	}
}

// A finding stands at its host, and says where its password is.
func TestPlaceOfThePassword(t *testing.T) {
	for text, want := range map[string]string{
		"SMTP_HOST=smtp.office365.com\nSMTP_USER=a@contoso.example\nSMTP_PASSWORD=Example-Pa55word\n": "a password for smtp.office365.com is set on line 3",
		"URL=smtp://a%40contoso.example:Example-Pa55word@smtp.office365.com\n":                        "a password for smtp.office365.com stands here",
		". ./secrets.sh\nSMTP_HOST=smtp.office365.com\n":                                              "a password for smtp.office365.com stands in a file that this one reads",
	} {
		files := []txtar.File{{Name: "mail.sh", Data: []byte(text)}, {Name: "secrets.sh", Data: []byte("SMTP_PASSWORD=Example-Pa55word\n")}}
		if found := scanFiles(t, files).Findings; len(found) != 1 || found[0].Why != want {
			t.Errorf("%s: %+v", text, found)
		}
	}
}

// The comment that allows a place may stand at the password as well as at the host.
func TestAllowedAtThePassword(t *testing.T) {
	const host, password = "SMTP_HOST=smtp.office365.com\nSMTP_PORT=587\nSMTP_USER=a@contoso.example\n", "SMTP_PASSWORD=Example-Pa55word\n"
	for text, want := range map[string]int{
		host + "# o365mail:allow\n" + password: 1, "# o365mail:allow\n" + host + password: 1, host + password + "# o365mail:allow\n": 0,
	} {
		if r := scanFiles(t, []txtar.File{{Name: "a.env", Data: []byte(text)}}); r.Summary.Allowed != want || len(r.Findings) != 1-want {
			t.Errorf("%s: %+v", text, r)
		}
	}
}

// What was read and is not judged does not stand under what was not read.
func TestReadAndNotJudged(t *testing.T) {
	a := Answer{Result: Result{Summary: Summary{Files: 2, Unread: 2}, Unread: []Unread{{"a.md", "documentation that names smtp.office365.com; not judged"}, {"b", "permission denied"}}}}
	for format, want := range map[string][]string{
		"text":  {"Not read\n  b: permission denied\n", "Read, and not judged\n  a.md: documentation", "1 path not read; 1 path read and not judged"},
		"html":  {`<h2 id="unread">Not read</h2>`, `<h2 id="unjudged">Read, and not judged</h2>`},
		"sarif": {"not read: permission denied", "read, and not judged: documentation"},
	} {
		got := render(t, format, &a)
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %q in\n%s", format, w, got)
			}
		}
	}
}

// The index says first what has to be done before the new lines, and for each file what.
func TestIndexBeginsWithTheSteps(t *testing.T) {
	found := scanFiles(t, []txtar.File{{Name: "a/msmtprc", Data: []byte("account a\nhost smtp.office365.com\nport 587\nauth on\nuser a@contoso.example\npassword Example-Pa55word\n")}}).Findings
	files, err := Patches(found)
	folder := filepath.Join(t.TempDir(), "edits")
	if err != nil || WritePatches(folder, files) != nil {
		t.Fatal(err)
	}
	index, err := os.ReadFile(filepath.Join(folder, PatchIndex))
	if err != nil {
		t.Fatal(err)
	}
	at := -1
	for _, want := range []string{"Install o365mail and sign in first", "a/msmtprc", "  step 1: first, an administrator", "  step 2: sign in once", "  ed -s "} {
		next := strings.Index(string(index), want)
		if next <= at {
			t.Errorf("%q is not where it should be in\n%s", want, index)
		}
		at = next
	}
}
