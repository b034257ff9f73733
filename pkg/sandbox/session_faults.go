package sandbox

import (
	"net"
	"strings"
	"time"
)

const (
	maxSilence = time.Hour             // of a fault that never answers
	settleTime = 50 * time.Millisecond // before a reset, or the client might see no connection at all
)

// playsFault reports whether this session meets a fault, and logs it.
func (c *session) playsFault(id string) bool {
	plays := c.part.plays(id)
	if plays {
		c.log(c.id, Service, "fault %s", id)
	}
	return plays
}

// interrupted plays the faults that end a session at a step.
func (c *session) interrupted(at step) bool {
	switch {
	case c.playsFault(at.resetID()):
		if at == stepConnect || at == stepGreeting {
			c.pause(settleTime)
		}
		c.reset()
	case !c.playsFault(at.hangID()):
		return false
	case at == stepContent:
		c.pause(maxSilence) // a server that stops reading
	default:
		c.silence()
	}
	return true
}

// reset ends the connection with RST instead of FIN.
func (c *session) reset() {
	if tcp, ok := c.raw.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.raw.Close()
}

// silence reads on and answers no more, until the client goes.
func (c *session) silence() {
	_ = c.raw.SetReadDeadline(time.Now().Add(maxSilence))
	buffer := make([]byte, 4096)
	for {
		if _, err := c.raw.Read(buffer); err != nil {
			return
		}
	}
}

// pause waits for a time or the end of the sandbox.
func (s *Sandbox) pause(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-s.ctx.Done():
	case <-timer.C:
	}
}

// moment tells refusals that answer a command from those that answer what follows it.
type moment int

const (
	late  moment = iota // after what the command asks for: a token, the message
	early               // in reply to the command
)

// playRefusal finds the literal reply of a chosen fault. Those of AUTH and DATA come late, but for a
// few that can only answer the command.
func (c *session) playRefusal(stage string, m moment) (string, bool) {
	fault, ok := c.part.first(func(f Fault) bool {
		isRefusal := f.Reply != "" && !strings.Contains(f.ID, ".") // ids of ours have a dot
		return isRefusal && f.Stage == stage && momentOf(f.ID) == m
	})
	if ok {
		c.log(c.id, Service, "fault %s", fault.ID)
	}
	return fault.Reply, ok
}

func momentOf(id string) moment {
	switch id {
	case "auth-type-unrecognized", "tls-version-too-old", "security-subsystem-unavailable", "need-rcpt-command", "bad-sequence":
		return early
	default:
		return late
	}
}
