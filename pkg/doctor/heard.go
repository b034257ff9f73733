package doctor

import (
	"net"
	"strings"
	"sync/atomic"

	"github.com/o365mail/o365mail/pkg/submission"
)

// heard is what of the server arrived: it tells causes apart that end a connection at the same step.
type heard struct {
	octets    atomic.Bool // at least one
	continues atomic.Bool // the last reply was 334: the server waits for the token
}

// trace watches the replies on their way to the caller's own hooks.
func (h *heard) trace(t *submission.Trace) *submission.Trace {
	watched := submission.Trace{}
	if t != nil {
		watched = *t
	}
	line := watched.Line
	watched.Line = func(direction byte, text string) {
		if direction == submission.Received {
			h.continues.Store(strings.HasPrefix(text, "334"))
		}
		if line != nil {
			line(direction, text)
		}
	}
	return &watched
}

// heardConn watches what is read.
type heardConn struct {
	net.Conn
	heard *heard
}

func (c *heardConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.heard.octets.Store(true)
	}
	return n, err
}

// decided is the code of what happened among those that look alike by the step alone. Behind a proxy,
// and under TLS from the first octet on, others speak before the server does.
func (x *examination) decided(code string) string {
	plain := !x.Proxied && !x.Dialer.ImplicitTLS
	switch code {
	case "net.silent":
		if plain && x.heard.octets.Load() {
			return "net.hang-greeting"
		}
	case "net.reset-connect":
		if plain && x.heard.octets.Load() {
			return "net.reset-greeting"
		}
	case "net.hang-auth", "net.reset-auth":
		if x.heard.continues.Load() {
			return code + "-response"
		}
	}
	return code
}
