package sandbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

const (
	serverName     = "SANDBOX0001.contoso.example"
	hostnameSuffix = " [Hostname=SANDBOX0001.CONTOSO.EXAMPLE]"
	// serverSize is what smtp.office365.com announces whatever the limit of the mailbox is.
	serverSize = 157286400
)

func (s *Sandbox) acceptSessions(l net.Listener) {
	for {
		conn, err := l.Accept()
		switch {
		case err == nil:
			s.running.Go(func() { s.session(conn) })
		case errors.Is(err, net.ErrClosed):
			return
		default: // out of descriptors, say, which passes
			s.pause(settleTime)
		}
	}
}

// session serves one connection to its end.
func (s *Sandbox) session(conn net.Conn) {
	c := s.newSession(conn)
	defer context.AfterFunc(s.ctx, func() { _ = conn.Close() })()
	defer func() { // who sees the connection closed finds the place of it free
		c.discard()
		if c.sender != nil {
			s.senders.leave(c.sender.mailbox.Address, c)
		}
		s.log(c.id, Service, "end of the session")
		_ = conn.Close()
	}()
	s.log(c.id, Service, "connection from %v", conn.RemoteAddr())
	c.run()
}

// sessionID is the nth of the ids that stand in the greeting.
func sessionID(n uint64) string { return fmt.Sprintf("%016X", 0x08DE000000000000+n) }

// tlsConfig is the server's side of STARTTLS, with what the faults of this connection make of it.
func (c *session) tlsConfig() (*tls.Config, error) {
	config := &tls.Config{Certificates: []tls.Certificate{c.keys.server}, MinVersion: tls.VersionTLS12}
	if c.playsFault("tls.old") {
		config.MinVersion, config.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	}
	names := c.config.certificateNames()
	from, to := span(c.now(), lifeLeaf)
	ca, wrong := c.keys.ca, true
	var err error
	switch {
	case c.playsFault("tls.expired"):
		from, to = from.Add(-year), from.Add(-time.Hour)
	case c.playsFault("tls.wrong-name"):
		names = []string{"mail.fabrikam.example"}
	case c.playsFault("tls.unknown-ca"):
		ca, err = newAuthority("unknown CA", c.now())
	default:
		wrong = false
	}
	if err != nil || !wrong {
		return config, err
	}
	config.Certificates[0], err = ca.leaf(names, from, to)
	return config, err
}

// maxSenders is how many connections may send for one mailbox at the same time (Microsoft: "SMTP
// AUTH client submission improvements").
const maxSenders = 3

// connectionLimit counts the sessions that send for each mailbox.
type connectionLimit struct {
	mu    sync.Mutex
	taken map[string]map[*session]bool
}

func newConnectionLimit() *connectionLimit {
	return &connectionLimit{taken: map[string]map[*session]bool{}}
}

// enter gives a session a place, if it has none yet and there is one.
func (l *connectionLimit) enter(address string, c *session) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	places := l.taken[address]
	if places == nil {
		places = map[*session]bool{}
		l.taken[address] = places
	}
	if !places[c] && len(places) >= maxSenders {
		return false
	}
	places[c] = true
	return true
}

func (l *connectionLimit) leave(address string, c *session) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.taken[address], c)
}
