package migrate

import (
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// settings are the cases of testdata/settings.txtar: a file before and after.
func settings(t *testing.T) (before, after map[string]txtar.File) {
	t.Helper()
	a, err := txtar.ParseFile("testdata/settings.txtar")
	if err != nil {
		t.Fatal(err)
	}
	before, after = map[string]txtar.File{}, map[string]txtar.File{}
	for _, f := range a.Files {
		side, rest, _ := strings.Cut(f.Name, "/")
		name, path, _ := strings.Cut(rest, "/")
		into := map[string]map[string]txtar.File{"before": before, "after": after}[side]
		into[name] = txtar.File{Name: path, Data: f.Data}
	}
	return before, after
}

// The lines of other settings stay, those of mail change as a whole, and where one is not safe to write
// none is.
func TestSettingsAreReplaced(t *testing.T) {
	before, after := settings(t)
	for name, file := range before {
		found := scanFiles(t, []txtar.File{file}).Findings
		if len(found) != 1 {
			t.Errorf("%s: %d findings", name, len(found))
			continue
		}
		if got := string(edited([]txtar.File{file}, found)[0].Data); got != string(after[name].Data) {
			t.Errorf("-- %s (%s) --\n%s", name, found[0].Rule, got)
		}
		if same := string(file.Data) == string(after[name].Data); same != (len(found[0].Replacement.Edit) == 0) {
			t.Errorf("%s: %+v", name, found[0].Replacement.Edit)
		}
	}
}

// Each line of the table has a rule, a verb and what that takes.
func TestSettingTable(t *testing.T) {
	for line := range strings.Lines(texts().Settings) {
		words := strings.Fields(line)
		if len(words) < 3 || !slices.Contains([]string{"=", "!", ">", "+", "-"}, words[1]) || (words[1] == ">" || words[1] == "+") && len(words) < 4 {
			t.Errorf("%q", line)
			continue
		}
		if !slices.ContainsFunc(rules(), func(r *rule) bool { return r.ID == words[0] }) {
			t.Errorf("no rule %s", words[0])
		}
	}
}

// The sign-in is one at the cloud of the host, for the mailbox and its own profile; what cannot stand in a
// command as it is gives way to a word.
func TestStepsNameMailboxAndCloud(t *testing.T) {
	for host, want := range map[string]string{
		"smtp.office365.com": "o365mail login alerts@contoso.example -p alerts --client-id", "smtp.office365.us": " -p alerts --cloud gcc-high --client-id",
		"outlook-dod.office365.us": " --cloud dod ", "smtp.partner.outlook.cn": " --cloud china-21vianet ", "smtp-mail.outlook.com": " --cloud personal ",
		"smtp.hve.mx.microsoft": " --cloud hve ",
	} {
		text := "account a\nhost " + host + "\nport 587\nauth on\nuser alerts@contoso.example\npassword Example-Pa55word\n"
		found := scanFiles(t, []txtar.File{{Name: "etc/msmtprc", Data: []byte(text)}}).Findings
		if len(found) != 1 || !strings.Contains(strings.Join(found[0].Replacement.Steps, "\n"), want) {
			t.Errorf("%s: %+v", host, found)
		}
	}
	for mailbox, want := range map[string]string{
		"alerts@contoso.example": "alerts@contoso.example -p alerts", "First.Last+x@contoso.example": "First.Last+x@contoso.example -p first.last-x",
		"": "ADDRESS", "alerts": "ADDRESS", "$USER@contoso.example": "ADDRESS", "a;reboot@x.example": "ADDRESS", "-x@contoso.example": "ADDRESS",
		"a@b@c": "ADDRESS", "a b@x.example": "ADDRESS", strings.Repeat("a", 65) + "@x.example": strings.Repeat("a", 65) + "@x.example",
	} {
		if got := plainAddress(mailbox) + useProfile(mailbox); got != want {
			t.Errorf("%q: %q, want %q", mailbox, got, want)
		}
	}
}
