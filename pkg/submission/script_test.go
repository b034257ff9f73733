package submission

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// The clock of a synctest bubble begins in the year 2000.
var (
	notBefore = time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC)
	notAfter  = time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)
)

const serverAddress = "192.0.2.1"

type identity struct {
	certificate tls.Certificate
	roots       *x509.CertPool
}

// certificateFor makes a certificate that is its own authority.
func certificateFor(change func(*x509.Certificate)) identity {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail.test"},
		NotBefore: notBefore, NotAfter: notAfter,
		IPAddresses: []net.IP{net.ParseIP(serverAddress), net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"mail.test"},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	if change != nil {
		change(template)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return identity{tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots}
}

var serverIdentity = sync.OnceValue(func() identity { return certificateFor(nil) })

// A script is what a server says and hears, one line each:
//
//	S: text       says a line
//	S| text       says it without an end; \r\n stands for CRLF
//	C: text       hears exactly this line
//	C? text       hears a line that begins so
//	TLS           goes over to TLS
//	DATA n        hears n octets
//	SLEEP 10ms    does nothing for a while
//	QUIET         has heard nothing more by now
//	DRIP          says everything octet by octet from here on
//	CLOSE         closes the connection
//	HANG          hears nothing more, and waits for the client to go away
//	GONE          expects that the client closes without another word
//
// The end of the script is GONE.
type script struct {
	t      testing.TB
	conn   net.Conn
	reader *bufio.Reader
	tls    *tls.Config
	drip   bool
	heard  bytes.Buffer // by DATA
}

func serverTLS() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{serverIdentity().certificate}}
}

// play runs a script to its end, or to the first deviation.
func (s *script) play(text string) {
	defer s.conn.Close()
	s.reader = bufio.NewReaderSize(s.conn, 64<<10)
	for line := range strings.Lines(strings.TrimSpace(text) + "\nGONE") {
		line = strings.TrimSuffix(strings.TrimLeft(line, "\t"), "\n")
		if line != "" && !s.step(line) {
			return
		}
	}
}

func (s *script) step(line string) bool {
	verb, argument, _ := strings.Cut(line, " ")
	switch verb {
	case "S:":
		return s.say(argument + "\r\n")
	case "S|":
		return s.say(strings.ReplaceAll(argument, `\r\n`, "\r\n"))
	case "C:", "C?":
		return s.hear(argument, verb == "C?")
	case "TLS":
		conn := tls.Server(s.conn, s.tls)
		s.conn, s.reader = conn, bufio.NewReaderSize(conn, 64<<10)
		return conn.Handshake() == nil
	case "DATA":
		n, _ := strconv.Atoi(argument)
		_, err := io.CopyN(&s.heard, s.reader, int64(n))
		return err == nil
	case "SLEEP":
		d, _ := time.ParseDuration(argument)
		time.Sleep(d)
	case "QUIET":
		s.quiet()
	case "DRIP":
		s.drip = true
	case "CLOSE":
		return false
	case "HANG":
		s.hang()
		return false
	case "GONE":
		return s.gone()
	default:
		s.t.Errorf("script: %q", line)
	}
	return true
}

func (s *script) say(text string) bool {
	if s.drip {
		for i := range len(text) {
			time.Sleep(time.Millisecond)
			if _, err := s.conn.Write([]byte(text[i : i+1])); err != nil {
				return false
			}
		}
		return true
	}
	_, err := s.conn.Write([]byte(text))
	return err == nil
}

func (s *script) hear(want string, prefix bool) bool {
	line, err := s.reader.ReadString('\n')
	got := strings.TrimSuffix(line, "\r\n")
	if err != nil || got != want && (!prefix || !strings.HasPrefix(got, want)) {
		s.t.Errorf("server heard %.120q (%v), want %q", line, err, want)
		return false
	}
	return true
}

