package sandbox

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// testKeys are made once: making them is nearly all of a start.
var testKeys = sync.OnceValues(func() (*keys, error) {
	return newKeys(Config{}.certificateNames(), "o365mail", time.Now())
})

// begin starts a sandbox with the keys of all tests.
func begin(ctx context.Context, config Config) (*Sandbox, error) {
	keys, err := testKeys()
	if err != nil {
		return nil, err
	}
	script, err := newScript(config.Faults)
	if err != nil {
		return nil, err
	}
	return start(ctx, config.withDefaults(), script, keys)
}

// open starts a sandbox that ends with the test.
func open(t *testing.T, config Config) *Sandbox {
	t.Helper()
	if config.Dir == "" {
		config.Dir = t.TempDir()
	}
	s, err := begin(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

func withFaults(t *testing.T, faults ...string) *Sandbox {
	t.Helper()
	return open(t, Config{Faults: faults})
}

func roots(t *testing.T, s *Sandbox) *x509.CertPool {
	t.Helper()
	pem, err := os.ReadFile(s.CAFile())
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		t.Fatal("no certificate in the CA file")
	}
	return pool
}

// wire is a scripted client. Nothing of the package's own code is in it.
type wire struct {
	t    *testing.T
	s    *Sandbox
	conn net.Conn
	r    *bufio.Reader
}

const patience = 10 * time.Second

func noDeadline() time.Time { return time.Time{} }

func soon() time.Time { return time.Now().Add(200 * time.Millisecond) }

func connect(t *testing.T, s *Sandbox) *wire {
	t.Helper()
	conn, err := net.Dial("tcp", s.SMTPAddr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	w := &wire{t: t, s: s}
	w.use(conn)
	return w
}

func (w *wire) use(conn net.Conn) {
	w.conn, w.r = conn, bufio.NewReaderSize(conn, 64<<10)
	conn.SetDeadline(time.Now().Add(patience))
}

func (w *wire) send(text string) {
	w.t.Helper()
	if _, err := io.WriteString(w.conn, text); err != nil {
		w.t.Fatalf("send %.40q: %v", text, err)
	}
}

// read gives a whole reply, or what came before the error.
func (w *wire) read() (string, error) {
	var reply strings.Builder
	for {
		line, err := w.r.ReadString('\n')
		reply.WriteString(line)
		if err != nil || len(line) < 4 || line[3] != '-' {
			return reply.String(), err
		}
	}
}

// want reads a reply and compares its beginning.
func (w *wire) want(prefix string) string {
	w.t.Helper()
	got, err := w.read()
	if err != nil {
		w.t.Fatalf("got %q and %v, want %q", got, err, prefix)
	}
	if !strings.HasPrefix(got, prefix) {
		w.t.Fatalf("got %q, want %q", got, prefix)
	}
	return got
}

// ask sends a command and wants a reply.
func (w *wire) ask(command, prefix string) string {
	w.t.Helper()
	w.send(command + "\r\n")
	return w.want(prefix)
}

// wantEnd wants the connection to be over, with nothing more said.
func (w *wire) wantEnd() error {
	w.t.Helper()
	rest, err := io.ReadAll(w.r)
	if len(rest) > 0 {
		w.t.Errorf("got %q before the end", rest)
	}
	if isTimeout(err) {
		w.t.Error("the connection is still open")
	}
	return err
}

func isTimeout(err error) bool {
	var ne net.Error
	return errors.As(err, &ne) && ne.Timeout()
}

// wantSilence wants the connection to stay, with nothing said for a while.
func (w *wire) wantSilence() {
	w.t.Helper()
	w.conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	got, err := w.r.ReadString('\n')
	if !isTimeout(err) {
		w.t.Errorf("got %q and %v, want silence", got, err)
	}
}

func (w *wire) handshake(config *tls.Config) error {
	config.RootCAs = roots(w.t, w.s)
	if config.ServerName == "" {
		config.ServerName = "127.0.0.1"
	}
	conn := tls.Client(w.conn, config)
	if err := conn.Handshake(); err != nil {
		return err
	}
	w.use(conn)
	return nil
}

// The script of a submission up to some step.

func (w *wire) greeted() *wire {
	w.t.Helper()
	w.want("220 ")
	w.ask("EHLO client.contoso.example", "250-")
	return w
}

func (w *wire) secured() *wire {
	w.t.Helper()
	w.greeted().ask("STARTTLS", "220 2.0.0 SMTP server ready\r\n")
	if err := w.handshake(&tls.Config{}); err != nil {
		w.t.Fatal(err)
	}
	w.ask("EHLO client.contoso.example", "250-")
	return w
}

func (w *wire) signedIn() *wire { w.t.Helper(); return w.signedInAs(SharedMailbox) }

func (w *wire) signedInAs(mailbox string) *wire {
	w.t.Helper()
	w.secured().ask("AUTH XOAUTH2", "334 \r\n")
	w.ask(xoauth2(mailbox, w.s.testToken(w.t)), "235 2.7.0 Authentication successful\r\n")
	return w
}

func (w *wire) addressed() *wire {
	w.t.Helper()
	w.signedIn().ask("MAIL FROM:<"+SharedMailbox+">", "250 2.1.0 Sender OK\r\n")
	w.ask("RCPT TO:<ada@contoso.example>", "250 2.1.5 Recipient OK\r\n")
	return w
}

func xoauth2(user, token string) string {
	return base64.StdEncoding.EncodeToString([]byte("user=" + user + "\x01auth=Bearer " + token + "\x01\x01"))
}

// testToken is a token of the first application.
func (s *Sandbox) testToken(t *testing.T) string {
	t.Helper()
	token, err := s.appToken(s.app(), resourceExchange, bySecret)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func letter(lines ...string) string {
	head := []string{"From: Alerts <" + SharedMailbox + ">", "Message-ID: <1@contoso.example>", "Subject: test", ""}
	return strings.Join(append(head, lines...), "\r\n") + "\r\n"
}

// deliver sends a message after addressed and wants a reply to it.
func (w *wire) deliver(message, prefix string) string {
	w.t.Helper()
	w.ask("DATA", "354 ")
	w.send(message + ".\r\n")
	return w.want(prefix)
}

func pipe(t *testing.T) (near, far net.Conn) {
	t.Helper()
	near, far = net.Pipe()
	t.Cleanup(func() { near.Close(); far.Close() })
	return near, far
}
