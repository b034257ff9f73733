package cmd

import (
	"errors"
	"reflect"
	"testing"
)

func TestPersonality(t *testing.T) {
	for argv0, want := range map[string]personality{
		"/usr/sbin/sendmail":      asSendmail,
		"sendmail":                asSendmail,
		`C:\tools\sendmail.exe`:   asSendmail,
		"/usr/bin/mailq":          asMailq,
		"newaliases":              asNewaliases,
		"/usr/local/bin/o365mail": asO365mail,
		"sendmail.sh":             asO365mail,
	} {
		if got := personalityOf(argv0); got != want {
			t.Errorf("personalityOf(%q) = %q, want %q", argv0, got, want)
		}
	}
}

func TestParseSendmail(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		want sendmailCall
	}{
		{"php", []string{"-t", "-i"}, sendmailCall{headerRecipients: true, ignoreDots: true}},
		{"joined", []string{"-ti", "-fbob@example.com"}, sendmailCall{headerRecipients: true, ignoreDots: true, envelopeFrom: "bob@example.com"}},
		{"cron", []string{"-FCronDaemon", "-i", "-odi", "-oem", "-oi", "root"}, sendmailCall{fullName: "CronDaemon", ignoreDots: true, recipients: []string{"root"}}},
		{"cron with -t", []string{"-i", "-FCronDaemon", "-B8BITMIME", "-oem", "root"}, sendmailCall{fullName: "CronDaemon", ignoreDots: true, recipients: []string{"root"}}},
		{"apart", []string{"-f", "a@x", "-r", "b@x", "-F", "Full Name", "-B", "8BITMIME", "-O", "Opt=1", "x@y"}, sendmailCall{envelopeFrom: "b@x", fullName: "Full Name", recipients: []string{"x@y"}}},
		{"dsn", []string{"-N", "success,delay", "-R", "hdrs", "-Vid1", "x@y"}, sendmailCall{dsnNotify: "success,delay", dsnReturn: "hdrs", envelopeID: "id1", recipients: []string{"x@y"}}},
		{"end of options", []string{"--", "-t@example.com"}, sendmailCall{recipients: []string{"-t@example.com"}}},
		{"option behind a recipient", []string{"x@y", "-t"}, sendmailCall{headerRecipients: true, recipients: []string{"x@y"}}},
		{"smtp", []string{"-bs"}, sendmailCall{smtp: true}},
		{"queue", []string{"-q30m"}, sendmailCall{queue: true}},
		{"queue listing", []string{"-bp"}, sendmailCall{queue: true}},
		{"ignored", []string{"-bm", "-m", "-n", "-G", "-h", "5", "-Ltag", "-Am", "-o7", "x@y"}, sendmailCall{recipients: []string{"x@y"}}},
		{"empty sender", []string{"-f", "", "x@y"}, sendmailCall{recipients: []string{"x@y"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := parseSendmail(c.args)
			if err != nil || !reflect.DeepEqual(got, c.want) {
				t.Errorf("parseSendmail(%q)\n got %+v, %v\nwant %+v", c.args, got, err, c.want)
			}
		})
	}
}

func TestParseSendmailRefuses(t *testing.T) {
	for _, args := range [][]string{{"-f"}, {"-bd"}, {"-bt"}, {"-bv", "x@y"}, {"-Z"}, {"-tZ"}, {"--help"}, {"-X", "/log"}, {"-b"}} {
		var usage usageError
		if got, err := parseSendmail(args); !errors.As(err, &usage) {
			t.Errorf("parseSendmail(%q) = %+v, %v; want a usage error", args, got, err)
		}
	}
}

func TestRewriteArguments(t *testing.T) {
	for _, c := range []struct{ args, want []string }{
		{[]string{"send", "-bs"}, []string{"send", "--smtp"}},
		{[]string{"send", "-t", "-oi", "-bm"}, []string{"send", "-t", "--ignore-dots"}},
		{[]string{"-p", "alerts", "--json", "send", "-oi"}, []string{"-p", "alerts", "--json", "send", "--ignore-dots"}},
		{[]string{"send", "-b", "s@x"}, []string{"send", "-b", "s@x"}},
		{[]string{"send", "--", "-bs"}, []string{"send", "--", "-bs"}},
		{[]string{"sandbox", "run", "o365mail", "send", "-bs"}, []string{"sandbox", "run", "o365mail", "send", "-bs"}},
		{nil, nil},
	} {
		if got := rewriteArguments(c.args); !reflect.DeepEqual(got, c.want) {
			t.Errorf("rewriteArguments(%q) = %q, want %q", c.args, got, c.want)
		}
	}
}

func FuzzParseSendmail(f *testing.F) {
	f.Add("-t", "-i", "x@y")
	f.Add("-fa", "-bs", "--")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		got, err := parseSendmail([]string{a, b, c})
		if err == nil && len(got.recipients) > 3 {
			t.Fatalf("%q %q %q became %d recipients", a, b, c, len(got.recipients))
		}
	})
}
