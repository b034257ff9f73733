package submission

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// StartTLS encrypts the session and says EHLO again; what the server offered before is forgotten. It
// does nothing on a session that is encrypted. There is no way to go on without TLS: a server that
// does not offer it gets an *[UnsupportedError].
func (s *Session) StartTLS(ctx context.Context) error {
	if s.encrypted != nil {
		return nil
	}
	if s.link.dead() {
		return s.dialer.fail(StepStartTLS, Deferred, ErrClosed)
	}
	defer s.link.bind(ctx)()
	if err := s.requestTLS(); err != nil {
		return err
	}
	if err := s.handshake(); err != nil {
		return err
	}
	return s.hello()
}

func (s *Session) requestTLS() error {
	if !s.extensions.Has("STARTTLS") {
		err := &UnsupportedError{"STARTTLS"}
		return s.finish(StepStartTLS, s.dialer.fail(StepStartTLS, Refused, err))
	}
	reply, err := s.ask("STARTTLS", "STARTTLS")
	e := s.judge(StepStartTLS, reply, err, 220)
	if e == nil && s.link.reader.Buffered() > 0 {
		e = s.injected(StepStartTLS)
	}
	return s.finish(StepStartTLS, e)
}

// injected ends a session in which somebody sent ahead of the handshake: RFC 3207 6 and
// CVE-2011-0411. Those octets would be taken for what the server says under TLS.
func (s *Session) injected(step Step) *Error {
	s.link.close()
	return s.dialer.fail(step, Refused, ErrInjected)
}

// handshake goes over to TLS. The client's last flight and the EHLO that follows are not separated
// by a wait.
func (s *Session) handshake() error {
	conn := tls.Client(s.link.raw, s.dialer.tlsConfig(s.dialer.Host))
	_ = conn.SetDeadline(time.Now().Add(s.dialer.Timeout)) // fails on a closed connection, as the handshake will
	if err := conn.Handshake(); err != nil {               //nolint:noctx // the context closes the connection: link.bind
		return s.finish(StepTLS, s.insecure(err))
	}
	s.link.use(conn)
	state := conn.ConnectionState()
	s.encrypted, s.extensions = &state, Extensions{}
	return s.finish(StepTLS, nil)
}

// insecure judges a failed handshake. A connection that breaks may work the next time; a certificate or
// a protocol that is wrong will be wrong again.
func (s *Session) insecure(err error) *Error {
	if record, ok := errors.AsType[tls.RecordHeaderError](err); ok && !s.dialer.ImplicitTLS && inClear(record) {
		return s.injected(StepTLS)
	}
	e := s.lost(StepTLS, err)
	if !broken(err) {
		e.State = Refused
	}
	return e
}

// broken tells the failure of a connection, or that it was closed, from the failure of what came
// through it.
func broken(err error) bool {
	_, system := errors.AsType[syscall.Errno](err)
	return system || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, os.ErrDeadlineExceeded)
}

// inClear tells whether text stands where a TLS record should.
func inClear(record tls.RecordHeaderError) bool {
	return isPrintableASCII(string(record.RecordHeader[:3]))
}
