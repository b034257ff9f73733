package submission

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const (
	opening1 = "C: MAIL FROM:<ada@contoso.example>\nC: RCPT TO:<bob@contoso.example>\nC: DATA\n"
	granted1 = "S: 250 ok\nS: 250 ok\nS: 354 go\n"
	refused1 = "S: 250 ok\nS: 550 no\nS: 554 no\n"
)

// outcomes lists what became of each message.
func outcomes(results iter.Seq2[*Receipt, error]) []string {
	var list []string
	for receipt, err := range results {
		var e *Error
		switch {
		case err == nil:
			list = append(list, string(receipt.State))
		case errors.As(err, &e):
			list = append(list, fmt.Sprint(e.State, " at ", e.Step))
		default:
			list = append(list, err.Error())
		}
	}
	return list
}

// TestSubmitEach holds the rows in which a message meets the end of the one before.
func TestSubmitEach(t *testing.T) {
	bad := toBob()
	bad.Content = text("bare\rCR")
	nobody := toBob()
	nobody.Envelope.To = []string{"no body@contoso.example"}
	two := toBob()
	two.Envelope.To = to(2)
	rows := []struct {
		name     string
		script   string
		messages []Message
		want     []string
	}{
		{"none", "", nil, nil},
		{"all accepted", opening1 + granted1 + smallOnWire + opening1 + "S: 250 done\n" + granted1 + smallOnWire + "S: 250 done\n", []Message{toBob(), toBob()}, []string{"accepted", "accepted"}},
		{"first refused at the end", opening1 + granted1 + smallOnWire + opening1 + "S: 554 no\n" + granted1 + smallOnWire + "S: 250 done\n", []Message{toBob(), toBob()}, []string{"refused at reply", "accepted"}},
		{"first refused at RCPT", opening1 + refused1 + "C: RSET\n" + opening1 + "S: 250 reset\n" + granted1 + smallOnWire + "S: 250 done\n", []Message{toBob(), toBob()}, []string{"refused at rcpt", "accepted"}},
		{"second refused at RCPT", opening1 + granted1 + smallOnWire + opening1 + "S: 250 done\n" + refused1 + "C: RSET\n", []Message{toBob(), toBob()}, []string{"accepted", "refused at rcpt"}},
		{"second refused, content asked for", opening1 + granted1 + smallOnWire + opening1 + "S: 250 done\nS: 250 ok\nS: 550 no\nS: 354 go\nC: .\nS: 554 no\n" + opening1 + granted1 + smallOnWire + "S: 250 done\n", []Message{toBob(), toBob(), toBob()}, []string{"accepted", "refused at rcpt", "accepted"}},
		{"reset refused", opening1 + refused1 + "C: RSET\n" + opening1 + "S: 421 bye\nCLOSE", []Message{toBob(), toBob()}, []string{"refused at rcpt", "deferred at mail"}},
		{"refused here", opening1 + granted1 + smallOnWire + "S: 250 done\n" + opening1 + granted1 + smallOnWire + "S: 250 done\n", []Message{toBob(), nobody, toBob()}, []string{"accepted", "refused at rcpt", "accepted"}},
		{"several recipients", opening1 + granted1 + smallOnWire + "C: MAIL FROM:<ada@contoso.example>\nC: RCPT TO:<r0@contoso.example>\nC: RCPT TO:<r1@contoso.example>\nS: 250 done\nS: 250 ok\nS: 250 ok\nS: 250 ok\nC: DATA\nS: 354 go\n" + smallOnWire + "S: 250 done\n", []Message{toBob(), two}, []string{"accepted", "accepted"}},
		{"lost after the first dot", opening1 + granted1 + smallOnWire + "CLOSE", []Message{toBob(), toBob(), toBob()}, []string{"uncertain at reply", "deferred at mail"}},
		{"lost after the first reply", opening1 + granted1 + smallOnWire + opening1 + "S: 250 done\nCLOSE", []Message{toBob(), toBob(), toBob(), toBob()}, []string{"accepted", "deferred at mail", "deferred at mail"}},
		{"421 for the first", opening1 + granted1 + smallOnWire + opening1 + "S: 421 bye\nCLOSE", []Message{toBob(), toBob(), toBob()}, []string{"deferred at reply", "deferred at mail"}},
		{"bad content ends the session", opening1 + granted1, []Message{bad, toBob(), toBob()}, []string{"refused at content", "deferred at mail"}},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := mustOpen(t, scripted(t, session("PIPELINING")+r.script))
				defer s.Close()
				if got := outcomes(s.SubmitEach(t.Context(), slices.Values(r.messages))); !slices.Equal(got, r.want) {
					t.Errorf("got %q, want %q", got, r.want)
				}
			})
		})
	}
}

