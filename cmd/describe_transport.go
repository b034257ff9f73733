package cmd

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"syscall"
)

// fromTransport tells from the cause of a broken connection whether it can heal by itself. What
// is not recognized keeps what the caller assumed.
func (f *failure) fromTransport(err error) {
	var (
		dns       *net.DNSError
		none      *net.AddrError // a name without an address of the family asked for
		authority x509.UnknownAuthorityError
		name      x509.HostnameError
		invalid   x509.CertificateInvalidError
		verify    *tls.CertificateVerificationError
		record    tls.RecordHeaderError
		operation *net.OpError
		wait      net.Error
	)
	switch {
	case errors.As(err, &dns) && dns.IsNotFound, errors.As(err, &none):
		f.set(exitNoHost, "net.dns", "check the host name, and the name servers of this machine")
	case errors.As(err, &dns):
		f.set(exitTemporary, "net.dns", "check the name servers of this machine, then repeat the call")
	case errors.As(err, &authority):
		f.set(exitUnavailable, "tls.unknown-ca", "if a device inspects TLS here, add its certificate authority with --ca-file")
		if authority.Cert != nil {
			f.why += fmt.Sprintf(" (the certificate was issued by %q)", authority.Cert.Issuer)
		}
	case errors.As(err, &name):
		f.set(exitUnavailable, "tls.wrong-name", "use the server's own name as --smtp-host, never an address or an alias")
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		f.set(exitUnavailable, "tls.expired", "check the clock of this machine; else the server's certificate has to be renewed")
	case errors.As(err, &operation) && operation.Op == "remote error": // an alert: crypto/tls gives it no type
		f.set(exitUnavailable, "tls.handshake", "update the server, or whatever inspects TLS on the way: it has to speak TLS 1.2 or newer")
	case errors.As(err, &verify), errors.As(err, &record):
		f.set(exitUnavailable, "tls.handshake", "check the port, and --smtp-tls: starttls on 587, implicit on 465")
	case errors.Is(err, syscall.ECONNREFUSED):
		f.set(exitTemporary, "net.refused", "check host and port, and that no firewall is in the way; nothing was sent")
	case errors.As(err, &wait) && wait.Timeout():
		f.set(exitTemporary, "net.timeout", "check that no firewall is in the way, or raise --timeout; nothing was sent")
	}
}

func (f *failure) set(exit int, code, try string) {
	f.exit, f.code, f.try = exit, code, try
}
