package sandbox

import (
	"crypto/tls"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestGreeting(t *testing.T) {
	now := time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC)
	s := open(t, Config{Clock: func() time.Time { return now }})
	for _, id := range []string{"08DE000000000001", "08DE000000000002"} {
		want := "220 SANDBOX0001.contoso.example Microsoft ESMTP MAIL Service ready at Tue, 24 Nov 2026 17:00:00 +0000 [" + id + "]\r\n"
		if got := connect(t, s).want("220 "); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestEHLO compares with the lists that were recorded of smtp.office365.com.
func TestEHLO(t *testing.T) {
	before := `250-SANDBOX0001.contoso.example Hello [127.0.0.1]
250-SIZE 157286400
250-PIPELINING
250-DSN
250-ENHANCEDSTATUSCODES
250-STARTTLS
250-8BITMIME
250-BINARYMIME
250-CHUNKING
250 SMTPUTF8
`
	w := connect(t, open(t, Config{}))
	w.want("220 ")
	if got := w.ask("EHLO client.contoso.example", "250-"); got != strings.ReplaceAll(before, "\n", "\r\n") {
		t.Errorf("before TLS: %s", got)
	}
	w = connect(t, w.s).secured()
	after := strings.Replace(before, "250-STARTTLS", "250-AUTH LOGIN XOAUTH2", 1)
	if got := w.ask("ehlo [127.0.0.1]", "250-"); got != strings.ReplaceAll(after, "\n", "\r\n") {
		t.Errorf("after TLS: %s", got)
	}
}

func TestExtensionsNotOffered(t *testing.T) {
	for id, gone := range map[string][]string{
		"smtp.no-pipelining": {"PIPELINING"},
		"smtp.no-chunking":   {"CHUNKING", "BINARYMIME"},
		"smtp.no-8bitmime":   {"8BITMIME", "BINARYMIME"},
		"smtp.no-smtputf8":   {"SMTPUTF8"},
		"smtp.no-dsn":        {"DSN"},
		"smtp.no-xoauth2":    {"XOAUTH2"},
		"smtp.small-size":    {"157286400"},
		"smtp.caps-change":   {"PIPELINING", "CHUNKING", "SMTPUTF8", "157286400"},
	} {
		w := connect(t, withFaults(t, id)).secured()
		got := w.ask("EHLO client.contoso.example", "250-")
		for _, keyword := range gone {
			if strings.Contains(got, keyword) {
				t.Errorf("%s: offered %s", id, keyword)
			}
		}
	}
}

func TestWhatIsNotOfferedIsNotTaken(t *testing.T) {
	for id, script := range map[string][2]string{
		"smtp.no-chunking": {"BDAT 0 LAST", replyUnrecognized},
		"smtp.no-8bitmime": {"MAIL FROM:<> BODY=8BITMIME", replyArguments},
		"smtp.no-smtputf8": {"MAIL FROM:<> SMTPUTF8", replyArguments},
		"smtp.no-dsn":      {"MAIL FROM:<> RET=HDRS", replyArguments},
		"smtp.small-size":  {"MAIL FROM:<> SIZE=65537", replyTooLarge},
	} {
		t.Run(id, func(t *testing.T) {
			connect(t, withFaults(t, id)).signedIn().ask(script[0], script[1]+"\r\n")
			without := connect(t, open(t, Config{})).signedIn()
			if got := without.ask(script[0], ""); strings.HasPrefix(got, script[1]) {
				t.Errorf("without the fault: %q", got)
			}
		})
	}
	w := connect(t, withFaults(t, "smtp.no-xoauth2")).secured()
	w.ask("AUTH XOAUTH2", "504 5.7.4 Unrecognized authentication type [")
	w = connect(t, withFaults(t, "smtp.no-pipelining")).secured()
	w.send("NOOP\r\nRSET\r\n")
	w.want(replyPipelining)
	w.wantEnd()
}

// play sends and compares lines: "> " sends, anything else is the beginning of the reply.
func (w *wire) play(script string) {
	w.t.Helper()
	for line := range strings.Lines(script) {
		line = strings.TrimSpace(line)
		if command, ok := strings.CutPrefix(line, ">"); ok {
			w.send(strings.TrimSpace(command) + "\r\n")
		} else if line != "" {
			w.want(line)
		}
	}
}

func TestCommands(t *testing.T) {
	w := connect(t, open(t, Config{}))
	w.play(`220
		> STARTTLS
		503 5.5.2 Send hello first
		> MAIL FROM:<>
		503 5.5.2 Send hello first
		> AUTH XOAUTH2
		503 5.5.2 Send hello first
		> EHLO
		501 5.5.4 Invalid domain name [SANDBOX0001.contoso.example
		> EHLO client.
		501 5.5.4 Invalid domain name [
		> EHLO my_pc
		501 5.5.4 Invalid domain name [
		> EHLO [::1]
		501 5.5.4 Invalid domain name [
		> EHLO [IPv6:::1]
		250-
		> HELO client
		250 SANDBOX0001.contoso.example Hello [127.0.0.1]
		> helo client
		250 SANDBOX
		> EHLO client
		250-
		> AUTH XOAUTH2
		504 5.7.4 Unrecognized authentication type [
		> MAIL FROM:<>
		530 5.7.57 Client not authenticated to send mail. Error: 504 5.7.4
		> RCPT TO:<ada@contoso.example>
		503 5.5.2 Need mail command
		> DATA
		503 5.5.2 Need mail command
		> STARTTLS now
		501 5.5.4 Invalid arguments
		> NOOP anything
		250 2.0.0 OK
		> VRFY ada
		252 2.1.5
		> HELP
		214-This
		> RSET
		250 2.0.0 Resetting
		> EXPN all
		500 5.3.3 Unrecognized command
		>
		500 5.3.3
		> QUIT
		221 2.0.0 Service closing transmission channel`)
	w.wantEnd()
}

func TestAfterTLSEverythingBeginsAnew(t *testing.T) {
	w := connect(t, open(t, Config{})).secured()
	w.ask("STARTTLS", "503 5.5.2 Only one STARTTLS")
	w = connect(t, w.s).greeted()
	w.ask("STARTTLS", "220 ")
	if err := w.handshake(&tls.Config{}); err != nil {
		t.Fatal(err)
	}
	w.ask("AUTH XOAUTH2", replyNeedHello)
}

func TestClearTextBehindSTARTTLS(t *testing.T) {
	w := connect(t, open(t, Config{})).greeted()
	w.send("STARTTLS\r\nMAIL FROM:<>\r\n")
	w.want(replyBadSequence)
	w.wantEnd()
}

func TestLines(t *testing.T) {
	w := connect(t, open(t, Config{})).greeted()
	w.send("NOOP\n")
	w.want("500 5.5.2 ")
	w.send("NO\x00OP\r\n")
	w.want("500 5.5.2 ")
	w.send("NO\rOP\r\n")
	w.want("500 5.5.2 ")
	w.send("NOOP " + strings.Repeat("x", maxLine) + "\r\n")
	w.want("500 5.5.2 Line too long")
	w.send("NOOP " + strings.Repeat("x", maxLine-7) + "\r\n")
	w.want("250 ")
	w.conn.Write([]byte(strings.Repeat("x", 2*maxDiscard))) // may not all be taken
	w.wantEnd()
}

func TestPipelining(t *testing.T) {
	w := connect(t, open(t, Config{})).signedIn()
	w.send("MAIL FROM:<alerts@contoso.example>\r\nRCPT TO:<ada@contoso.example>\r\nRCPT TO:<x@invalid>\r\nDATA\r\n")
	for _, want := range []string{"250 2.1.0", "250 2.1.5", "550 5.1.6", "354 "} {
		w.want(want)
	}
}

func TestOddReplies(t *testing.T) {
	w := connect(t, withFaults(t, "smtp.huge-reply"))
	w.want("220 ")
	w.send("EHLO client\r\n")
	if got, err := w.read(); err != nil || len(got) < 1<<20 {
		t.Errorf("got %d octets, %v", len(got), err)
	}
	w = connect(t, withFaults(t, "smtp.escape-reply")).signedIn()
	if got := w.ask("MAIL FROM:<>", "550 5.7.1 "); !strings.Contains(got, "\x1b]0;") {
		t.Errorf("got %q", got)
	}
	w = connect(t, withFaults(t, "smtp.no-quit-reply")).greeted()
	w.send("QUIT\r\n")
	w.wantSilence()
}

func TestRefusedGreetingRefusesOn(t *testing.T) {
	w := connect(t, withFaults(t, "server-maximum-connections"))
	w.want("451 4.7.652")
	w.ask("EHLO client", replyBadSequence)
	w.ask("QUIT", "221 ")
	w.wantEnd()
}

// TestIdleSession waits for five minutes, by a clock that waits for nobody.
func TestIdleSession(t *testing.T) {
	keys, err := testKeys()
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		s := &Sandbox{config: Config{}.withDefaults(), script: &script{}, keys: keys, senders: newConnectionLimit(), ctx: t.Context()}
		near, far := net.Pipe()
		go s.session(far)
		w := &wire{t: t, s: s}
		w.use(near)
		near.SetDeadline(time.Now().Add(time.Hour))
		began := time.Now()
		w.want("220 ")
		w.want("421 4.4.1 Connection timed out. Total session duration: 00:05:00.")
		if d := time.Since(began).Round(time.Second); d != idleTime {
			t.Errorf("after %v", d)
		}
		w.wantEnd()
		synctest.Wait()
	})
}