// TestStopEarly leaves the loop while the next message is under way.
func TestStopEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t, scripted(t, session("PIPELINING")+opening1+granted1+smallOnWire+opening1+"S: 250 done\n"+granted1))
		defer s.Close()
		for receipt, err := range s.SubmitEach(t.Context(), repeat(3, toBob())) {
			if err != nil || receipt.State != Accepted {
				t.Errorf("got %v, want the first message accepted", err)
			}
			break
		}
		_, err := s.Submit(t.Context(), toBob().Envelope, smallMessage)
		if !errors.Is(err, ErrClosed) {
			t.Errorf("got %v, want %v: the server waits for content", err, ErrClosed)
		}
	})
}

// TestFarewell proves that the words of a 421 explain why the session cannot go on.
func TestFarewell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t, scripted(t, session("PIPELINING")+opening1+"S: 421 4.3.2 maintenance\nCLOSE"))
		defer s.Close()
		for range 2 {
			_, err := s.Submit(t.Context(), toBob().Envelope, smallMessage)
			if err == nil || !strings.Contains(err.Error(), "421 4.3.2 maintenance") {
				t.Errorf("got %v, want the words of the 421", err)
			}
		}
	})
}

// TestProbe asks and sends nothing.
func TestProbe(t *testing.T) {
	const sender = "C: MAIL FROM:<ada@contoso.example>\n"
	rows := []struct {
		name   string
		script string
		rcpt   bool
		to     int
		want   []State
		state  State
	}{
		{"sender", sender + "S: 250 ok\nC: RSET\n", false, 1, nil, Accepted},
		{"sender refused", sender + "S: 550 no\n", false, 1, nil, Refused},
		{"recipient", sender + "C: RCPT TO:<r0@contoso.example>\nS: 250 ok\nS: 250 ok\nC: RSET\n", true, 1, []State{Accepted}, Accepted},
		{"sender refused before recipients", sender + "C: RCPT TO:<r0@contoso.example>\nS: 550 no\nS: 503 no\n", true, 1, nil, Refused},
		{"one of two", sender + "C: RCPT TO:<r0@contoso.example>\nC: RCPT TO:<r1@contoso.example>\nS: 250 ok\nS: 450 no\nS: 250 ok\nC: RSET\n", true, 2, []State{Deferred, Accepted}, Deferred},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := mustOpen(t, scripted(t, session("PIPELINING")+r.script))
				defer s.Close()
				results, err := s.Probe(t.Context(), Envelope{From: "ada@contoso.example", To: to(r.to)}, r.rcpt)
				var got []State
				for _, result := range results {
					got = append(got, result.State)
				}
				if !slices.Equal(got, r.want) {
					t.Errorf("got %s, want %s", got, r.want)
				}
				var e *Error
				if (err == nil) != (r.state == Accepted) || err != nil && (!errors.As(err, &e) || e.State != r.state) {
					t.Errorf("got %v, want %s", err, r.state)
				}
			})
		})
	}
}

// TestClose is about servers that answer QUIT late, never, or are gone.
func TestClose(t *testing.T) {
	for name, end := range map[string]string{"no answer": "HANG", "late": "C: QUIT\nSLEEP 1h\nS: 221 bye", "gone": "CLOSE"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := mustOpen(t, scripted(t, session("PIPELINING")+opening1+granted1+smallOnWire+"S: 250 done\n"+end))
				if _, err := s.Submit(t.Context(), toBob().Envelope, smallMessage); err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				if err := s.Close(); err != nil && name != "gone" {
					t.Errorf("got %v, want nil", err)
				}
				if took := time.Since(start); took > 0 {
					t.Errorf("Close took %s, want no wait", took)
				}
				if err := s.Close(); err != nil {
					t.Errorf("again: got %v, want nil", err)
				}
			})
		})
	}
}

// TestCloseOfFullWindow is about a server that does not even take QUIT in.
func TestCloseOfFullWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t, scriptedOver(t, 0, 1, session()+"HANG"))
		start := time.Now()
		s.Close()
		if took := time.Since(start); took > quitTimeout {
			t.Errorf("Close took %s, want at most %s", took, quitTimeout)
		}
	})
}
