package submission

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"time"
)

// Defaults of a [Dialer].
const (
	DefaultPort         = 587              // RFC 6409 3.1
	DefaultImplicitPort = 465              // RFC 8314 7.3
	DefaultTimeout      = 5 * time.Minute  // the longest of RFC 5321 4.5.3.2 before the end of a message
	DefaultFinalTimeout = 10 * time.Minute // RFC 5321 4.5.3.2.6
)

// A Dialer says where a server is and how it is reached. Only Host is needed. A Dialer must not be
// changed while it is in use, and may be used by many goroutines at once.
type Dialer struct {
	Host        string         // name or address; the certificate must be for it
	Port        int            // 0 is DefaultPort, or DefaultImplicitPort with ImplicitTLS
	ImplicitTLS bool           // TLS from the first octet on, instead of STARTTLS
	RootCAs     *x509.CertPool // nil is the system's
	Network     string         // "tcp", "tcp4" or "tcp6"; empty is "tcp"
	// Proxy names the proxy for "host:port", nil for none: socks5 (names are resolved here),
	// socks5h (there), http and https (CONNECT). A password in it is sent, never shown.
	Proxy func(hostport string) (*url.URL, error)
	// LocalName is said in EHLO. Empty is the name of this machine if it is fully qualified,
	// else the address of the local end.
	LocalName string
	// Timeout bounds each wait: for a name, a connection, the handshake, a reply, a write.
	Timeout time.Duration
	// FinalTimeout bounds the wait for the reply to a whole message.
	FinalTimeout time.Duration
	// InitialResponse sends AUTH in one line however long it is. Otherwise that is done up to
	// the 512 octets of RFC 4954 4, and longer responses follow an empty challenge.
	InitialResponse bool
	// Chunking sends messages with BDAT (RFC 3030) if the server offers it.
	Chunking bool
	Trace    *Trace
	// Resolver finds the addresses of a name; nil is net.DefaultResolver.
	Resolver Resolver
	// DialContext makes connections, to the proxy if there is one; nil is a net.Dialer's. It is
	// called concurrently for the addresses of a host.
	DialContext func(ctx context.Context, network, address string) (net.Conn, error)
}

// A Resolver finds the addresses of a host, in the order of preference. The network is "ip", "ip4"
// or "ip6". A *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// settled is a copy with all defaults filled in.
func (d *Dialer) settled() *Dialer {
	s := *d
	if s.Port == 0 {
		s.Port = DefaultPort
		if s.ImplicitTLS {
			s.Port = DefaultImplicitPort
		}
	}
	if s.Network == "" {
		s.Network = "tcp"
	}
	if s.Timeout <= 0 {
		s.Timeout = DefaultTimeout
	}
	if s.FinalTimeout <= 0 {
		s.FinalTimeout = DefaultFinalTimeout
	}
	if s.Resolver == nil {
		s.Resolver = net.DefaultResolver
	}
	if s.DialContext == nil {
		s.DialContext = (&net.Dialer{}).DialContext
	}
	return &s
}

func (d *Dialer) hostport() string { return net.JoinHostPort(d.Host, strconv.Itoa(d.Port)) }

// tlsConfig verifies the certificate against the host name that was asked for. Large records cost
// half the time of the growing ones that favor the first octets of a web page.
func (d *Dialer) tlsConfig(host string) *tls.Config {
	return &tls.Config{
		ServerName: host, RootCAs: d.RootCAs, MinVersion: tls.VersionTLS12, DynamicRecordSizingDisabled: true,
	}
}

// fail makes the error of a step before the session exists.
func (d *Dialer) fail(step Step, state State, err error) *Error {
	return &Error{Step: step, State: state, Host: d.Host, Err: err}
}