// quiet fails if the client has sent more than it should before a reply.
func (s *script) quiet() {
	time.Sleep(time.Second)
	memory := s.memory()
	memory.in.mu.Lock()
	defer memory.in.mu.Unlock()
	if s.reader.Buffered() > 0 || memory.in.held > 0 {
		more, _ := s.reader.Peek(s.reader.Buffered())
		s.t.Errorf("server heard %q and %d octets where the client should wait", more, memory.in.held)
	}
}

func (s *script) memory() *memoryConn {
	if conn, ok := s.conn.(*tls.Conn); ok {
		return conn.NetConn().(*memoryConn)
	}
	return s.conn.(*memoryConn)
}

// hang keeps the connection without reading from it.
func (s *script) hang() {
	memory := s.memory()
	memory.in.mu.Lock()
	defer memory.in.mu.Unlock()
	for !memory.in.ended {
		memory.in.changed.Wait()
	}
}

func (s *script) gone() bool {
	rest, err := io.ReadAll(s.reader)
	if text := string(rest); text != "" && text != "QUIT\r\n" {
		s.t.Errorf("server heard %.200q at the end (%v), want at most QUIT", text, err)
	}
	return false
}

// dialers of tests reach servers that play the scripts, one for each connection in turn.
func scripted(t *testing.T, scripts ...string) *Dialer {
	t.Helper()
	return scriptedOver(t, 0, 0, scripts...)
}

func scriptedOver(t *testing.T, rtt time.Duration, window int, scripts ...string) *Dialer {
	t.Helper()
	dialed := 0
	var serving sync.WaitGroup
	d := &Dialer{Host: serverAddress, RootCAs: serverIdentity().roots, LocalName: "client.test", Timeout: time.Minute}
	d.DialContext = func(context.Context, string, string) (net.Conn, error) {
		if dialed == len(scripts) {
			t.Errorf("connection %d was dialed, want %d", dialed+1, len(scripts))
			return nil, net.ErrClosed
		}
		text := scripts[dialed]
		dialed++
		time.Sleep(rtt)
		client, server := memoryLink(rtt/2, window)
		serving.Go(func() {
			time.Sleep(rtt / 2)
			(&script{t: t, conn: server, tls: serverTLS()}).play(text)
		})
		return client, nil
	}
	t.Cleanup(func() {
		serving.Wait()
		if dialed != len(scripts) {
			t.Errorf("%d connections were dialed, want %d", dialed, len(scripts))
		}
	})
	return d
}

// greetingTo opens a session up to the second EHLO.
const greeting = `
	S: 220 mail.test ESMTP
	C: EHLO client.test
	S: 250-mail.test
	S: 250-PIPELINING
	S: 250 STARTTLS
	C: STARTTLS
	S: 220 2.0.0 go on
	TLS
	C: EHLO client.test
`

// offers is the reply to EHLO under TLS.
func offers(extensions ...string) string {
	text := "S: 250-mail.test\n"
	for _, e := range append(extensions, "ENHANCEDSTATUSCODES") {
		text += "S: 250-" + e + "\n"
	}
	return text + "S: 250 AUTH LOGIN XOAUTH2\n"
}

const shortResponse = "dXNlcj1hZGFAY29udG9zby5leGFtcGxlAWF1dGg9QmVhcmVyIHNob3J0LXRva2VuLW9mLWFkYQEB"

const signedIn = `
	C: AUTH XOAUTH2 ` + shortResponse + `
	S: 235 2.7.0 Authentication successful
`

// session is a script up to a successful AUTH.
func session(extensions ...string) string { return greeting + offers(extensions...) + signedIn }

type token string

func (t token) Reveal() string { return string(t) }

const shortToken token = "short-token-of-ada"

func ada(t token) Credentials {
	return Credentials{User: "ada@contoso.example", Token: func(context.Context) (AccessToken, error) { return t, nil }}
}

// mustOpen opens a session that is closed with the test.
func mustOpen(t *testing.T, d *Dialer) *Session {
	t.Helper()
	s, err := d.Open(t.Context(), ada(shortToken))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

type text string

func (c text) WriteTo(w io.Writer) (int64, error) {
	n, err := io.WriteString(w, string(c))
	return int64(n), err
}
