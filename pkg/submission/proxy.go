package submission

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"

	"golang.org/x/net/proxy"
)

// A ProxyError is an HTTP proxy's refusal to connect us.
type ProxyError struct {
	Status int    // 407: it wants another user name and password
	Reason string // its words, safe to print
}

// Error gives status and words.
func (e *ProxyError) Error() string {
	return fmt.Sprintf("the proxy answered %d %s", e.Status, e.Reason)
}

// ErrProxyScheme means that a proxy is neither socks5, socks5h, http nor https, or has no host.
var ErrProxyScheme = errors.New("a proxy must be socks5://, socks5h://, http:// or https:// with a host")

// connect reaches the server, directly or through the proxy.
func (d *Dialer) connect(ctx context.Context, m *mark) (net.Conn, error) {
	through, err := d.proxy()
	if err != nil {
		return nil, d.done(m, StepProxy, Refused, err)
	}
	if through != nil {
		return d.connectThrough(ctx, through, m)
	}
	addresses, err := d.addresses(ctx, d.Host, d.Port)
	if err != nil {
		return nil, d.done(m, StepResolve, stateOfLookup(err), err)
	}
	m.done(StepResolve, nil)
	conn, err := d.race(ctx, addresses)
	if err != nil {
		return nil, d.done(m, StepConnect, Deferred, err)
	}
	m.done(StepConnect, nil)
	return conn, nil
}

// done ends a step that failed.
func (d *Dialer) done(m *mark, step Step, state State, err error) *Error {
	m.done(step, err)
	return d.fail(step, state, err)
}

// proxy is the proxy to use, checked; nil for none.
func (d *Dialer) proxy() (*url.URL, error) {
	if d.Proxy == nil {
		return nil, nil //nolint:nilnil // no proxy is no error
	}
	through, err := d.Proxy(d.hostport())
	if err != nil || through == nil {
		return nil, err
	}
	if proxyPort(through.Scheme) == 0 || through.Hostname() == "" {
		return nil, ErrProxyScheme
	}
	return through, nil
}

// proxyPort is the port that a scheme implies (RFC 1928 3, RFC 9110 4.2), 0 for a scheme that is not
// a proxy's.
func proxyPort(scheme string) int {
	switch scheme {
	case "socks5", "socks5h":
		return 1080
	case "http":
		return 80
	case "https":
		return 443
	}
	return 0
}

func (d *Dialer) connectThrough(ctx context.Context, through *url.URL, m *mark) (net.Conn, error) {
	ctx, cancel := d.patience(ctx, "no connection through the proxy")
	defer cancel()
	open := d.tunnel
	if through.Scheme == "socks5" || through.Scheme == "socks5h" {
		open = d.socks
	}
	conn, err := open(ctx, through)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return nil, d.done(m, StepProxy, stateOfProxy(err), err)
	}
	m.done(StepProxy, nil)
	return conn, nil
}

// stateOfProxy: a proxy that cannot reach the server now (RFC 9110 15.6) may reach it later.
func stateOfProxy(err error) State {
	refusal, ok := errors.AsType[*ProxyError](err)
	if ok && refusal.Status < 500 || errors.Is(err, ErrProtocol) {
		return Refused
	}
	return stateOfLookup(err)
}

// dialProxy connects to the proxy itself.
func (d *Dialer) dialProxy(ctx context.Context, through *url.URL) (net.Conn, error) {
	port := proxyPort(through.Scheme)
	if text := through.Port(); text != "" {
		port, _ = strconv.Atoi(text) // url.Parse let only digits pass
	}
	addresses, err := d.addresses(ctx, through.Hostname(), port)
	if err != nil {
		return nil, err
	}
	return d.race(ctx, addresses)
}

// forward lets package proxy dial with our own dialer.
type forward func(ctx context.Context) (net.Conn, error)

// DialContext connects to the proxy, whatever the arguments say.
func (f forward) DialContext(ctx context.Context, _, _ string) (net.Conn, error) { return f(ctx) }

// Dial is there because package proxy asks for it.
func (f forward) Dial(_, _ string) (net.Conn, error) { return f(context.Background()) }

// socks connects through a SOCKS5 proxy. With socks5 the name is resolved here, and the addresses
// are tried one after the other.
func (d *Dialer) socks(ctx context.Context, through *url.URL) (net.Conn, error) {
	targets := []string{d.hostport()}
	if through.Scheme == "socks5" {
		var err error
		if targets, err = d.addresses(ctx, d.Host, d.Port); err != nil {
			return nil, err
		}
	}
	var auth *proxy.Auth
	if through.User != nil {
		password, _ := through.User.Password()
		auth = &proxy.Auth{User: through.User.Username(), Password: password}
	}
	dial := forward(func(ctx context.Context) (net.Conn, error) { return d.dialProxy(ctx, through) })
	dialer, err := proxy.SOCKS5("tcp", through.Host, auth, dial)
	if err != nil {
		return nil, err
	}
	var failure error
	for _, target := range targets {
		conn, err := dialer.(proxy.ContextDialer).DialContext(ctx, "tcp", target)
		if err == nil {
			return conn, nil
		}
		failure = joinErrors(failure, err)
	}
	return nil, failure
}
