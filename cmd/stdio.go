package cmd

import (
	"io"
	"net"
	"sync"
	"time"
)

// stdio makes a connection of stdin and stdout. Deadlines work where the streams know them, as a
// socket handed over by inetd or systemd does.
type stdio struct {
	in     io.Reader // ends with the context
	raw    io.Reader // beneath it, for deadlines
	out    io.Writer
	once   sync.Once
	closed chan struct{}
}

func newStdio(in, raw io.Reader, out io.Writer) *stdio {
	return &stdio{in: in, raw: raw, out: out, closed: make(chan struct{})}
}

// deadliner is what a stream may offer.
type deadliner interface {
	SetReadDeadline(t time.Time) error
	SetWriteDeadline(t time.Time) error
}

// Read reads from stdin.
func (s *stdio) Read(p []byte) (int, error) { return s.in.Read(p) }

// Write writes to stdout.
func (s *stdio) Write(p []byte) (int, error) { return s.out.Write(p) }

// Close ends the dialog; the streams stay the process's own.
func (s *stdio) Close() error {
	s.once.Do(func() { close(s.closed) })
	return nil
}

// SetDeadline sets both.
func (s *stdio) SetDeadline(t time.Time) error {
	if err := s.SetReadDeadline(t); err != nil {
		return err
	}
	return s.SetWriteDeadline(t)
}

// SetReadDeadline bounds the wait for a command.
func (s *stdio) SetReadDeadline(t time.Time) error {
	if d, ok := s.raw.(deadliner); ok {
		_ = d.SetReadDeadline(t) // a file or a pipe may know no deadline
	}
	return nil
}

// SetWriteDeadline bounds the writing of a reply.
func (s *stdio) SetWriteDeadline(t time.Time) error {
	if d, ok := s.out.(deadliner); ok {
		_ = d.SetWriteDeadline(t)
	}
	return nil
}

// LocalAddr and RemoteAddr name the streams.
func (s *stdio) LocalAddr() net.Addr  { return stdioAddr{} }
func (s *stdio) RemoteAddr() net.Addr { return stdioAddr{} }

type stdioAddr struct{}

// Network is "stdio".
func (stdioAddr) Network() string { return "stdio" }

// String is "stdio".
func (stdioAddr) String() string { return "stdio" }
