package submission

import (
	"strconv"
	"time"
)

// A Step is a part of a session. Steps follow each other without gaps, so that their times add up.
type Step string

// The steps, in the order in which they happen.
const (
	StepResolve  Step = "resolve"
	StepProxy    Step = "proxy"
	StepConnect  Step = "connect"
	StepGreeting Step = "greeting"
	StepEHLO     Step = "ehlo"
	StepStartTLS Step = "starttls"
	StepTLS      Step = "tls"
	StepToken    Step = "token" // runs beside the steps above
	StepAuth     Step = "auth"
	StepMail     Step = "mail"
	StepRCPT     Step = "rcpt"
	StepData     Step = "data"
	StepContent  Step = "content"
	StepReply    Step = "reply"
)

// Directions of a line of the transcript.
const (
	Sent     byte = '>'
	Received byte = '<'
)

// A Trace is a set of hooks, any of which may be nil. Hooks are never called concurrently for one
// session, and they hold up the session while they run.
type Trace struct {
	// StepDone is called at the end of a step with the time it took and its error.
	// Several commands in one flight have one time of travel: it counts to the first of them.
	StepDone func(step Step, took time.Duration, err error)
	// Line gets each line of the conversation, without its end, safe to print: the server's text is
	// cleaned, what authenticates reads REDACTED, and of a message only its size is shown.
	Line func(direction byte, text string)
	// BeforeTerminator is called when all of a message but its end has been written. An error
	// stops the message there, and the server then stores nothing. After nil the state of the
	// message is uncertain until the reply arrives.
	BeforeTerminator func() error
}

func (t *Trace) stepDone(step Step, took time.Duration, err error) {
	if t != nil && t.StepDone != nil {
		t.StepDone(step, took, err)
	}
}

func (t *Trace) sent(text string) {
	if t != nil && t.Line != nil {
		t.Line(Sent, text)
	}
}

func (t *Trace) beforeTerminator() error {
	if t == nil || t.BeforeTerminator == nil {
		return nil
	}
	return t.BeforeTerminator()
}

// reply shows each line of a reply.
func (t *Trace) reply(r Reply) {
	if t == nil || t.Line == nil {
		return
	}
	for i, text := range r.Lines {
		separator := "-"
		if i == len(r.Lines)-1 {
			separator = " "
		}
		if r.Enhanced != "" {
			text = r.Enhanced + " " + text
		}
		t.Line(Received, strconv.Itoa(r.Code)+separator+text)
	}
}
