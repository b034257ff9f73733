package message

import (
	"errors"
	"strings"
	"testing"
)

func TestReadRecipients(t *testing.T) {
	tests := []struct {
		name, in string
		sendmail bool
		want     string
	}{
		{"all three", "To: a@x.example, B <b@x.example>\nCc: c@x.example\nBcc: d@x.example\nbcc: e@x.example\n", false, "{|a@x.example}{B|b@x.example}{|c@x.example}{|d@x.example}{|e@x.example}"},
		{"twice", "To: a@x.example, A@x.example\nCc: a@X.EXAMPLE\n", false, "{|a@x.example}{|A@x.example}"},
		{"passed on", "To: a@x.example\nResent-To: b@x.example\nResent-Cc: c@x.example\nResent-Bcc: d@x.example\n", false, "{|b@x.example}{|c@x.example}{|d@x.example}"},
		{"none", "", false, ""},
		{"empty", "To:\nCc: ,\n", false, ""},
		{"undisclosed", "To: undisclosed-recipients:;\nBcc: a@x.example\n", false, "{|a@x.example}"},
		{"groups", "To: A: a@x.example, B <b@x.example>;, c@x.example, \"D:;\": ;\n", false, "{|a@x.example}{B|b@x.example}{|c@x.example}"},
		{"folded", "To: \"A,\n B\" <a@x.example>,\n\tb@x.example\n", false, "{A, B|a@x.example}{|b@x.example}"},
		{"comments", "To: a@x.example (a, (b) \\)), b@x.example(c)\n", false, "{a, (b) )|a@x.example}{c|b@x.example}"},
		{"foreign charset", "To: =?koi8-r?b?8NLJ18XU?= <a@x.example>\n", false, "{\uFFFD|a@x.example}"},
		{"local", "To: root, Ops <ops>, a@x.example\nCc: cron (Cron, Daemon)\n", true, "{|root}{Ops|ops}{|a@x.example}{Cron, Daemon|cron}"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := Read(strings.NewReader("From: z@x.example\n"+tt.in+"\n"), readOptions(tt.sendmail))
			if err != nil {
				t.Fatal(err)
			}
			got, err := m.Recipients()
			if show(got) != tt.want || err != nil {
				t.Errorf("got %s, %v; want %s", show(got), err, tt.want)
			}
		})
	}
}

// TestReadRecipientsUnclear holds that a field nobody asked for does not stop a message, and
// that one which is asked for is never read halfway.
func TestReadRecipientsUnclear(t *testing.T) {
	tests := []struct {
		name, in string
		sendmail bool
		line     int
	}{
		{"local name", "To: root\n", false, 2},
		{"one of many", "To: a@x.example\nCc: b@x.example, c@\n", false, 3},
		{"open group", "To: all: a@x.example\n", false, 2},
		{"group in a group", "To: all: a@x.example, some: b@x.example;\n", false, 2},
		{"semicolon", "To: a@x.example; b@x.example\n", false, 2},
		{"comma trick", "To: \"a@x.example,b@y.example\"@z.example\n", true, 2},
		{"two local names", "To: root ops\n", true, 2},
		{"local name with space", "To: \"ro ot\"\n", true, 2},
		{"local name with dots", "To: \"a..b\"\n", true, 2},
		{"open comment", "To: root (x\n", true, 2},
		{"command", "To: |/bin/sh -c x\n", true, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := Read(strings.NewReader("From: z@x.example\n"+tt.in+"\n"), readOptions(tt.sendmail))
			if err != nil {
				t.Fatal(err)
			}
			list, err := m.Recipients()
			var e *Error
			if !errors.As(err, &e) || e.Line != tt.line || (e.Field != "To" && e.Field != "Cc") || list != nil {
				t.Errorf("got %s, %v", show(list), err)
			}
		})
	}
}
