package submission

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestDialHostile is about servers that are odd before anybody signs in.
func TestDialHostile(t *testing.T) {
	const (
		banner  = "S: 220 mail.test ESMTP\nC: EHLO client.test\n"
		request = banner + "S: 250-mail.test\nS: 250 STARTTLS\nC: STARTTLS\n"
	)
	rows := []struct {
		name   string
		script string
		step   Step
		state  State
		reply  string
		cause  error
	}{
		{"not SMTP", "S: HTTP/1.1 400 Bad Request", StepGreeting, Refused, "", ErrProtocol},
		{"greets with 554", "S: 554 5.7.1 go away", StepGreeting, Refused, "554 5.7.1 go away", nil},
		{"greets with 250", "S: 250 hello", StepGreeting, Refused, "", ErrProtocol},
		{"421 as greeting", "S: 421 4.3.2 too busy", StepGreeting, Deferred, "421 4.3.2 too busy", nil},
		{"silent", "HANG", StepGreeting, Deferred, "", nil},
		{"closes", "CLOSE", StepGreeting, Deferred, "", nil},
		{"line without end", "S| 220 " + strings.Repeat("x", 1<<20), StepGreeting, Refused, "", ErrProtocol},
		{"reply without end", strings.Repeat("S: 220-x\n", 2000), StepGreeting, Refused, "", ErrProtocol},
		{"two codes in one reply", "S: 220-x\nS: 221 x", StepGreeting, Refused, "", ErrProtocol},
		{"NUL for a code", "S: 2\x000 x", StepGreeting, Refused, "", ErrProtocol},
		{"EHLO refused", banner + "S: 502 5.5.1 what", StepEHLO, Refused, "502 5.5.1 what", nil},
		{"421 to EHLO", banner + "S: 421 bye", StepEHLO, Deferred, "421 bye", nil},
		{"STARTTLS not offered", banner + "S: 250-mail.test\nS: 250 AUTH XOAUTH2", StepStartTLS, Refused, "", nil},
		{"STARTTLS refused", request + "S: 454 4.7.0 no TLS now", StepStartTLS, Deferred, "454 4.7.0 no TLS now", nil},
		{"421 to STARTTLS", request + "S: 421 bye", StepStartTLS, Deferred, "421 bye", nil},
		{"injected with the 220", request + "S| 220 go\\r\\n250 2.0.0 I am the server\\r\\n", StepStartTLS, Refused, "", ErrInjected},
		{"injected after the 220", request + "S: 220 go\nSLEEP 1s\nS: 250 2.0.0 I am the server\nHANG", StepTLS, Refused, "", ErrInjected},
		{"closes for TLS", request + "S: 220 go\nCLOSE", StepTLS, Deferred, "", nil},
		{"silent for TLS", request + "S: 220 go\nHANG", StepTLS, Deferred, "", nil},
		{"EHLO refused under TLS", greeting + "S: 500 what", StepEHLO, Refused, "500 what", nil},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, err := scripted(t, r.script).Dial(t.Context())
				if err == nil {
					s.Close()
				}
				checkError(t, err, r.step, r.state, r.reply)
				if r.cause != nil && !errors.Is(err, r.cause) {
					t.Errorf("got %v, want %v", err, r.cause)
				}
			})
		})
	}
}

func checkError(t *testing.T, err error, step Step, state State, reply string) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got error %v, want an *Error at %s", err, step)
	}
	got := ""
	if e.Reply != nil {
		got = e.Reply.String()
	}
	if e.Step != step || e.State != state || got != reply || e.Host != serverAddress {
		t.Errorf("got %s at %s with %q from %s, want %s at %s with %q from %s", e.State, e.Step, got, e.Host, state, step, reply, serverAddress)
	}
	return e
}

