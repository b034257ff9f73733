package submission

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"
)

// quitTimeout bounds the write of QUIT and the end of TLS: the work is done, and nobody should wait for
// a server that has stopped reading.
const quitTimeout = 250 * time.Millisecond

// A Session is one conversation with a server. It is used by one goroutine at a time. After an error
// that ended the conversation every method fails with [ErrClosed].
type Session struct {
	dialer     *Dialer
	link       *link
	mark       *mark
	greeting   Reply
	extensions Extensions
	encrypted  *tls.ConnectionState
	owed       int    // replies to RSET that were not waited for
	content    []byte // buffer of the messages
}

// Connect reaches the server and says EHLO, with TLS before that if it is implicit. It races the
// addresses of the host as RFC 8305 says. Errors are *[Error], also for the end of ctx.
func (d *Dialer) Connect(ctx context.Context) (*Session, error) {
	d = d.settled()
	if !validHost(d.Host) {
		return nil, d.fail(StepResolve, Refused, ErrHost)
	}
	m := newMark(d.Trace)
	conn, err := d.connect(ctx, m)
	if err != nil {
		return nil, err
	}
	s := &Session{dialer: d, link: newLink(conn, d.Timeout), mark: m}
	defer s.link.bind(ctx)()
	if err := s.begin(); err != nil {
		s.link.close()
		return nil, err
	}
	return s, nil
}

// Dial connects and encrypts.
func (d *Dialer) Dial(ctx context.Context) (*Session, error) {
	s, err := d.Connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.StartTLS(ctx); err != nil {
		s.link.close()
		return nil, err
	}
	return s, nil
}

func (s *Session) begin() error {
	if s.dialer.ImplicitTLS {
		if err := s.handshake(); err != nil {
			return err
		}
	}
	reply, err := s.hear()
	if err := s.conclude(StepGreeting, reply, err, 220); err != nil {
		return err
	}
	s.greeting = reply
	return s.hello()
}

// hello says EHLO. A server that refuses it knows neither STARTTLS nor AUTH, so that there is nothing
// to fall back to.
func (s *Session) hello() error {
	name, err := s.dialer.localName(s.link.raw.LocalAddr())
	if err != nil {
		return s.finish(StepEHLO, s.dialer.fail(StepEHLO, Refused, err))
	}
	reply, err := s.ask("EHLO "+name, "EHLO "+name)
	if err := s.conclude(StepEHLO, reply, err, 250); err != nil {
		return err
	}
	s.extensions = parseExtensions(reply)
	return nil
}

// ask writes one command and waits for its reply. shown is the line for the transcript.
func (s *Session) ask(line, shown string) (Reply, error) {
	s.dialer.Trace.sent(shown)
	_ = s.link.write([]byte(line + "\r\n")) // a failure shows in the reply
	return s.hear()
}

// hear waits for a reply.
func (s *Session) hear() (Reply, error) {
	reply, err := s.link.readReply(s.dialer.Timeout)
	switch {
	case err != nil:
	case reply.Code == 334:
		s.dialer.Trace.reply(Reply{Code: 334, Lines: []string{s.challenge(reply)}})
	default:
		s.dialer.Trace.reply(reply)
	}
	return reply, err
}

// challenge is the text of a 334. It is shown decoded, since base64 would hide from us that a server
// repeats the token in it.
func (s *Session) challenge(r Reply) string { return s.link.masks.hide(decodeChallenge(r)) }

// conclude ends a step that had one reply.
func (s *Session) conclude(step Step, reply Reply, err error, want int) error {
	return s.finish(step, s.judge(step, reply, err, want))
}

// finish ends a step.
func (s *Session) finish(step Step, e *Error) error {
	if e == nil {
		s.mark.done(step, nil)
		return nil
	}
	s.mark.done(step, e)
	return e
}

// nothing is what judge is told to hope for when no reply can be good.
const nothing = 0

// judge tells what a reply means where want was hoped for: a code, or a first digit. A failure of
// the connection and a reply that cannot be one end the session; so does 421, RFC 5321 3.8.
func (s *Session) judge(step Step, reply Reply, err error, want int) *Error {
	if err != nil {
		return s.lost(step, err)
	}
	if reply.Code == want || reply.Code/100 == want {
		return nil
	}
	if reply.Code < 400 {
		return s.lost(step, protocolError("%q in reply to %s", reply.String(), step))
	}
	if reply.Code == 421 {
		s.link.end(fmt.Errorf("%w: %s", ErrClosed, reply))
	}
	return &Error{Step: step, State: stateOfCode(reply.Code), Host: s.dialer.Host, Reply: &reply}
}

// lost ends the session with what went wrong. A broken rule is final; a broken connection may work
// the next time, since nothing was stored.
func (s *Session) lost(step Step, err error) *Error {
	err = s.link.explain(err)
	s.link.close()
	state := Deferred
	if errors.Is(err, ErrProtocol) {
		state = Refused
	}
	return &Error{Step: step, State: state, Host: s.dialer.Host, Err: err}
}

// ready tells why nothing can be asked, if so.
func (s *Session) ready(ctx context.Context, step Step) error {
	switch {
	case ctx.Err() != nil:
		return s.lost(step, context.Cause(ctx))
	case s.link.dead():
		return s.dialer.fail(step, Deferred, s.link.explain(ErrClosed))
	case s.encrypted == nil:
		return s.dialer.fail(step, Refused, ErrNotEncrypted)
	}
	return nil
}

// Extensions are what the server offers now: before and after STARTTLS they differ.
func (s *Session) Extensions() Extensions { return s.extensions }

// Greeting is the reply with which the server began.
func (s *Session) Greeting() Reply { return s.greeting }

// TLSState tells version, cipher and certificates; nil while the session is not encrypted.
func (s *Session) TLSState() *tls.ConnectionState { return s.encrypted }

// RemoteAddr is the other end of the connection: the server, or the proxy.
func (s *Session) RemoteAddr() net.Addr { return s.link.raw.RemoteAddr() }

// Close says QUIT and closes the connection without waiting for the answer: everything that matters
// has been answered. It returns at once even if the server has stopped reading, and its error says
// nothing about messages.
func (s *Session) Close() error {
	if s.link.dead() {
		return nil
	}
	defer s.link.close()
	defer time.AfterFunc(quitTimeout, s.link.close).Stop()
	s.dialer.Trace.sent("QUIT")
	if _, err := s.link.conn.Write([]byte("QUIT\r\n")); err != nil {
		return err
	}
	return s.link.conn.Close()
}
