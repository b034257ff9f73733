package sandbox

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"
)

// session is one connection to the submission server.
type session struct {
	*Sandbox
	id    string
	part  *part
	raw   net.Conn // below TLS
	conn  net.Conn
	r     *bufio.Reader
	began time.Time

	tls     *tls.ConnectionState
	hello   string // argument of EHLO or HELO; empty before
	offered extensions
	sender  *sender // after AUTH
	refusal string  // the last reply that refused AUTH
	tx      *transaction
}

// Limits of RFC 5321 section 4.5.3 and RFC 4954 section 4, generously.
const (
	maxLine        = 16 << 10 // octets of a command or an AUTH response
	maxDiscard     = 1 << 20  // octets of a longer line that are still read to its end
	idleTime       = 5 * time.Minute
	handshakeTime  = time.Minute
	writeTime      = time.Minute
	maxSilence     = time.Hour // of a fault that never answers
	settleTime     = 50 * time.Millisecond
	readBufferSize = 64 << 10
)

func (s *Sandbox) newSession(conn net.Conn) *session {
	return &session{
		Sandbox: s,
		id:      sessionID(s.sessions.Add(1)),
		part:    s.script.newPart(),
		raw:     conn,
		conn:    conn,
		r:       bufio.NewReaderSize(conn, readBufferSize),
		began:   time.Now(),
	}
}

// run greets and serves commands. Each step says whether the session goes on.
func (c *session) run() {
	if !c.greet() {
		return
	}
	for c.serveCommand() {
	}
}

func (c *session) greet() bool {
	if c.part.plays("net.silent") {
		return c.silence("net.silent")
	}
	if c.interrupted(stepConnect) {
		return false
	}
	greeting := fmt.Sprintf("220 %s Microsoft ESMTP MAIL Service ready at %s [%s]",
		serverName, c.now().Format("Mon, 2 Jan 2006 15:04:05 -0700"), c.id)
	if c.part.plays(stepGreeting.resetID()) || c.part.plays(stepGreeting.hangID()) {
		_ = c.write(greeting[:len(greeting)/2])
		return !c.interrupted(stepGreeting)
	}
	if reply, ok := c.playRefusal(stageConnect, late); ok {
		return c.reply(reply) && c.refuseEverything()
	}
	return c.reply(greeting)
}

// refuseEverything serves a client that was refused at the greeting (RFC 5321 section 3.1).
func (c *session) refuseEverything() bool {
	for {
		line, err := c.readLine()
		if err != nil {
			return c.complain(err)
		}
		if verb, _ := splitVerb(line); verb == "QUIT" {
			return c.quit("")
		}
		if !c.reply(replyBadSequence) {
			return false
		}
	}
}

var (
	errLineTooLong = errors.New("line too long")
	errBareLF      = errors.New("line feed without carriage return")
	errEndless     = errors.New("line without end")
)

// readLine reads a line without its CRLF.
func (c *session) readLine() (string, error) {
	_ = c.conn.SetReadDeadline(time.Now().Add(idleTime))
	var line []byte
	for read := 0; ; {
		piece, err := c.r.ReadSlice('\n')
		read += len(piece)
		if read <= maxLine {
			line = append(line, piece...)
		}
		switch {
		case read > maxDiscard:
			return "", errEndless
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil:
			return "", err
		}
		text, complete := strings.CutSuffix(string(line), "\r\n")
		switch {
		case read > maxLine:
			return "", errLineTooLong
		case !complete || strings.ContainsAny(text, "\r\x00"):
			return "", errBareLF
		}
		return text, nil
	}
}

// complain answers what was no line. Of a connection that is lost nothing is left to answer.
func (c *session) complain(err error) bool {
	switch {
	case errors.Is(err, errLineTooLong):
		return c.reply("500 5.5.2 Line too long")
	case errors.Is(err, errBareLF):
		return c.reply("500 5.5.2 Command lines end with CRLF")
	case errors.Is(err, os.ErrDeadlineExceeded):
		d := time.Since(c.began)
		return c.reply(fmt.Sprintf("421 4.4.1 Connection timed out. Total session duration: %02d:%02d:%010.7f",
			int(d.Hours()), int(d.Minutes())%60, d.Seconds()-60*float64(int(d.Minutes()))))
	}
	return false
}

// reply sends a reply of one or more lines, given without their CRLF. It reports whether the session
// goes on, which after a 421 it does not.
func (c *session) reply(lines ...string) bool {
	for _, l := range lines {
		c.log(c.id, Server, "%s", l)
	}
	err := c.write(strings.Join(lines, "\r\n") + "\r\n")
	return err == nil && !strings.HasPrefix(lines[0], "421")
}

func (c *session) write(text string) error {
	_ = c.conn.SetWriteDeadline(time.Now().Add(writeTime))
	_, err := c.conn.Write([]byte(text))
	return err
}

// interrupted plays the faults that end a session at a step.
func (c *session) interrupted(at step) bool {
	switch {
	case c.part.plays(at.resetID()):
		c.log(c.id, Service, "fault %s", at.resetID())
		if at == stepConnect || at == stepGreeting {
			c.pause(settleTime) // or the client might see no connection, or no half of a greeting
		}
		c.reset()
	case c.part.plays(at.hangID()):
		if at == stepContent {
			return !c.stall(at.hangID())
		}
		return !c.silence(at.hangID())
	default:
		return false
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

// silence reads on and answers no more, until the client goes. It is false: the session is over.
func (c *session) silence(fault string) bool {
	c.log(c.id, Service, "fault %s", fault)
	_ = c.raw.SetReadDeadline(time.Now().Add(maxSilence))
	buffer := make([]byte, 4096)
	for {
		if _, err := c.raw.Read(buffer); err != nil {
			return false
		}
	}
}

// stall stops reading, until the sandbox ends. It is false: the session is over.
func (c *session) stall(fault string) bool {
	c.log(c.id, Service, "fault %s", fault)
	c.pause(maxSilence)
	return false
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