// TestSubmitHostile is about servers that are odd once somebody has signed in.
func TestSubmitHostile(t *testing.T) {
	const (
		opening = "C: MAIL FROM:<ada@contoso.example>\nC: RCPT TO:<bob@contoso.example>\nC: DATA\n"
		two     = "S: 250 ok\nS: 250 ok\n"
	)
	pipelining := []string{"PIPELINING"}
	rows := []submitRow{
		{name: "354 to RCPT", extensions: pipelining, script: opening + "S: 250 ok\nS: 354 go\n", state: Refused, step: StepRCPT, cause: ErrProtocol},
		{name: "354 to MAIL", extensions: pipelining, script: opening + "S: 354 go\n", state: Refused, step: StepMail, cause: ErrProtocol},
		{name: "250 to DATA", extensions: pipelining, script: opening + two + "S: 250 ok\n", state: Refused, step: StepData, cause: ErrProtocol},
		{name: "no code", extensions: pipelining, script: opening + "S: ok\n", state: Refused, step: StepMail, cause: ErrProtocol},
		{name: "421 to MAIL", extensions: pipelining, script: opening + "S: 421 4.4.2 bye\nCLOSE", state: Deferred, step: StepMail, reply: "421 4.4.2 bye", recipients: []State{Deferred}},
		{name: "421 to RCPT", extensions: pipelining, script: opening + "S: 250 ok\nS: 421 4.4.2 bye\nCLOSE", state: Deferred, step: StepRCPT, reply: "421 4.4.2 bye", recipients: []State{Deferred}},
		{name: "421 to DATA", extensions: pipelining, script: opening + two + "S: 421 4.4.2 bye\nCLOSE", state: Deferred, step: StepData, reply: "421 4.4.2 bye", recipients: []State{Deferred}},
		{name: "421 to the message", extensions: pipelining, script: opening + two + "S: 354 go\n" + smallOnWire + "S: 421 4.4.2 bye\nCLOSE", state: Deferred, step: StepReply, reply: "421 4.4.2 bye", recipients: []State{Deferred}},
		{
			name: "escape sequences", extensions: pipelining, script: opening + "S: 550-5.7.1 \x1b]0;owned\x07\u202eevil\nS: 550 5.7.1 \x9b2J\n" + "S: 503 no\nS: 503 no\n",
			state: Refused, step: StepMail, reply: `550 5.7.1 \x1b]0;owned\x07\u202eevil \x9b2J`,
		},
		{
			name: "octet by octet", extensions: pipelining,
			script: "DRIP\n" + opening + "S: 250-2.1.0 a\nS: 250 2.1.0 b\nS: 250 ok\nS: 354 go\n" + smallOnWire + "S: 250-2.0.0 done\nS: 250 2.0.0 really\n",
			state:  Accepted, reply: "250 2.0.0 done really",
		},
		{
			name: "without PIPELINING nothing is sent ahead",
			script: "C: MAIL FROM:<ada@contoso.example>\nQUIET\nS: 250 ok\nC: RCPT TO:<bob@contoso.example>\nQUIET\nS: 250 ok\nC: DATA\nQUIET\nS: 354 go\n" +
				smallOnWire + "S: 250 done\n",
			state: Accepted, reply: "250 done",
		},
		{
			name: "without PIPELINING, sender refused", script: "C: MAIL FROM:<ada@contoso.example>\nS: 550 no\n",
			state: Refused, step: StepMail, reply: "550 no", recipients: []State{Refused},
		},
		{
			name: "without PIPELINING, one of two refused", envelope: Envelope{To: to(2)},
			script: "C: MAIL FROM:<ada@contoso.example>\nS: 250 ok\nC: RCPT TO:<r0@contoso.example>\nS: 550 no\nC: RCPT TO:<r1@contoso.example>\nS: 250 ok\nC: RSET\nS: 250 ok\n",
			state:  Refused, step: StepRCPT, reply: "550 no", recipients: []State{Refused, Deferred},
		},
		{
			name: "without PIPELINING, RSET refused", envelope: Envelope{To: to(1)},
			script: "C: MAIL FROM:<ada@contoso.example>\nS: 250 ok\nC: RCPT TO:<r0@contoso.example>\nS: 550 no\nC: RSET\nS: 500 no\n",
			state:  Refused, step: StepRCPT, reply: "550 no", recipients: []State{Refused},
		},
	}
	for _, r := range rows {
		t.Run(r.name, r.run)
	}
}

