package submission

import (
	"fmt"
	"iter"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const rtt = 20 * time.Millisecond

// TestRoundTrips counts from SYN to the reply that accepts the message. Time in the bubble is exact,
// and nothing but the network takes any.
func TestRoundTrips(t *testing.T) {
	const (
		one    = "C: MAIL FROM:<ada@contoso.example>\nC: RCPT TO:<bob@contoso.example>\n"
		twoOK  = "S: 250 ok\nS: 250 ok\n"
		chunks = "C: BDAT 30 LAST\nDATA 30\n"
	)
	hundred := Envelope{From: "ada@contoso.example"}
	many := "C: MAIL FROM:<ada@contoso.example>\n" + strings.Repeat("C: RCPT TO:<bob@contoso.example>\n", 100) +
		strings.Repeat("S: 250 ok\n", 101) + "C: DATA\nS: 354 go\n" + smallOnWire + "S: 250 done\n"
	for range 100 {
		hundred.To = append(hundred.To, "bob@contoso.example")
	}
	single := Envelope{From: "ada@contoso.example", To: []string{"bob@contoso.example"}}
	twoSteps := greeting + offers("PIPELINING", "CHUNKING") + "C: AUTH XOAUTH2\nS: 334 \nC: " + longResponse() + "\nS: 235 yes\n"
	oneLine := greeting + offers("PIPELINING", "CHUNKING") + "C: AUTH XOAUTH2 " + longResponse() + "\nS: 235 yes\n"
	data := one + "C: DATA\n" + twoOK + "S: 354 go\n" + smallOnWire + "S: 250 done\n"
	rows := []struct {
		name     string
		script   string
		dialer   func(*Dialer)
		envelope Envelope
		want     int
	}{
		{"DATA", twoSteps + data, nil, single, 10},
		{"DATA, one-line AUTH", oneLine + data, initialResponse, single, 9},
		{"BDAT", twoSteps + one + chunks + twoOK + "S: 250 done\n", chunking, single, 9},
		{"a hundred recipients", twoSteps + many, nil, hundred, 11},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := scriptedOver(t, rtt, 0, r.script)
				if r.dialer != nil {
					r.dialer(d)
				}
				start := time.Now()
				s, err := d.Open(t.Context(), ada(longToken))
				if err != nil {
					t.Fatal(err)
				}
				if _, err := s.Submit(t.Context(), r.envelope, smallMessage); err != nil {
					t.Fatal(err)
				}
				if got := time.Since(start); got != time.Duration(r.want)*rtt {
					t.Errorf("got %.1f round trips, want %d", float64(got)/float64(rtt), r.want)
				}
				end := time.Now()
				s.Close()
				if took := time.Since(end); took != 0 {
					t.Errorf("Close took %s, want no wait", took)
				}
			})
		})
	}
}

// TestSteps adds up the times of all steps.
func TestSteps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		script := session("PIPELINING") + "C: MAIL FROM:<ada@contoso.example>\nC: RCPT TO:<bob@contoso.example>\nC: DATA\nS: 250 ok\nS: 250 ok\nS: 354 go\n" +
			smallOnWire + "SLEEP 5ms\nS: 250 done\n"
		d := scriptedOver(t, rtt, 0, script)
		var got []string
		var sum time.Duration
		d.Trace = &Trace{StepDone: func(step Step, took time.Duration, err error) {
			got = append(got, fmt.Sprint(step, " ", took, " ", err))
			sum += took
		}}
		start := time.Now()
		s := mustOpen(t, d)
		defer s.Close()
		if _, err := s.Submit(t.Context(), Envelope{From: "ada@contoso.example", To: []string{"bob@contoso.example"}}, smallMessage); err != nil {
			t.Fatal(err)
		}
		want := []string{
			"resolve 0s <nil>", "connect 20ms <nil>", "greeting 20ms <nil>", "ehlo 20ms <nil>", "starttls 20ms <nil>",
			"tls 20ms <nil>", "ehlo 20ms <nil>", "token 0s <nil>", "auth 20ms <nil>",
			"mail 20ms <nil>", "rcpt 0s <nil>", "data 0s <nil>", "content 0s <nil>", "reply 25ms <nil>",
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if took := time.Since(start); sum != took {
			t.Errorf("the steps sum up to %s, want %s", sum, took)
		}
	})
}

// repeat gives the same message n times.
func repeat(n int, m Message) iter.Seq[Message] {
	return func(yield func(Message) bool) {
		for range n {
			if !yield(m) {
				return
			}
		}
	}
}

func toBob() Message {
	return Message{Envelope{From: "ada@contoso.example", To: []string{"bob@contoso.example"}}, smallMessage}
}

// TestSubmitEachRoundTrips proves that a message costs one round trip in a long session.
func TestSubmitEachRoundTrips(t *testing.T) {
	const (
		n       = 200
		opening = "C: MAIL FROM:<ada@contoso.example>\nC: RCPT TO:<bob@contoso.example>\n"
		ok      = "S: 250 ok\nS: 250 ok\n"
	)
	data := opening + "C: DATA\n" + ok + "S: 354 go\n" +
		strings.Repeat(smallOnWire+opening+"C: DATA\nS: 250 done\n"+ok+"S: 354 go\n", n-1) + smallOnWire + "S: 250 done\n"
	bdat := strings.Repeat(opening+"C: BDAT 30 LAST\nDATA 30\n"+ok+"S: 250 done\n", n)
	rows := []struct {
		name   string
		script string
		dialer func(*Dialer)
		want   int
	}{
		{"DATA", data, func(*Dialer) {}, n + 1},
		{"BDAT", bdat, chunking, n},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := scriptedOver(t, rtt, 0, session("PIPELINING", "CHUNKING")+r.script)
				r.dialer(d)
				s := mustOpen(t, d)
				defer s.Close()
				start, accepted := time.Now(), 0
				for receipt, err := range s.SubmitEach(t.Context(), repeat(n, toBob())) {
					if err != nil || receipt.State != Accepted {
						t.Fatalf("message %d: %v", accepted, err)
					}
					accepted++
				}
				if got := int(time.Since(start) / rtt); accepted != n || got != r.want {
					t.Errorf("got %d messages in %d round trips, want %d in %d", accepted, got, n, r.want)
				}
			})
		})
	}
}
