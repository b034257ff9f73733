package submission

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// proxied is a dialer whose every connection goes to play, the proxy of the test.
func proxied(t *testing.T, address string, play func(net.Conn)) *Dialer {
	t.Helper()
	through, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return &Dialer{
		Host: serverAddress, RootCAs: serverIdentity().roots, LocalName: "client.test", Timeout: time.Minute,
		Resolver: addressBook{"198.51.100.1"},
		Proxy:    func(string) (*url.URL, error) { return through, nil },
		DialContext: func(_ context.Context, _, address string) (net.Conn, error) {
			if !strings.HasPrefix(address, "198.51.100.1:") {
				t.Errorf("dialed %s, want the proxy", address)
			}
			client, server := memoryLink(0, 0)
			go play(server)
			return client, nil
		},
	}
}

// httpProxy answers a request for a tunnel, then is the server.
func httpProxy(t *testing.T, want, answer, script string) func(net.Conn) {
	t.Helper()
	return func(conn net.Conn) {
		defer conn.Close()
		request, reader := "", bufio.NewReader(conn)
		for !strings.HasSuffix(request, "\r\n\r\n") {
			line, err := reader.ReadString('\n')
			if err != nil {
				t.Errorf("the proxy heard %q, %v", request, err)
				return
			}
			request += line
		}
		if request != want {
			t.Errorf("the proxy heard %q, want %q", request, want)
		}
		if script == "" {
			_, _ = io.WriteString(conn, answer)
			_, _ = io.Copy(io.Discard, conn)
			return
		}
		// The server's greeting comes along with the header.
		_, _ = io.WriteString(conn, answer+"220 mail.test\r\n")
		(&laterScript{t, script}).play(conn)
	}
}

type laterScript struct {
	t    *testing.T
	text string
}

func (s *laterScript) play(conn net.Conn) {
	(&script{t: s.t, conn: conn, tls: serverTLS()}).play(strings.Replace(s.text, "S: 220 mail.test ESMTP\n", "", 1))
}

const wantTunnel = "CONNECT 192.0.2.1:587 HTTP/1.1\r\nHost: 192.0.2.1:587\r\n"

func TestHTTPProxy(t *testing.T) {
	for name, r := range map[string]struct{ address, want string }{
		"plain":         {"http://mail.test:3128", wantTunnel + "\r\n"},
		"with password": {"http://us%3Aer:pass@mail.test", wantTunnel + "Proxy-Authorization: Basic dXM6ZXI6cGFzcw==\r\n\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := proxied(t, r.address, httpProxy(t, r.want, "HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n", session()))
				mustOpen(t, d).Close()
			})
		})
	}
}

// TestHTTPSProxy has TLS to the server in TLS to the proxy.
func TestHTTPSProxy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := proxied(t, "https://mail.test", func(conn net.Conn) {
			secure := tls.Server(conn, serverTLS())
			if err := secure.Handshake(); err != nil {
				t.Error(err)
				return
			}
			httpProxy(t, wantTunnel+"\r\n", "HTTP/1.1 200 ok\r\n\r\n", session())(secure)
		})
		mustOpen(t, d).Close()
	})
}

func TestHTTPProxyRefuses(t *testing.T) {
	rows := []struct {
		name, answer string
		state        State
		status       int
		cause        error
	}{
		{"407", "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n", Refused, 407, nil},
		{"403", "HTTP/1.0 403\r\n\r\n", Refused, 403, nil},
		{"503", "HTTP/1.1 503 \x1b[2Jlater\r\n\r\n", Deferred, 503, nil},
		{"LF only", "HTTP/1.1 502 bad\n\n", Deferred, 502, nil},
		{"not HTTP", "SSH-2.0-x\r\n\r\n", Refused, 0, ErrProtocol},
		{"no status", "HTTP/1.1 ok\r\n\r\n", Refused, 0, ErrProtocol},
		{"header without end", "HTTP/1.1 200 ok\r\n" + strings.Repeat("X: y\r\n", 1<<14), Refused, 0, ErrProtocol},
		{"nothing", "", Deferred, 0, nil},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := proxied(t, "http://user:hunter2hunter2@mail.test", httpProxy(t, wantTunnel+"Proxy-Authorization: Basic dXNlcjpodW50ZXIyaHVudGVyMg==\r\n\r\n", r.answer, ""))
				_, err := d.Dial(t.Context())
				checkError(t, err, StepProxy, r.state, "")
				var refusal *ProxyError
				if r.status != 0 && (!errors.As(err, &refusal) || refusal.Status != r.status) || r.cause != nil && !errors.Is(err, r.cause) {
					t.Errorf("got %v, want %d", err, r.status)
				}
				if text := err.Error(); !harmless(text) || strings.Contains(text, "hunter2") || strings.Contains(text, "dXNlcj") {
					t.Errorf("%q shows too much", text)
				}
			})
		})
	}
}

