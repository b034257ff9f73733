package entra

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
)

func faultAt(t *testing.T, c Config) *TransportError {
	t.Helper()
	_, err := source(t, c).Token(t.Context())
	var e *TransportError
	if !errors.As(err, &e) {
		t.Fatalf("got %v (%T), want a transport error", err, err)
	}
	if strings.Contains(shownForms(t, err), testSecret) {
		t.Errorf("the secret is in %v", err)
	}
	return e
}

func TestFaults(t *testing.T) {
	dead, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refusing := dead.Addr().String()
	if err := dead.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		spoil func(*Config)
		want  Fault
	}{
		{"nothing listens", func(c *Config) { c.Authority = "https://" + refusing + "/" + testTenant }, FaultRefused},
		{"unknown CA", func(c *Config) { c.RootCAs = x509.NewCertPool() }, FaultTLS},
		{"unknown host", func(c *Config) {
			c.DialContext = func(context.Context, string, string) (net.Conn, error) {
				return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "login.example", IsNotFound: true}}
			}
		}, FaultDNS},
		{"network unreachable", func(c *Config) {
			c.DialContext = func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("unreachable") }
		}, FaultNetwork},
		{"dead HTTP proxy", func(c *Config) { c.Proxy = proxyAt("http://user:pa55@" + refusing) }, FaultProxy},
		{"dead SOCKS proxy", func(c *Config) { c.Proxy = proxyAt("socks5://user:pa55@" + refusing) }, FaultProxy},
	} {
		i := newIssuer(t, numbered(3600))
		config := i.config(secretCredential(t))
		c.spoil(&config)
		e := faultAt(t, config)
		if e.Fault != c.want || e.Step != StepToken {
			t.Errorf("%s: got %s at %s (%v), want %s", c.name, e.Fault, e.Step, e, c.want)
		}
		if text := shownForms(t, e); strings.Contains(text, "pa55") || strings.Contains(text, "/oauth2/") {
			t.Errorf("%s: a password or the URL is in %s", c.name, text)
		}
	}
}

func proxyAt(address string) func(*http.Request) (*url.URL, error) {
	return func(*http.Request) (*url.URL, error) { return url.Parse(address) }
}

func TestProxyThatSaysNo(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "no", http.StatusProxyAuthRequired)
	}))
	t.Cleanup(proxy.Close)
	i := newIssuer(t, numbered(3600))
	config := i.config(secretCredential(t))
	config.Proxy = proxyAt(proxy.URL)
	e := faultAt(t, config)
	var said *ProxyError
	if e.Fault != FaultProxy || !errors.As(e, &said) || said.Status != "407 Proxy Authentication Required" {
		t.Errorf("got %v", e)
	}
}

func TestOldTLSIsRefused(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	i := issuer{Server: server}
	if e := faultAt(t, i.config(secretCredential(t))); e.Fault != FaultTLS {
		t.Errorf("got %s (%v), want %s", e.Fault, e, FaultTLS)
	}
}

// net/http quotes what is no HTTP; a server that echoes the request must not get it printed.
func TestServerThatIsNoHTTP(t *testing.T) {
	i := newIssuer(t, func(w http.ResponseWriter, form url.Values) {
		conn, buffer, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = buffer.WriteString("\x1b[31m" + form.Get("client_secret") + "\r\n\r\n")
		_ = buffer.Flush()
		_ = conn.Close()
	})
	if e := faultAt(t, i.config(secretCredential(t))); e.Fault != FaultNetwork {
		t.Errorf("got %s (%v), want %s", e.Fault, e, FaultNetwork)
	}
}

func TestCallerEndsTheWait(t *testing.T) {
	release := make(chan struct{})
	arrived := make(chan struct{}, 2)
	i := newIssuer(t, func(http.ResponseWriter, url.Values) { arrived <- struct{}{}; <-release })
	t.Cleanup(func() { close(release) })
	s := source(t, i.config(secretCredential(t)))
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error)
	go func() {
		_, err := s.Token(ctx)
		first <- err
	}()
	<-arrived
	// The second caller waits for the first, and must be able to stop waiting.
	waiting, stop := context.WithCancel(t.Context())
	stop()
	if _, err := s.Token(waiting); !errors.Is(err, context.Canceled) {
		t.Errorf("second caller: got %v, want %v", err, context.Canceled)
	}
	cancel()
	err := <-first
	var e *TransportError
	if !errors.As(err, &e) || e.Fault != FaultCanceled || !errors.Is(err, context.Canceled) {
		t.Errorf("first caller: got %v, want it canceled", err)
	}
}

func TestSilentServerEndsAtTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		go func() { _, _ = io.Copy(io.Discard, far) }() // reads, never answers
		c := Config{
			Authority: "https://login.example/" + testTenant, ClientID: testClient, Scope: testScope, Credential: secretCredential(t),
			DialContext: func(context.Context, string, string) (net.Conn, error) { return near, nil },
		}
		if e := faultAt(t, c); e.Fault != FaultTimeout || e.Host != "login.example" {
			t.Errorf("got %s at %s (%v), want %s", e.Fault, e.Host, e, FaultTimeout)
		}
	})
}
