package sandbox

import (
	"bufio"
	"context"
	"crypto/tls"
	"net"
	"time"
)

// startTLS is RFC 3207. What was said before counts no more.
func (c *session) startTLS(argument string) bool {
	switch {
	case argument != "":
		return c.reply(replyArguments)
	case c.tls != nil:
		return c.reply("503 5.5.2 Only one STARTTLS command can be issued per session")
	case c.hello == "":
		return c.reply(replyNeedHello)
	case c.r.Buffered() > 0: // commands in clear text that would run under TLS (CVE-2011-0411)
		_ = c.reply(replyBadSequence)
		return false
	}
	ready := "220 2.0.0 SMTP server ready"
	if c.playsFault("tls.injected") {
		ready += "\r\n250-" + serverName + " Hello\r\n250 AUTH PLAIN LOGIN"
	}
	return c.reply(ready) && c.handshake()
}

func (c *session) handshake() bool {
	if _, err := c.r.Peek(1); err != nil || c.interrupted(stepTLS) {
		return false
	}
	config, err := c.tlsConfig()
	if err != nil {
		c.log(c.id, Service, "certificate: %v", err)
		return false
	}
	ctx, cancel := context.WithTimeout(c.ctx, handshakeTime)
	defer cancel()
	conn := tls.Server(bufferedConn{c.raw, c.r}, config)
	if err := conn.HandshakeContext(ctx); err != nil {
		c.log(c.id, Service, "TLS handshake failed: %v", err)
		return false
	}
	_ = conn.SetDeadline(time.Time{})
	state := conn.ConnectionState()
	c.log(c.id, Service, "%s established", tls.VersionName(state.Version))
	c.conn, c.tls, c.hello = conn, &state, ""
	c.r = bufio.NewReaderSize(conn, readBufferSize)
	return true
}

// bufferedConn reads what was read ahead first.
type bufferedConn struct {
	net.Conn
	r *bufio.Reader
}

func (b bufferedConn) Read(p []byte) (int, error) { return b.r.Read(p) }
