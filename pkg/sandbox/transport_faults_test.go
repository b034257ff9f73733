package sandbox

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"syscall"
	"testing"
)

// goTo brings a session to a step: the next thing that the server would say is what is cut.
func (w *wire) goTo(at step) {
	w.t.Helper()
	switch at {
	case stepConnect, stepGreeting:
	case stepEHLO:
		w.want("220 ")
		w.send("EHLO client.contoso.example\r\n")
	case stepSTARTTLS:
		w.greeted().send("STARTTLS\r\n")
	case stepTLS:
		w.greeted().ask("STARTTLS", "220 ")
		w.send("\x16\x03\x01")
	case stepEHLOTLS:
		w.greeted().ask("STARTTLS", "220 ")
		if err := w.handshake(&tls.Config{}); err != nil {
			w.t.Fatal(err)
		}
		w.send("EHLO client.contoso.example\r\n")
	case stepAuth:
		w.secured().send("AUTH XOAUTH2\r\n")
	case stepAuthResponse:
		w.secured().ask("AUTH XOAUTH2", "334 \r\n")
		w.send(xoauth2(SharedMailbox, w.s.testToken(w.t)) + "\r\n")
	default:
		w.goToMessage(at)
	}
}

func (w *wire) goToMessage(at step) {
	w.t.Helper()
	switch at {
	case stepMail:
		w.signedIn().send("MAIL FROM:<>\r\n")
	case stepRcpt:
		w.signedIn().ask("MAIL FROM:<>", "250")
		w.send("RCPT TO:<ada@contoso.example>\r\n")
	case stepData:
		w.addressed().send("DATA\r\n")
	case stepContent:
		w.addressed().ask("DATA", "354 ")
		w.send("From:")
	case stepReply:
		w.addressed().ask("DATA", "354 ")
		w.send(letter("x") + ".\r\n")
	default:
		w.t.Fatalf("no such step: %s", at)
	}
}

// The half of the greeting that is said before the step greeting.
func (w *wire) wantHalfGreeting() {
	w.t.Helper()
	got := make([]byte, 20)
	if _, err := w.r.Read(got); err != nil || !strings.HasPrefix(string(got), "220 SANDBOX") {
		w.t.Fatalf("got %q, %v", got, err)
	}
	w.r.Discard(w.r.Buffered())
}

func TestResets(t *testing.T) {
	for _, s := range steps() {
		t.Run(string(s.step), func(t *testing.T) {
			t.Parallel()
			w := connect(t, withFaults(t, s.step.resetID()))
			w.goTo(s.step)
			if s.step == stepGreeting {
				w.wantHalfGreeting()
			}
			if err := w.wantEnd(); !errors.Is(err, syscall.ECONNRESET) && !isWindowsReset(err) {
				t.Errorf("got %v, want a reset", err)
			}
			if n := len(w.s.Messages()); n != 0 {
				t.Errorf("%d messages were kept", n)
			}
		})
	}
}

// isWindowsReset tells WSAECONNRESET, which has a number of its own.
func isWindowsReset(err error) bool {
	var number syscall.Errno
	return errors.As(err, &number) && number == 10054
}

func TestHangs(t *testing.T) {
	for _, s := range steps() {
		if s.step == stepConnect {
			continue
		}
		t.Run(string(s.step), func(t *testing.T) {
			t.Parallel()
			w := connect(t, withFaults(t, s.step.hangID()))
			w.goTo(s.step)
			if s.step == stepGreeting {
				w.wantHalfGreeting()
			}
			w.wantSilence()
			w.s.Close() // ends the session although the fault never would
			w.conn.SetDeadline(noDeadline())
			w.wantEnd()
			if n := len(w.s.Messages()); n != 0 {
				t.Errorf("%d messages were kept", n)
			}
		})
	}
}

func TestServerThatStopsReading(t *testing.T) {
	w := connect(t, withFaults(t, "net.hang-content"))
	w.goTo(stepContent)
	w.wantSilence()
	w.conn.SetWriteDeadline(soon())
	piece := []byte(strings.Repeat("x", 1<<20))
	for range 256 {
		if _, err := w.conn.Write(piece); err != nil {
			if !isTimeout(err) {
				t.Errorf("got %v, want a write that does not end", err)
			}
			return
		}
	}
	t.Error("256 MB were taken")
}

func TestSilence(t *testing.T) {
	connect(t, withFaults(t, "net.silent")).wantSilence()
}

func TestSettingsThatLeadNowhere(t *testing.T) {
	s := withFaults(t, "net.refused")
	if conn, err := net.Dial("tcp", s.SMTPAddr()); err == nil {
		conn.Close()
		t.Error("net.refused: connected")
	}
	s = withFaults(t, "net.dns")
	if got := s.Settings()["O365MAIL_SMTP_HOST"]; !strings.HasSuffix(got, ".onion") {
		t.Errorf("net.dns: got host %s", got)
	}
}

func TestTLSFaults(t *testing.T) {
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	for id, fits := range map[string]func(error) bool{
		"tls.unknown-ca": func(err error) bool { return errors.As(err, &authority) },
		"tls.wrong-name": func(err error) bool { return errors.As(err, &name) },
		"tls.expired":    func(err error) bool { return errors.As(err, &invalid) && invalid.Reason == x509.Expired },
		"tls.old":        func(err error) bool { return err != nil && strings.Contains(err.Error(), "protocol version") },
	} {
		w := connect(t, withFaults(t, id)).greeted()
		w.ask("STARTTLS", "220 ")
		if err := w.handshake(&tls.Config{}); !fits(err) {
			t.Errorf("%s: got %v", id, err)
		}
	}
}

func TestOldTLSIsSpoken(t *testing.T) {
	w := connect(t, withFaults(t, "tls.old")).greeted()
	w.ask("STARTTLS", "220 ")
	if err := w.handshake(&tls.Config{MinVersion: tls.VersionTLS10}); err != nil {
		t.Fatal(err)
	}
	if got := w.conn.(*tls.Conn).ConnectionState().Version; got != tls.VersionTLS11 {
		t.Errorf("got %s", tls.VersionName(got))
	}
}

func TestNoSTARTTLS(t *testing.T) {
	w := connect(t, withFaults(t, "tls.no-starttls"))
	w.want("220 ")
	if got := w.ask("EHLO client.contoso.example", "250-"); strings.Contains(got, "STARTTLS") {
		t.Errorf("offered: %q", got)
	}
	w.ask("STARTTLS", replyUnrecognized)
}

func TestInjectedReply(t *testing.T) {
	w := connect(t, withFaults(t, "tls.injected")).greeted()
	w.ask("STARTTLS", "220 2.0.0 SMTP server ready\r\n")
	if got, err := w.r.Peek(4); err != nil || string(got) != "250-" {
		t.Errorf("got %q, %v behind the 220", got, err)
	}
}
