package cmd

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
)

// fromTransport tells from the cause of a broken connection whether it can heal by itself. What
// is not recognized keeps what the caller assumed.
func (f *failure) fromTransport(err error) {
	var (
		dns       *net.DNSError
		authority x509.UnknownAuthorityError
		name      x509.HostnameError
		invalid   x509.CertificateInvalidError
		verify    *tls.CertificateVerificationError
		record    tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		f.set(exitNoHost, "net.dns", "check the host name, and the name servers of this machine")
	case errors.As(err, &dns):
		f.set(exitTemporary, "net.dns", "check the name servers of this machine, then repeat the call")
	case errors.As(err, &authority):
		f.set(exitUnavailable, "tls.unknown-ca", "if a device inspects TLS here, add its certificate authority with --ca-file")
	case errors.As(err, &name):
		f.set(exitUnavailable, "tls.wrong-name", "use the server's own name as --smtp-host, never an address or an alias")
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		f.set(exitUnavailable, "tls.expired", "check the clock of this machine; else the server's certificate has to be renewed")
	case errors.As(err, &verify), errors.As(err, &record):
		f.set(exitUnavailable, "tls.handshake", "")
	}
}

func (f *failure) set(exit int, code, try string) {
	f.exit, f.code, f.try = exit, code, try
}
