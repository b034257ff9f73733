package message

import (
	"errors"
	"strings"
	"testing"
)

func TestReadAuthor(t *testing.T) {
	own := Address{Address: "alerts@contoso.example"}
	mine := func(a Address) bool { return a.SameMailbox(own) }
	tests := []struct {
		name, in string
		from     Address
		mayUse   func(Address) bool
		want     string
	}{
		{"may", "From: Me <Alerts@x>\nSender: s@x\n\n", own, nil, "From: Me <Alerts@x>\r\nSender: s@x\r\n"},
		{"is own", "From: Me <alerts@CONTOSO.example>\n\n", own, mine, "From: Me <alerts@CONTOSO.example>\r\n"},
		{
			"may not", "To: t@x\nFrom:  =?utf-8?q?Zo=C3=AB?=\n <z@x.example>\nSubject: s\n\n", own, mine,
			"To: t@x\r\nFrom: =?utf-8?q?Zo=C3=AB?= <alerts@contoso.example>\r\nSubject: s\r\nReply-To:  =?utf-8?q?Zo=C3=AB?=\r\n <z@x.example>\r\n",
		},
		{"may not, but answers go elsewhere", "From: a@x.example\nReply-To: b@x.example\n\n", own, mine, "From: alerts@contoso.example\r\nReply-To: b@x.example\r\n"},
		{"may not, and another sent it", "From: a@x.example\nSender: s@x.example\n\n", own, mine, "From: alerts@contoso.example\r\nReply-To: a@x.example\r\n"},
		{"full name wins", "From: Root <root@x.example>\n\n", Address{"Ops, Team", own.Address}, mine, "From: \"Ops, Team\" <alerts@contoso.example>\r\nReply-To: Root <root@x.example>\r\n"},
		{"local name", "From: root (Cron Daemon)\n\n", own, nil, "From: Cron Daemon <alerts@contoso.example>\r\n"},
		{"local name in brackets", "From: Cron <root>\n\n", own, nil, "From: Cron <alerts@contoso.example>\r\n"},
		{"unreadable", "From: root@my_host\n\n", own, mine, "From: alerts@contoso.example\r\n"},
		{"empty", "From: \n\n", own, mine, "From: alerts@contoso.example\r\n"},
		{
			"longest", "From: " + strings.Repeat("n", 988) + "\n <a@x.example>\n\n",
			Address{"Ops", own.Address},
			mine,
			"From: Ops <alerts@contoso.example>\r\nReply-To: " + strings.Repeat("n", 988) + "\r\n <a@x.example>\r\n",
		},
		{"none", "Subject: s\n\n", Address{"Ops", own.Address}, mine, "Subject: s\r\nFrom: Ops <alerts@contoso.example>\r\n"},
		{"space before colon", "From : a@x.example\n\n", own, mine, "From: alerts@contoso.example\r\nReply-To: a@x.example\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := readOptions(true)
			o.From, o.MayUse = tt.from, tt.mayUse
			m, err := Read(strings.NewReader(dated+tt.in), o)
			if err != nil {
				t.Fatal(err)
			}
			if got := written(t, m); got != dated+tt.want+"\r\n" {
				t.Errorf("\ngot  %q\nwant %q", got, dated+tt.want+"\r\n")
			}
		})
	}
}

func TestReadAuthorRefused(t *testing.T) {
	never := func(Address) bool { return false }
	tests := []struct {
		name, in string
		from     Address
	}{
		{"no replacement", "From: a@x.example\n\n", Address{}},
		{"broken replacement", "From: a@x.example\n\n", Address{Address: "x"}},
		{"hostile name", "From: a@x.example\n\n", Address{Name: "x\r\nBcc: y@x.example", Address: "b@x.example"}},
		{"unreadable", "From: root@my_host\n\n", ada},
		{"long for an answer", "From: " + strings.Repeat("n", 989) + "\n <a@x.example>\n\n", ada},
	}
	for _, tt := range tests {
		o := readOptions(false)
		o.From, o.MayUse = tt.from, never
		m, err := Read(strings.NewReader(tt.in), o)
		if _, ok := errors.AsType[*Error](err); !ok {
			t.Errorf("%s: got %v, %v", tt.name, m, err)
		}
	}
}
