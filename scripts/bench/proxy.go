//go:build linux

package main

import (
	"io"
	"net"
	"sync"
	"time"
)

// proxy stands between a client and a server and makes the way long: what it reads is passed on half
// a round trip later, each way. The connection itself is set up by the kernel at once, so a
// measured client saves one round trip, which counts adds again.
type proxy struct {
	listener net.Listener
	upstream string
	half     time.Duration

	mu     sync.Mutex
	events []event // of the last connection
}

// event is data seen at the client's end of the way.
type event struct {
	at     time.Time
	client bool // sent by the client; otherwise arrived at it
	bytes  int
}

func newProxy(upstream string, rtt time.Duration) (*proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &proxy{listener: l, upstream: upstream, half: rtt / 2}
	go p.serve()
	return p, nil
}

func (p *proxy) port() int { return p.listener.Addr().(*net.TCPAddr).Port }

// close ends the listener and with it serve.
func (p *proxy) close() { _ = p.listener.Close() }

func (p *proxy) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		p.events = nil
		p.mu.Unlock()
		go p.relay(client)
	}
}

func (p *proxy) relay(client net.Conn) {
	defer func() { _ = client.Close() }()
	<-time.After(p.half) // the last packet of the handshake is on its way
	server, err := net.Dial("tcp", p.upstream)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	var both sync.WaitGroup
	both.Go(func() { p.pass(server, client, true) })
	both.Go(func() { p.pass(client, server, false) })
	both.Wait()
}

// chunk is data under way.
type chunk struct {
	due  time.Time
	data []byte
}

func (p *proxy) pass(to, from net.Conn, client bool) {
	way := make(chan chunk, 1024)
	go func() {
		defer close(way)
		for {
			data := make([]byte, 64<<10)
			n, err := from.Read(data)
			if n > 0 {
				if client {
					p.note(true, n)
				}
				way <- chunk{time.Now().Add(p.half), data[:n]}
			}
			if err != nil {
				return
			}
		}
	}()
	for c := range way {
		<-time.After(time.Until(c.due))
		if !client {
			p.note(false, len(c.data))
		}
		if _, err := to.Write(c.data); err != nil {
			break
		}
	}
	if half, ok := to.(*net.TCPConn); ok {
		_ = half.CloseWrite()
	}
	for range way { // the writer failed: let the reader end
	}
}

func (p *proxy) note(client bool, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.events = append(p.events, event{time.Now(), client, n})
}

// Lengths of TLS 1.3 records (RFC 8446 5.2: five octets of header, one of type, 16 of tag) that
// end a session: QUIT, close_notify, and both in one write.
const (
	quitRecord  = 5 + len("QUIT\r\n") + 1 + 16
	closeRecord = 5 + 2 + 1 + 16
)

// acceptance finds the arrival of the reply that accepted the message, which is the last one before
// the QUIT, and counts the round trips up to it, that of the handshake included.
func (p *proxy) acceptance() (at time.Time, trips int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	quit := len(p.events) - 1
	for ; quit >= 0; quit-- {
		e := p.events[quit]
		if e.client && (e.bytes == quitRecord || e.bytes == quitRecord+closeRecord) {
			break
		}
	}
	trips, asked := 1, true // the server speaks first: the greeting answers the connection
	for i := range max(quit, 0) {
		e := p.events[i]
		if !e.client {
			at = e.at
		}
		if !e.client && asked {
			trips++
		}
		asked = e.client
	}
	if quit < 0 || at.IsZero() {
		return at, 0, io.ErrUnexpectedEOF
	}
	return at, trips, nil
}
