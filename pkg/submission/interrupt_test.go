package submission

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// errInterrupted is the cause that a caller gives.
var errInterrupted = errors.New("interrupted")

// TestCancel ends the context while the server hangs at each step.
func TestCancel(t *testing.T) {
	const banner = "S: 220 mail.test ESMTP\nC: EHLO client.test\n"
	rows := []struct {
		step   Step
		state  State
		script string
	}{
		{StepGreeting, Deferred, "HANG"},
		{StepEHLO, Deferred, banner + "HANG"},
		{StepStartTLS, Deferred, banner + "S: 250-x\nS: 250 STARTTLS\nC: STARTTLS\nHANG"},
		{StepTLS, Deferred, banner + "S: 250-x\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\nHANG"},
		{StepEHLO, Deferred, greeting + "HANG"},
		{StepAuth, Deferred, greeting + offers() + "C? AUTH\nHANG"},
		{StepMail, Deferred, session() + "C? MAIL\nHANG"},
		{StepRCPT, Deferred, session() + "C? MAIL\nS: 250 ok\nC? RCPT\nHANG"},
		{StepData, Deferred, session() + "C? MAIL\nS: 250 ok\nC? RCPT\nS: 250 ok\nC: DATA\nHANG"},
		{StepMail, Deferred, session("PIPELINING") + "C? MAIL\nHANG"},
		{StepReply, Uncertain, session("PIPELINING") + opening1 + granted1 + smallOnWire + "HANG"},
	}
	for _, r := range rows {
		t.Run(string(r.step), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				time.AfterFunc(time.Second, func() { cancel(errInterrupted) })
				start := time.Now()
				s, err := scripted(t, r.script).Open(ctx, ada(shortToken))
				if err == nil {
					defer s.Close()
					_, err = s.Submit(ctx, toBob().Envelope, smallMessage)
				}
				checkError(t, err, r.step, r.state, "")
				if took := time.Since(start); !errors.Is(err, errInterrupted) || took != time.Second {
					t.Errorf("got %v after %s, want %v after 1s", err, took, errInterrupted)
				}
			})
		})
	}
}

// TestTimeout has the server hang at each step: the wait ends with Timeout, after the message with
// FinalTimeout.
func TestTimeout(t *testing.T) {
	rows := []struct {
		step   Step
		state  State
		wait   time.Duration
		script string
	}{
		{StepGreeting, Deferred, time.Minute, "HANG"},
		{StepTLS, Deferred, time.Minute, "S: 220 x\nC? EHLO\nS: 250-x\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\nHANG"},
		{StepAuth, Deferred, time.Minute, greeting + offers() + "C? AUTH\nHANG"},
		{StepMail, Deferred, time.Minute, session("PIPELINING") + "HANG"},
		{StepReply, Uncertain, time.Hour, session("PIPELINING") + opening1 + granted1 + smallOnWire + "HANG"},
		{StepReply, Uncertain, time.Hour, session("PIPELINING") + opening1 + granted1 + smallOnWire + "DRIP\nS: 250-" + strings.Repeat("x", 4000) + "\nHANG"},
	}
	for _, r := range rows {
		t.Run(string(r.step), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := scripted(t, r.script)
				d.FinalTimeout = time.Hour
				start := time.Now()
				s, err := d.Open(t.Context(), ada(shortToken))
				if err == nil {
					defer s.Close()
					_, err = s.Submit(t.Context(), toBob().Envelope, smallMessage)
				}
				checkError(t, err, r.step, r.state, "")
				if took := time.Since(start); took != r.wait {
					t.Errorf("took %s, want %s", took, r.wait)
				}
			})
		})
	}
}

func TestEndedContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errInterrupted)
		s := mustOpen(t, scripted(t, session("PIPELINING")))
		defer s.Close()
		if _, err := s.Submit(ctx, toBob().Envelope, smallMessage); !errors.Is(err, errInterrupted) {
			t.Errorf("got %v, want %v", err, errInterrupted)
		}
	})
}

