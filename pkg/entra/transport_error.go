package entra

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
)

// Fault is how a request failed below HTTP.
type Fault string

// The faults.
const (
	FaultDNS      Fault = "dns"      // the host name is unknown, or no name server answered
	FaultRefused  Fault = "refused"  // nothing listens at the address
	FaultTimeout  Fault = "timeout"  // no answer in time
	FaultTLS      Fault = "tls"      // the certificate or the handshake
	FaultProxy    Fault = "proxy"    // the proxy is unreachable or said no
	FaultCanceled Fault = "canceled" // the caller ended it
	FaultNetwork  Fault = "network"  // anything else: reset, unreachable
)

// TransportError is a request that got no answer. It holds neither the URL nor the request.
type TransportError struct {
	Step  string
	Host  string // host[:port] of the issuer
	Fault Fault
	Err   error
}

// Error names the host and the cause.
func (e *TransportError) Error() string { return fmt.Sprintf("%s: %s: %v", e.Step, e.Host, e.Err) }

// Unwrap gives the cause, so that a caller can find a *net.DNSError or a *tls.CertificateVerificationError.
func (e *TransportError) Unwrap() error { return e.Err }

// ProxyError is a CONNECT that the proxy answered with another status than 200.
type ProxyError struct{ Status string }

// Error gives the proxy's status line.
func (e *ProxyError) Error() string { return "the proxy answered " + e.Status }

// transportError drops the cause's type when its text is unfit: net/http quotes what it cannot read,
// and a server may have echoed the request there.
func transportError(step, host string, err error, secrets []string) *TransportError {
	var wrapped *url.Error // its text repeats the URL
	for errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	fault := faultOf(err)
	if text := sanitize(scrub(err.Error(), secrets), maxDescription); text != err.Error() {
		err = errors.New(text)
	}
	return &TransportError{step, host, fault, err}
}

func faultOf(err error) Fault {
	switch {
	case errors.Is(err, context.Canceled):
		return FaultCanceled
	case isProxy(err):
		return FaultProxy
	case isTimeout(err):
		return FaultTimeout
	case errors.As(err, new(*net.DNSError)):
		return FaultDNS
	case isRefused(err):
		return FaultRefused
	case isTLS(err):
		return FaultTLS
	default:
		return FaultNetwork
	}
}

func isProxy(err error) bool {
	var op *net.OpError
	return errors.As(err, new(*ProxyError)) || (errors.As(err, &op) && (op.Op == "proxyconnect" || op.Op == "socks connect"))
}

func isTimeout(err error) bool {
	var timed net.Error
	return errors.Is(err, context.DeadlineExceeded) || (errors.As(err, &timed) && timed.Timeout())
}

func isTLS(err error) bool {
	return errors.As(err, new(*tls.CertificateVerificationError)) || errors.As(err, new(tls.RecordHeaderError)) ||
		errors.As(err, new(tls.AlertError)) || errors.As(err, new(x509.UnknownAuthorityError)) ||
		errors.As(err, new(x509.HostnameError)) || errors.As(err, new(x509.CertificateInvalidError)) || isRemoteAlert(err)
}

// isRemoteAlert knows an alert of the peer, which crypto/tls reports as an operation of its own.
func isRemoteAlert(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && (op.Op == "remote error" || op.Op == "local error")
}
