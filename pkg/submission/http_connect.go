package submission

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxProxyHeader bounds an HTTP proxy's response, in octets.
const maxProxyHeader = 16 << 10

// tunnel connects through an HTTP proxy: RFC 9110 9.3.6.
func (d *Dialer) tunnel(ctx context.Context, through *url.URL) (net.Conn, error) {
	conn, err := d.dialProxy(ctx, through)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	tunnel := conn
	if through.Scheme == "https" {
		tunnel = &overTLS{tls.Client(conn, d.tlsConfig(through.Hostname())), conn}
	}
	if err := d.requestTunnel(tunnel, through.User); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return tunnel, nil
}

// overTLS closes at once, as a plain connection does: no farewell to the proxy that could block.
type overTLS struct {
	*tls.Conn
	under net.Conn
}

// Close closes the connection under TLS.
func (c *overTLS) Close() error { return c.under.Close() }

func (d *Dialer) requestTunnel(conn net.Conn, user *url.Userinfo) error {
	if err := conn.SetDeadline(time.Now().Add(d.Timeout)); err != nil {
		return err
	}
	target := d.hostport()
	request := "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n"
	if user != nil {
		password, _ := user.Password()
		pair := base64.StdEncoding.EncodeToString([]byte(user.Username() + ":" + password))
		request += "Proxy-Authorization: Basic " + pair + "\r\n"
	}
	if _, err := conn.Write([]byte(request + "\r\n")); err != nil {
		return err
	}
	header, err := readProxyHeader(conn)
	if err != nil {
		return err
	}
	return judgeProxyHeader(header)
}

// readProxyHeader reads octet by octet: what follows the header is the server's, who speaks first.
func readProxyHeader(conn net.Conn) (string, error) {
	var header strings.Builder
	octet := make([]byte, 1)
	for header.Len() < maxProxyHeader {
		if _, err := conn.Read(octet); err != nil {
			return "", err
		}
		header.WriteByte(octet[0])
		if octet[0] == '\n' && endsHeader(header.String()) {
			return header.String(), nil
		}
	}
	return "", protocolError("the proxy's response has more than %d octets", maxProxyHeader)
}

func endsHeader(header string) bool {
	return strings.HasSuffix(header, "\r\n\r\n") || strings.HasSuffix(header, "\n\n")
}

// judgeProxyHeader wants "HTTP/1.x 2yz": RFC 9112 4, RFC 9110 9.3.6.
func judgeProxyHeader(header string) error {
	line, _, _ := strings.Cut(header, "\n")
	version, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	code, reason, _ := strings.Cut(rest, " ")
	status, err := strconv.Atoi(code)
	if !strings.HasPrefix(version, "HTTP/1.") || err != nil {
		return protocolError("the proxy does not speak HTTP: %q", excerpt(line))
	}
	if status/100 != 2 {
		return &ProxyError{Status: status, Reason: printable(excerpt(reason))}
	}
	return nil
}
