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
	if c.playsFault("net.silent") {
		c.silence()
		return false
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