func TestProxyIsRefusedHere(t *testing.T) {
	errProxy := errors.New("no idea")
	for _, address := range []string{"ftp://mail.test", "http://", "socks4://mail.test", "mail.test:3128"} {
		through, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		_, err = (&Dialer{Host: serverAddress, Proxy: func(string) (*url.URL, error) { return through, nil }}).Dial(t.Context())
		if checkError(t, err, StepProxy, Refused, ""); !errors.Is(err, ErrProxyScheme) {
			t.Errorf("%s: got %v, want %v", address, err, ErrProxyScheme)
		}
	}
	_, err := (&Dialer{Host: serverAddress, Proxy: func(string) (*url.URL, error) { return nil, errProxy }}).Dial(t.Context())
	if checkError(t, err, StepProxy, Refused, ""); !errors.Is(err, errProxy) {
		t.Errorf("got %v, want %v", err, errProxy)
	}
	asked := ""
	d := scripted(t, session())
	d.Proxy = func(hostport string) (*url.URL, error) {
		asked = hostport
		return nil, nil
	}
	mustOpen(t, d).Close()
	if asked != "192.0.2.1:587" {
		t.Errorf("the proxy was asked for %q, want 192.0.2.1:587", asked)
	}
}

// socksProxy is RFC 1928 and RFC 1929 as a table of octets: heard, said.
func socksProxy(t *testing.T, script string, turns ...string) func(net.Conn) {
	t.Helper()
	return func(conn net.Conn) {
		defer conn.Close()
		for i := 0; i < len(turns); i += 2 {
			heard := make([]byte, len(turns[i]))
			if _, err := io.ReadFull(conn, heard); err != nil || string(heard) != turns[i] {
				t.Errorf("the proxy heard %q, %v, want %q", heard, err, turns[i])
				return
			}
			_, _ = io.WriteString(conn, turns[i+1])
		}
		if script != "" {
			(&laterScript{t, "S: 220 mail.test\n" + script}).play(conn)
		}
	}
}

func TestSOCKSProxy(t *testing.T) {
	const (
		hello    = "\x05\x01\x00"
		connect  = "\x05\x01\x00\x01\xc0\x00\x02\x01\x02\x4b" // 192.0.2.1:587
		byName   = "\x05\x01\x00\x03\x09mail.test\x02\x4b"
		granted  = "\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"
		refused  = "\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00"
		withAuth = "\x05\x02\x00\x02"
		password = "\x01\x04user\x0ehunter2hunter2"
	)
	rows := []struct {
		name, address, host string
		turns               []string
		fails               bool
	}{
		{"address", "socks5://mail.test", serverAddress, []string{hello, "\x05\x00", connect, granted}, false},
		{"name resolved there", "socks5h://mail.test:1080", "mail.test", []string{hello, "\x05\x00", byName, granted}, false},
		{"name resolved here", "socks5://198.51.100.1", "mail.test", []string{hello, "\x05\x00", "\x05\x01\x00\x01\xc6\x33\x64\x01\x02\x4b", granted}, false},
		{"password", "socks5://user:hunter2hunter2@mail.test", serverAddress, []string{withAuth, "\x05\x02", password, "\x01\x00", connect, granted}, false},
		{"refused", "socks5://mail.test", serverAddress, []string{hello, "\x05\x00", connect, refused}, true},
		{"password refused", "socks5://user:hunter2hunter2@mail.test", serverAddress, []string{withAuth, "\x05\x02", password, "\x01\x01"}, true},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				script := session()
				if r.fails {
					script = ""
				}
				d := proxied(t, r.address, socksProxy(t, script, r.turns...))
				d.Host = r.host
				s, err := d.Open(t.Context(), ada(shortToken))
				if err == nil {
					s.Close()
				}
				if !r.fails {
					if err != nil {
						t.Error(err)
					}
					return
				}
				var e *Error
				if !errors.As(err, &e) || e.Step != StepProxy || e.State != Deferred || strings.Contains(err.Error(), "hunter2") {
					t.Errorf("got %v, want it deferred at %s", err, StepProxy)
				}
			})
		})
	}
}

func TestSilentProxy(t *testing.T) {
	for _, address := range []string{"http://mail.test", "https://mail.test", "socks5://mail.test"} {
		t.Run(address, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				_, err := proxied(t, address, func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }).Dial(t.Context())
				checkError(t, err, StepProxy, Deferred, "")
				if took := time.Since(start); took != time.Minute {
					t.Errorf("took %s, want %s", took, time.Minute)
				}
			})
		})
	}
}
