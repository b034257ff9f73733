package migrate

import (
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// The call that takes the place of another keeps sender, recipients, subject and text, whatever their
// quotes; where one of its words is not understood there is none.
func TestForeignCalls(t *testing.T) {
	const host, user = "smtp.office365.com:587", "alerts@contoso.example"
	mailx := " -S smtp=smtp://" + host + " -S smtp-auth=login -S smtp-auth-user=" + user + " -S smtp-auth-password=Example-Pa55word "
	swaks := "swaks --server " + host + " --tls --auth LOGIN --auth-user " + user + " --auth-password Example-Pa55word "
	sendemail := "sendemail -f " + user + " -s " + host + " -xu " + user + " -xp Example-Pa55word -o tls=yes "
	send := "/usr/bin/o365mail send -p alerts"
	for before, want := range map[string]string{
		`mailx -s "a b"` + mailx + `ops@contoso.example`:                           send + ` --subject "a b" -- ops@contoso.example`,
		`df | mailx` + mailx + `-s 'it "is"' -c cc@x.example a@x.example "$B"`:     `df | ` + send + ` --subject 'it "is"' --cc cc@x.example -- a@x.example "$B"`,
		`/usr/bin/s-nail -r "Ops <` + user + `>"` + mailx + `-s x $TO < /tmp/body`: send + ` --from "Ops <` + user + `>" --subject x -- $TO < /tmp/body`,
		`mailx` + mailx + `-s x -a /tmp/log ops@contoso.example`:                   "", // an attachment
		`mailx` + mailx + `-s x`:  "", // nobody
		`mailx` + mailx + `-s "x`: "", // a quote that is not closed
		`mailx` + mailx + `-s x ops@contoso.example && touch /tmp/sent`:                  "",
		swaks + `--to "$TO" --from ` + user + ` --header 'Subject: x y' --body "b c"`:    `printf '%s\n' "b c" | ` + send + ` --to "$TO" --from ` + user + ` --subject 'x y'`,
		swaks + `--to=ops@contoso.example`:                                               `printf '%s\n' "test" | ` + send + ` --to ops@contoso.example`,
		swaks + `--to ops@contoso.example --header "X-Host: web" --header "Subject: x"`:  "",
		swaks + `--to ops@contoso.example --attach @/tmp/x`:                              "",
		swaks + `--to ops@contoso.example --body @/tmp/x`:                                "",
		sendemail + `-t a@x.example b@x.example -u "x y" -m "$TEXT"`:                     `printf '%s\n' "$TEXT" | ` + send + ` --from ` + user + ` --to a@x.example --to b@x.example --subject "x y"`,
		`uptime | ` + sendemail + `-t a@x.example -u x -cc c@x.example -bcc d@x.example`: `uptime | ` + send + ` --from ` + user + ` --to a@x.example --subject x --cc c@x.example --bcc d@x.example`,
		sendemail + `-t a@x.example -u x -a /tmp/log`:                                    "",
		sendemail + `-t a@x.example -u x -o message-file=/tmp/x`:                         "",
	} {
		found := scanFiles(t, []txtar.File{{Name: "bin/job.sh", Data: []byte("#!/bin/sh\n" + before + "\n")}}).Findings
		if len(found) != 1 {
			t.Errorf("%s: %d findings", before, len(found))
			continue
		}
		var got []string
		for _, e := range found[0].Replacement.Edit {
			got = append(got, e.New...)
		}
		if line := strings.Join(got, "\n"); line != want {
			t.Errorf("%s\n got %s\nwant %s", before, line, want)
		}
	}
}

func TestShellWords(t *testing.T) {
	for s, want := range map[string][]string{
		`a  b	c`: {"a", "b", "c"}, `"a b" 'c d'`: {`"a b"`, `'c d'`}, `a\ b "c\" d"`: {`a\ b`, `"c\" d"`}, `'a"b' c`: {`'a"b'`, "c"}, "": nil, "  ": nil, `x"y z"`: {`x"y z"`},
	} {
		if got, ok := shellWords(s); !ok || !slices.Equal(got, want) {
			t.Errorf("%q: %q, %v", s, got, ok)
		}
	}
	for _, s := range []string{`"a`, `'a`, `a"b' c`} {
		if got, ok := shellWords(s); ok {
			t.Errorf("%q is split into %q", s, got)
		}
	}
}

// A call of Send-MailMessage that does more than ours could is left to a person.
func TestSendMailMessageCalls(t *testing.T) {
	const call = "Send-MailMessage -SmtpServer smtp.office365.com -Port 587 -UseSsl -Credential $cred "
	for before, want := range map[string]string{
		`-From alerts@contoso.example -To $to -Subject "Backup of $env:COMPUTERNAME" -Body $text`: `$text | o365mail send -p alerts --from alerts@contoso.example --subject "Backup of $env:COMPUTERNAME" -- $to`,
		"-From 'alerts@contoso.example' `\n  -To ops@contoso.example -Subject 'a | b'":            `'' | o365mail send -p alerts --from 'alerts@contoso.example' --subject 'a | b' -- ops@contoso.example`,
		`-From alerts@contoso.example -To a@x.example, b@x.example -Subject x`:                    "",
		`-From alerts@contoso.example -To a@x.example -Cc b@x.example -Subject x`:                 "",
		`-From alerts@contoso.example -To a@x.example -Subject x -Body $html -BodyAsHtml`:         "",
		`-From alerts@contoso.example -To a@x.example -Subject x -Attachments C:\log.txt`:         "",
		`-From alerts@contoso.example -To a@x.example -Subject ("x" + $y)`:                        "",
		`-From alerts@contoso.example -To a@x.example -Subject x @more`:                           "",
	} {
		file := txtar.File{Name: "job.ps1", Data: []byte("$cred = Import-Clixml mail.xml\n" + call + before + "\n")}
		found := scanFiles(t, []txtar.File{file}).Findings
		if len(found) != 1 {
			t.Errorf("%s: %d findings", before, len(found))
			continue
		}
		var got []string
		for _, e := range found[0].Replacement.Edit {
			got = append(got, e.New...)
		}
		if line := strings.Join(got, "\n"); line != want {
			t.Errorf("%s\n got %s\nwant %s", before, line, want)
		}
	}
}

// No call, however odd, is split into words that were not there, or taken for one without recipients.
func FuzzForeignCall(f *testing.F) {
	for _, s := range []string{`-s "a b" -S x=y ops@x.example`, `--to=a --body "b c"`, `-t a b -u 'x' -m "y" < /tmp/x`, `a\`, `"`, `-- -s`, `-s`, "2>", "\xff '"} {
		f.Add("swaks", s)
		f.Add("sendemail-perl", s)
		f.Add("mailx-cmdline", s)
	}
	f.Fuzz(func(t *testing.T, rule, s string) {
		words, ok := shellWords(s)
		if got := strings.Join(words, ""); strings.NewReplacer(" ", "", "\t", "").Replace(got) != strings.NewReplacer(" ", "", "\t", "").Replace(s) {
			t.Errorf("%q is split into %q", s, words)
		}
		c := newForeignCall(rule)
		if !ok || !c.read(words) {
			return
		}
		if line := c.line("send"); len(c.to) == 0 && !strings.Contains(line, "--to ") {
			t.Errorf("%q becomes %q", s, line)
		}
	})
}

// A new value stands in the quotes of the old one, and the line goes on behind it as before.
func FuzzRequoted(f *testing.F) {
	for _, s := range []string{`"smtp.office365.com",`, `'x';`, "587  # port", `os.environ["X"]`, "|", "", `"`, `a"b`, "x,", `f(`} {
		f.Add(s, "127.0.0.1")
		f.Add(s, "")
	}
	e := &edits{d: newDocument("x.py", "x.py", []byte("x\n"))}
	f.Fuzz(func(t *testing.T, old, value string) {
		got, ok := e.requoted(old, value)
		if !ok {
			return
		}
		if !strings.Contains(got, value) || strings.ContainsAny(strings.Replace(got, value, "", 1), "\r\n") {
			t.Errorf("%q, %q: %q", old, value, got)
		}
		if rest := strings.Trim(strings.Replace(got, value, "", 1), `"',;`); rest != "" {
			t.Errorf("%q, %q: %q of the old value stays", old, value, rest)
		}
	})
}
