package sandbox

import (
	"encoding/base64"
	"regexp"
	"strings"
	"testing"
)

func TestAuth(t *testing.T) {
	s := open(t, Config{})
	good := xoauth2(SharedMailbox, s.testToken(t))
	const refused = "535 5.7.3 Authentication unsuccessful [SANDBOX0001.contoso.example "
	for name, script := range map[string][]string{
		"two steps":       {"AUTH XOAUTH2", "334 \r\n", good, "235 2.7.0 Authentication successful\r\n"},
		"one line":        {"AUTH XOAUTH2 " + good, "235 2.7.0 Authentication successful\r\n"},
		"lower case":      {"auth xoauth2 " + good, "235 "},
		"twice":           {"AUTH XOAUTH2 " + good, "235 ", "AUTH XOAUTH2 " + good, replyBadSequence},
		"canceled":        {"AUTH XOAUTH2", "334 \r\n", "*", refused},
		"not base64":      {"AUTH XOAUTH2", "334 ", "!", "501 5.5.4 Invalid arguments\r\n"},
		"nothing":         {"AUTH XOAUTH2", "334 ", "", refused},
		"no user":         {"AUTH XOAUTH2 " + xoauth2("", "x"), refused},
		"no token":        {"AUTH XOAUTH2 " + xoauth2(Ada, ""), refused},
		"no end":          {"AUTH XOAUTH2 " + base64.StdEncoding.EncodeToString([]byte("user=a\x01auth=Bearer x")), refused},
		"PLAIN":           {"AUTH PLAIN AHgAeA==", "504 5.7.4 Unrecognized authentication type [SANDBOX0001.contoso.example "},
		"OAUTHBEARER":     {"AUTH OAUTHBEARER", "504 5.7.4"},
		"no mechanism":    {"AUTH", "504 5.7.4"},
		"LOGIN":           {"AUTH LOGIN", "334 VXNlcm5hbWU6\r\n", "eA==", "334 UGFzc3dvcmQ6\r\n", "eA==", "535 5.7.139 Authentication unsuccessful, basic authentication is disabled. ["},
		"LOGIN, user":     {"AUTH LOGIN eA==", "334 UGFzc3dvcmQ6\r\n", "eA==", "535 5.7.139"},
		"LOGIN, canceled": {"AUTH LOGIN", "334 ", "*", "535 5.7.3"},
		"then MAIL":       {"AUTH XOAUTH2", "334 ", "*", refused, "MAIL FROM:<>", "530 5.7.57 Client not authenticated to send mail. Error: " + refused},
		"MAIL alone":      {"MAIL FROM:<>", "530 5.7.57 Client not authenticated to send mail. ["},
		"again":           {"AUTH XOAUTH2 eA==", refused, "AUTH XOAUTH2 " + good, "235 ", "MAIL FROM:<>", "250 "},
	} {
		t.Run(name, func(t *testing.T) {
			w := connect(t, s).secured()
			w.t = t
			for i := 0; i < len(script); i += 2 {
				w.ask(script[i], script[i+1])
			}
		})
	}
}

var trailerForm = regexp.MustCompile(` \[SANDBOX0001\.contoso\.example \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [0-9A-F]{16}\]\r\n$`)

func TestTrailer(t *testing.T) {
	w := connect(t, open(t, Config{})).secured()
	if got := w.ask("AUTH XOAUTH2 eA==", "535 "); !trailerForm.MatchString(got) {
		t.Errorf("got %q", got)
	}
}

func TestLongAuthLine(t *testing.T) {
	line := "AUTH XOAUTH2 " + xoauth2(SharedMailbox, strings.Repeat("x", 500))
	w := connect(t, withFaults(t, "smtp.long-auth-refused")).secured()
	w.ask(line, replyLongAuth)
	w.ask("AUTH XOAUTH2", "334 ")
	w.ask(xoauth2(SharedMailbox, w.s.testToken(t)), "235 ")
	w = connect(t, withFaults(t, "smtp.long-auth-dropped")).secured()
	w.ask("AUTH XOAUTH2 eA==", "535 ") // a short one is heard
	w.send(line + "\r\n")
	w.wantEnd()
}

func TestPersonOnly(t *testing.T) {
	s := withFaults(t, "smtp.person-only")
	for user, want := range map[string]string{SharedMailbox: "535 5.7.3", Ada: "235 "} {
		w := connect(t, s).secured()
		w.ask("AUTH XOAUTH2", "334 ")
		w.ask(xoauth2(user, must(t)(s.UserToken(Ada, scopeSend))), want)
	}
}

func TestTokenOf12KBIsRead(t *testing.T) {
	w := connect(t, open(t, Config{})).secured()
	w.ask("AUTH XOAUTH2 "+xoauth2(SharedMailbox, strings.Repeat("x", 9000)), "535 5.7.3")
}
