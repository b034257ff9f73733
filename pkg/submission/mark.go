package submission

import "time"

// mark measures the steps: each one runs from the end of the one before.
type mark struct {
	trace *Trace
	time  time.Time
}

func newMark(t *Trace) *mark { return &mark{t, time.Now()} }

// done ends a step.
func (m *mark) done(step Step, err error) {
	now := time.Now()
	m.trace.stepDone(step, now.Sub(m.time), err)
	m.time = now
}

// restart forgets the time between messages.
func (m *mark) restart() { m.time = time.Now() }
