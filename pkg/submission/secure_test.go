package submission

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// TestTLSIsVerified has servers whose TLS must not be trusted.
func TestTLSIsVerified(t *testing.T) {
	expired := certificateFor(func(c *x509.Certificate) { c.NotAfter = notBefore.Add(time.Hour) })
	other := certificateFor(func(c *x509.Certificate) {
		c.IPAddresses, c.DNSNames = []net.IP{net.IPv4(192, 0, 2, 7)}, []string{"other.test"}
	})
	unknown := certificateFor(nil)
	old := serverTLS()
	old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	with := func(i identity) *tls.Config { return &tls.Config{Certificates: []tls.Certificate{i.certificate}} }
	rows := []struct {
		name  string
		tls   *tls.Config
		roots *x509.CertPool
		is    func(error) bool
	}{
		{"expired", with(expired), expired.roots, func(err error) bool {
			e, ok := errors.AsType[x509.CertificateInvalidError](err)
			return ok && e.Reason == x509.Expired
		}},
		{"wrong name", with(other), other.roots, func(err error) bool {
			_, ok := errors.AsType[x509.HostnameError](err)
			return ok
		}},
		{"unknown authority", with(unknown), serverIdentity().roots, func(err error) bool {
			_, ok := errors.AsType[x509.UnknownAuthorityError](err)
			return ok
		}},
		{"TLS 1.1", old, serverIdentity().roots, func(err error) bool { return err != nil }},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := served(t, func(conn net.Conn) {
					(&script{t: t, conn: conn, tls: r.tls}).play("S: 220 mail.test\nC: EHLO client.test\nS: 250-mail.test\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\nTLS")
				})
				d.RootCAs = r.roots
				_, err := d.Open(t.Context(), ada(shortToken))
				checkError(t, err, StepTLS, Refused, "")
				if !r.is(err) {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

// served is a dialer whose every connection goes to serve.
func served(t *testing.T, serve func(net.Conn)) *Dialer {
	t.Helper()
	d := scripted(t)
	d.DialContext = func(_ context.Context, _, _ string) (net.Conn, error) {
		client, server := memoryLink(0, 0)
		go serve(server)
		return client, nil
	}
	return d
}

func TestImplicitTLS(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dialed := ""
		d := scripted(t, "TLS\nS: 220 mail.test\nC: EHLO client.test\n"+offers()+signedIn)
		d.ImplicitTLS = true
		dial := d.DialContext
		d.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			dialed = address
			return dial(ctx, network, address)
		}
		s := mustOpen(t, d)
		defer s.Close()
		if dialed != "192.0.2.1:465" || s.TLSState() == nil || s.TLSState().Version != tls.VersionTLS13 {
			t.Errorf("dialed %s, got state %v, want port 465 and TLS 1.3", dialed, s.TLSState())
		}
		if err := s.StartTLS(t.Context()); err != nil {
			t.Errorf("StartTLS: got %v, want nil on an encrypted session", err)
		}
	})
}

func TestImplicitTLSMeetsClearText(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := scripted(t, "S: 220 mail.test ESMTP\nHANG")
		d.ImplicitTLS = true
		_, err := d.Open(t.Context(), ada(shortToken))
		checkError(t, err, StepTLS, Refused, "")
		if errors.Is(err, ErrInjected) {
			t.Errorf("got %v: a server that speaks first on a wrong port is no attack", err)
		}
	})
}

func TestSessionFacts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t, scripted(t, session()))
		defer s.Close()
		if got := s.Greeting().String(); got != "220 mail.test ESMTP" {
			t.Errorf("got greeting %q", got)
		}
		if got := s.RemoteAddr().String(); got != "192.0.2.1:587" {
			t.Errorf("got address %s", got)
		}
		if s.TLSState().Version != tls.VersionTLS13 {
			t.Errorf("got version %x", s.TLSState().Version)
		}
	})
}