// TestCapabilitiesChange proves that what was offered in clear does not count under TLS.
func TestCapabilitiesChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		script := strings.Replace(session(), "S: 250-PIPELINING\n", "S: 250-PIPELINING\n\tS: 250-SIZE 1\n\tS: 250-auth xoauth2\n\tS: 250-CHUNKING\n", 1)
		s := mustOpen(t, scripted(t, script))
		defer s.Close()
		if got := s.Extensions().Keywords(); strings.Join(got, " ") != "AUTH ENHANCEDSTATUSCODES" {
			t.Errorf("got extensions %s, want those under TLS", got)
		}
	})
}

// TestNothingIsKept proves the same when the second EHLO fails.
func TestNothingIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		script := strings.Replace(greeting, "S: 250-PIPELINING\n", "S: 250-AUTH XOAUTH2\n", 1) + "S: 500 what\n"
		s, err := scripted(t, script).Connect(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		checkError(t, s.StartTLS(t.Context()), StepEHLO, Refused, "500 what")
		if got := s.Extensions().Keywords(); len(got) != 0 {
			t.Errorf("got extensions %s, want none", got)
		}
		err = s.Auth(t.Context(), "ada@contoso.example", shortToken)
		if !lacks("AUTH XOAUTH2")(err) {
			t.Errorf("got %v, want no AUTH by what was offered in clear", err)
		}
	})
}

// TestIdle waits between messages for longer than any deadline.
func TestIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t, scripted(t, session("PIPELINING")+strings.Repeat(opening1+granted1+smallOnWire+"S: 250 done\n", 2)))
		defer s.Close()
		for range 2 {
			time.Sleep(24 * time.Hour)
			if _, err := s.Submit(t.Context(), toBob().Envelope, smallMessage); err != nil {
				t.Error(err)
			}
		}
	})
}

// TestStopsReading is about a server that takes the content in until its window is full.
func TestStopsReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		script := session("PIPELINING") + "C: MAIL FROM:<ada@contoso.example>\nC: RCPT TO:<bob@contoso.example>\nC: DATA\nS: 250 ok\nS: 250 ok\nS: 354 go\nHANG"
		s := mustOpen(t, scriptedOver(t, 0, 64<<10, script))
		defer s.Close()
		time.Sleep(30 * time.Second) // the deadlines of the handshake do not count
		start := time.Now()
		content := text(strings.Repeat("a line of a message\n", 1<<16))
		receipt, err := s.Submit(t.Context(), Envelope{From: "ada@contoso.example", To: []string{"bob@contoso.example"}}, content)
		checkError(t, err, StepContent, Deferred, "")
		if took := time.Since(start); receipt.State != Deferred || took != time.Minute+lastWords {
			t.Errorf("got %s after %s, want %s after Timeout and the wait for last words", receipt.State, took, Deferred)
		}
	})
}

// TestLastWords is about a server that refuses in the middle of the content and goes away.
func TestLastWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		script := session("PIPELINING") + "C: MAIL FROM:<ada@contoso.example>\nC: RCPT TO:<bob@contoso.example>\nC: DATA\nS: 250 ok\nS: 250 ok\nS: 354 go\n" +
			"DATA 1000\nS: 552 5.3.4 too large\nCLOSE"
		s := mustOpen(t, scriptedOver(t, 0, 64<<10, script))
		defer s.Close()
		content := text(strings.Repeat("a line of a message\n", 1<<16))
		_, err := s.Submit(t.Context(), Envelope{From: "ada@contoso.example", To: []string{"bob@contoso.example"}}, content)
		checkError(t, err, StepContent, Refused, "552 5.3.4 too large")
	})
}

// TestManyRecipients is about a server that does not read while nobody reads its replies.
func TestManyRecipients(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var script strings.Builder
		script.WriteString(session("PIPELINING") + "C: MAIL FROM:<ada@contoso.example>\nS: 250 ok\n")
		e := Envelope{From: "ada@contoso.example"}
		for range 2000 {
			e.To = append(e.To, "bob@contoso.example")
			script.WriteString("C: RCPT TO:<bob@contoso.example>\nS: 250 2.1.5 Recipient OK, and a text that fills the window soon\n")
		}
		script.WriteString("C: DATA\nS: 354 go\n" + smallOnWire + "S: 250 done\n")
		s := mustOpen(t, scriptedOver(t, 0, 2048, script.String()))
		defer s.Close()
		if _, err := s.Submit(t.Context(), e, smallMessage); err != nil {
			t.Error(err)
		}
	})
}
