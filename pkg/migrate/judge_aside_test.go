package migrate

import (
	"slices"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestAsideIsListed: what only talks about mail is not judged, and is not passed over without a word.
func TestAsideIsListed(t *testing.T) {
	const text = "SMTP_HOST=smtp.office365.com\nSMTP_USER=alerts@contoso.example\nSMTP_PASS=Sp4rrow-Hill\n"
	var files []txtar.File
	for _, name := range []string{"app/.env", "docs/setup.py", "README.md", "src/test/mail.rb", "web/locales/de.js", "src/test_mail.py"} {
		files = append(files, txtar.File{Name: name, Data: []byte(text)})
	}
	files = append(files, txtar.File{Name: "docs/other.md", Data: []byte("Nothing about mail.\n")})
	r := scanFiles(t, files)
	if got := told(r.Findings); len(got) != 1 || r.Findings[0].Path != "app/.env" {
		t.Errorf("findings: %v", got)
	}
	var why []string
	for _, u := range r.Unread {
		why = append(why, u.Why)
	}
	slices.Sort(why)
	want := []string{
		"a test that names smtp.office365.com; not judged", "a test that names smtp.office365.com; not judged",
		"a translation that names smtp.office365.com; not judged",
		"documentation that names smtp.office365.com; not judged", "documentation that names smtp.office365.com; not judged",
	}
	if !slices.Equal(why, want) {
		t.Errorf("got %q, want %q", why, want)
	}
	if r.Summary.Files != len(files) || r.Summary.Unread != len(want) {
		t.Errorf("searched %d files, %d not judged", r.Summary.Files, r.Summary.Unread)
	}
}

// TestConfigurationIsJudgedAnywhere: a password in a configuration file is one in whatever folder.
func TestConfigurationIsJudgedAnywhere(t *testing.T) {
	const text = "SMTP_HOST=smtp.office365.com\nSMTP_USER=alerts@contoso.example\nSMTP_PASS="
	for _, folder := range []string{"test/srv/app", "tests", "docs", "home/docs", "fixtures"} {
		for name, want := range map[string]int{text + "Sp4rrow-Hill\n": 1, text + "changeme\n": 0, text + "$OTHER\n": 0} {
			r := scanFiles(t, []txtar.File{{Name: folder + "/.env", Data: []byte(name)}})
			if len(r.Findings) != want || want == 1 && r.Findings[0].Severity != High || len(r.Unread) != 1-want {
				t.Errorf("%s with %q: %v, unread %v", folder, name, told(r.Findings), r.Unread)
			}
		}
	}
}

func TestInventedMailboxes(t *testing.T) {
	for _, mailbox := range []string{
		"", "you@northwind.de", "your-name@northwind.de", "alerts@contoso.example", "info@yourcompany.com", "a@example.org",
		"first.last@mydomain.net", "user@host.invalid",
	} {
		if !isInvented(mailbox) {
			t.Errorf("%q counts as real", mailbox)
		}
	}
	for _, mailbox := range []string{"night.desk@tailspin-toys.net", "user.services@tailspin-toys.net", "m.test7@tailspin-toys.net"} {
		if isInvented(mailbox) {
			t.Errorf("%q counts as invented", mailbox)
		}
	}
}
