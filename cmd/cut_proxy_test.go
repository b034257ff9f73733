package cmd_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// A direction is one of the two streams of a connection.
type direction int

const (
	toServer direction = iota
	toClient
)

// String names the end that a stream leads to.
func (d direction) String() string { return [...]string{"to the server", "to the client"}[d] }

// An ending is how a stream stops when its octets are used up.
type ending int

const (
	reset     ending = iota // both ends of the connection get RST
	halfClose               // the receiver gets FIN, the other direction goes on
	silence                 // nothing more arrives, the other direction goes on
)

// String names what the receiver sees.
func (e ending) String() string { return [...]string{"reset", "half-close", "silence"}[e] }

// A cut says which octet of a connection is the last to pass.
type cut struct {
	direction direction
	after     int64 // octets
	ending    ending
}

// uncut lets everything pass.
var uncut = cut{after: math.MaxInt64}

// A cutProxy carries connections to a server, and breaks each as its plan says.
type cutProxy struct {
	listener net.Listener
	server   string
	plan     atomic.Pointer[cut] // of the connections to come
	current  atomic.Pointer[carriage]
	carried  chan *carriage // each one when it has ended
}

func startCutProxy(t *testing.T, server string) *cutProxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	p := &cutProxy{listener: l, server: server, carried: make(chan *carriage, 8)}
	p.plan.Store(&uncut)
	go p.serve()
	return p
}

func (p *cutProxy) port() string {
	_, port, _ := net.SplitHostPort(p.listener.Addr().String())
	return port
}

func (p *cutProxy) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.server)
		if err != nil {
			client.Close()
			continue
		}
		c := &carriage{cut: *p.plan.Load(), records: math.MaxInt}
		p.current.Store(c)
		go func() {
			c.run(client.(*net.TCPConn), server.(*net.TCPConn))
			p.carried <- c
		}()
	}
}

// A carriage is one connection.
type carriage struct {
	cut
	mu      sync.Mutex
	records int // that may still pass to the client
	passed  [2]bytes.Buffer
}

// breakAfterRecords lets n more TLS records pass to the client, and then ends as told. It is for
// moments of which only the server knows.
func (c *carriage) breakAfterRecords(n int, e ending) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.records = len(boundaries(c.passed[toClient].Bytes())) + n
	c.direction, c.ending = toClient, e
}

// counts are the octets that have passed in each direction.
func (c *carriage) counts() [2]int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return [2]int64{int64(c.passed[toServer].Len()), int64(c.passed[toClient].Len())}
}

func (c *carriage) run(client, server *net.TCPConn) {
	defer client.Close()
	defer server.Close()
	var both sync.WaitGroup
	both.Go(func() { c.pump(toServer, client, server) })
	both.Go(func() { c.pump(toClient, server, client) })
	both.Wait()
}

// pump carries one stream to its end or to the cut.
func (c *carriage) pump(d direction, from, to *net.TCPConn) {
	buffer := make([]byte, 16<<10)
	for !c.over(d) {
		n, err := from.Read(buffer)
		if c.over(d) {
			break
		}
		if _, failed := to.Write(c.admit(d, buffer[:n])); err != nil || failed != nil {
			to.CloseWrite()
			io.Copy(io.Discard, from)
			return
		}
	}
	c.ending.play(from, to)
}

// over tells whether nothing more may pass.
func (c *carriage) over(d direction) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	passed := &c.passed[d]
	return d == c.direction &&
		(int64(passed.Len()) >= c.after || c.records < math.MaxInt && len(boundaries(passed.Bytes())) >= c.records)
}

// admit gives the octets of p that may pass.
func (c *carriage) admit(d direction, p []byte) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	if left := c.after - int64(c.passed[d].Len()); d == c.direction && int64(len(p)) > left {
		p = p[:left]
	}
	c.passed[d].Write(p)
	return p
}

// play ends a stream where it stands.
func (e ending) play(from, to *net.TCPConn) {
	switch e {
	case reset:
		for _, end := range []*net.TCPConn{from, to} {
			end.SetLinger(0)
			end.Close()
		}
		return
	case halfClose:
		to.CloseWrite()
	case silence:
	}
	io.Copy(io.Discard, from)
}

// boundaries are the offsets at which lines in clear, and after STARTTLS records of TLS, end.
func boundaries(stream []byte) []int64 {
	var ends []int64
	for at := 0; at < len(stream); {
		rest := stream[at:]
		n := bytes.IndexByte(rest, '\n') + 1
		if first := rest[0]; first >= 0x14 && first <= 0x17 { // the types of records: RFC 8446 5.1
			n = 0
			if len(rest) >= 5 {
				n = 5 + int(binary.BigEndian.Uint16(rest[3:]))
			}
		}
		if n == 0 || n > len(rest) {
			break
		}
		at += n
		ends = append(ends, int64(at))
	}
	return ends
}
