package doctor

import (
	"context"
	"crypto/tls"
	"errors"
	"net"

	"github.com/o365mail/o365mail/pkg/submission"
)

// opened is the session before it is encrypted.
type opened struct {
	session  *submission.Session
	err      *submission.Error
	greeting submission.Reply
	offered  submission.Extensions
}

// open makes a session of the connection that the look at the network left, or through the proxy.
func (x *examination) open(ctx context.Context) *opened {
	d := x.Dialer
	if !x.Proxied {
		f := x.families.get(ctx)
		dial := f.handOver(d.DialContext)
		d.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dial(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &heardConn{conn, &x.heard}, nil
		}
	}
	s, err := d.Connect(ctx)
	if err != nil {
		return &opened{err: asRefusal(err)}
	}
	return &opened{s, nil, s.Greeting(), s.Extensions()}
}

// handOver gives the kept connection to whoever dials first, IPv4's if there are both; the other one
// is closed. Whoever dials again makes a connection.
func (f *families) handOver(dial func(context.Context, string, string) (net.Conn, error)) func(context.Context, string, string) (net.Conn, error) {
	kept := make(chan net.Conn, 1)
	switch {
	case f.v4.conn != nil:
		kept <- f.v4.conn
		if f.v6.conn != nil {
			_ = f.v6.conn.Close()
		}
	case f.v6.conn != nil:
		kept <- f.v6.conn
	}
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		select {
		case conn := <-kept:
			return conn, nil
		default:
			return dial(ctx, network, address)
		}
	}
}

// asRefusal is the error of the submission engine. Another one is a broken connection.
func asRefusal(err error) *submission.Error {
	if e, ok := errors.AsType[*submission.Error](err); ok {
		return e
	}
	return &submission.Error{Step: submission.StepConnect, State: submission.Deferred, Err: err}
}

// secured is the session under TLS.
type secured struct {
	err     *submission.Error
	state   *tls.ConnectionState
	offered submission.Extensions
}

func (x *examination) encrypt(ctx context.Context) *secured {
	o := x.session.get(ctx)
	if o.session == nil {
		return &secured{err: earlier(o.err)}
	}
	if err := o.session.StartTLS(ctx); err != nil {
		return &secured{err: asRefusal(err), state: o.session.TLSState()}
	}
	return &secured{state: o.session.TLSState(), offered: o.session.Extensions()}
}

// What stands for a step that an earlier one made impossible, when a selection left out the check that
// would have told, or the time of the run was over.
var (
	errUnreached = errors.New("the time was over before its turn came")
	errNoToken   = errors.New("there is no token to sign in with")
)

// earlier is why a step could not be tried: the error of the one before it, if there is one.
func earlier(e *submission.Error) *submission.Error {
	if e == nil {
		e = unreached(errUnreached)
	}
	return e
}

func unreached(err error) *submission.Error {
	return &submission.Error{Step: submission.StepConnect, State: submission.Deferred, Err: err}
}

// close ends what the run left open.
func (x *examination) close() {
	if f, ok := x.families.known(); ok {
		for _, r := range []reach{f.v4, f.v6} {
			if r.conn != nil {
				defer func() { _ = r.conn.Close() }()
			}
		}
	}
	if o, ok := x.session.known(); ok && o.session != nil {
		_ = o.session.Close()
	}
}
