package submission

import (
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// memoryLink is a connection in memory with the latency of a network: what is written arrives after
// delay, in order. Window bounds what is under way or unread, 0 is no bound.
func memoryLink(delay time.Duration, window int) (client, server *memoryConn) {
	up, down := newStream(delay, window), newStream(delay, window)
	return &memoryConn{in: down, out: up}, &memoryConn{in: up, out: down}
}

type memoryConn struct{ in, out *stream }

func (c *memoryConn) Read(p []byte) (int, error)        { return c.in.read(p) }
func (c *memoryConn) Write(p []byte) (int, error)       { return c.out.write(p) }
func (c *memoryConn) SetReadDeadline(t time.Time) error { c.in.deadline(&c.in.readBy, t); return nil }

func (c *memoryConn) SetWriteDeadline(t time.Time) error {
	c.out.deadline(&c.out.writeBy, t)
	return nil
}

func (c *memoryConn) LocalAddr() net.Addr {
	return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 9), Port: 40000}
}

func (c *memoryConn) RemoteAddr() net.Addr {
	return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 587}
}

func (c *memoryConn) SetDeadline(t time.Time) error {
	_ = c.SetReadDeadline(t)
	return c.SetWriteDeadline(t)
}

// Close ends both directions: what was written arrives, then the end.
func (c *memoryConn) Close() error {
	c.out.end(nil)
	c.in.abandon()
	return nil
}

type packet struct {
	data []byte
	at   time.Time
}

type stream struct {
	delay           time.Duration
	window          int
	mu              sync.Mutex
	changed         *sync.Cond
	packets         []packet
	held            int
	ended           bool // by the writer
	endedAt         time.Time
	abandoned       bool // by the reader
	readBy, writeBy time.Time
}

func newStream(delay time.Duration, window int) *stream {
	s := &stream{delay: delay, window: window}
	s.changed = sync.NewCond(&s.mu)
	return s
}

// waitUntil waits for a change, and not longer than until the first of the given times.
func (s *stream) waitUntil(times ...time.Time) {
	for _, t := range times {
		if !t.IsZero() {
			defer time.AfterFunc(time.Until(t), s.changed.Broadcast).Stop()
		}
	}
	s.changed.Wait()
}

func passed(t time.Time) bool { return !t.IsZero() && !time.Now().Before(t) }

func (s *stream) read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		var next time.Time
		switch {
		case s.abandoned:
			return 0, net.ErrClosed
		case passed(s.readBy):
			return 0, os.ErrDeadlineExceeded
		case len(s.packets) > 0:
			next = s.packets[0].at
			if passed(next) {
				return s.take(p), nil
			}
		case s.ended:
			next = s.endedAt
			if passed(next) {
				return 0, io.EOF
			}
		}
		s.waitUntil(next, s.readBy)
	}
}

func (s *stream) take(p []byte) int {
	first := &s.packets[0]
	n := copy(p, first.data)
	first.data = first.data[n:]
	if len(first.data) == 0 {
		s.packets = s.packets[1:]
	}
	s.held -= n
	s.changed.Broadcast()
	return n
}

func (s *stream) write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case s.ended || s.abandoned:
			return 0, net.ErrClosed
		case passed(s.writeBy):
			return 0, os.ErrDeadlineExceeded
		case s.window == 0 || s.held == 0 || s.held+len(p) <= s.window:
			s.packets = append(s.packets, packet{append([]byte(nil), p...), time.Now().Add(s.delay)})
			s.held += len(p)
			s.changed.Broadcast()
			return len(p), nil
		}
		s.waitUntil(s.writeBy)
	}
}

func (s *stream) end(error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ended {
		s.ended, s.endedAt = true, time.Now().Add(s.delay)
	}
	s.changed.Broadcast()
}

func (s *stream) abandon() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.abandoned = true
	s.changed.Broadcast()
}

func (s *stream) deadline(field *time.Time, t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*field = t
	s.changed.Broadcast()
}