// failing is content that ends in the middle.
type failing struct {
	before text
	err    error
}

func (f failing) WriteTo(w io.Writer) (int64, error) {
	if n, err := f.before.WriteTo(w); err != nil {
		return n, err
	}
	return int64(len(f.before)), f.err
}

// TestContentFails proves that the server never sees the end of a message that is not whole.
func TestContentFails(t *testing.T) {
	errRead := errors.New("file shrank")
	large := text(strings.Repeat("a line of a message\n", 1<<16))
	rows := []struct {
		name    string
		content Content
		state   State
		cause   error
	}{
		{"at once", failing{"", errRead}, Deferred, errRead},
		{"late", failing{large, errRead}, Deferred, errRead},
		{"bare CR", text("a\rb"), Refused, ErrBareCR},
		{"late bare CR", large + "a\rb", Refused, ErrBareCR},
		{"CR at the end", large + "\r", Refused, ErrBareCR},
		{"NUL", text("a\x00b"), Refused, ErrNUL},
		{"long line", text(strings.Repeat("x", 999)), Refused, ErrLongLine},
		{"8-bit", text("\u00e4"), Refused, ErrEightBit},
	}
	for _, extension := range []string{"DATA", "CHUNKING"} {
		for _, r := range rows {
			t.Run(extension+" "+r.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					stored, hooked := false, false
					d := served(t, storing(t, &stored))
					d.Chunking = extension == "CHUNKING"
					d.Trace = &Trace{BeforeTerminator: func() error {
						hooked = true
						return nil
					}}
					s := mustOpen(t, d)
					defer s.Close()
					receipt, err := s.Submit(t.Context(), toBob().Envelope, r.content)
					checkError(t, err, StepContent, r.state, "")
					if !errors.Is(err, r.cause) || receipt.State != r.state {
						t.Errorf("got %v, want %v", err, r.cause)
					}
					synctest.Wait()
					if stored || hooked {
						t.Errorf("stored: %v, hook called: %v, want neither", stored, hooked)
					}
				})
			})
		}
	}
}

// TestHook proves that the end of a message waits for the hook, and does not come without it.
func TestHook(t *testing.T) {
	errLog := errors.New("disk full")
	for _, chunks := range []bool{false, true} {
		for _, refuse := range []error{nil, errLog} {
			synctest.Test(t, func(t *testing.T) {
				stored := false
				d := served(t, storing(t, &stored))
				d.Chunking = chunks
				d.Trace = &Trace{BeforeTerminator: func() error {
					time.Sleep(time.Second) // all that was written arrives
					if stored {
						t.Error("the server has the message before the hook allows it")
					}
					return refuse
				}}
				s := mustOpen(t, d)
				defer s.Close()
				_, err := s.Submit(t.Context(), toBob().Envelope, smallMessage)
				synctest.Wait()
				if refuse == nil {
					if err != nil || !stored {
						t.Errorf("got %v, stored: %v, want it accepted", err, stored)
					}
					return
				}
				checkError(t, err, StepContent, Deferred, "")
				if !errors.Is(err, errLog) || stored {
					t.Errorf("got %v, stored: %v, want %v and nothing stored", err, stored, errLog)
				}
			})
		}
	}
}

// TestPatienceEnds proves that the long wait for one message does not outlive it.
func TestPatienceEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := scripted(t, session("PIPELINING")+opening1+granted1+smallOnWire+"S: 250 done\nHANG")
		d.FinalTimeout = time.Hour
		s := mustOpen(t, d)
		defer s.Close()
		if _, err := s.Submit(t.Context(), toBob().Envelope, smallMessage); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		_, err := s.Submit(t.Context(), toBob().Envelope, smallMessage)
		checkError(t, err, StepMail, Deferred, "")
		if took := time.Since(start); took != time.Minute {
			t.Errorf("took %s, want %s", took, time.Minute)
		}
	})
}
