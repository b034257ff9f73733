package sandbox

import (
	"context"
	"fmt"
	"net"
	"strconv"
)

// Settings are the environment variables that lead o365mail, and with the AZURE_ ones other
// clients, to the sandbox: as the first application with its first secret, for SharedMailbox or
// else the tenant's first mailbox. AZURE_CLIENT_SECRET is no secret: see Secret.
func (s *Sandbox) Settings() map[string]string {
	app, host, port := s.app(), s.settings.host, s.settings.port
	settings := map[string]string{
		"O365MAIL_ADDRESS":   s.sender(),
		"O365MAIL_SMTP_HOST": host,
		"O365MAIL_SMTP_PORT": strconv.Itoa(port),
		"O365MAIL_AUTHORITY": s.AuthorityURL(),
		"O365MAIL_CA_FILE":   s.CAFile(),
		"O365MAIL_SCOPE":     resourceExchange + "/.default",
		"AZURE_CLIENT_ID":    app.ClientID,
		"AZURE_TENANT_ID":    s.config.Tenant.ID,
	}
	if len(app.Secrets) > 0 {
		settings["AZURE_CLIENT_SECRET"] = app.Secrets[0].Value
	}
	return settings
}

func (s *Sandbox) sender() string {
	if _, ok := s.config.Tenant.mailbox(SharedMailbox); ok || len(s.config.Tenant.Mailboxes) == 0 {
		return SharedMailbox
	}
	return s.config.Tenant.Mailboxes[0].Address
}

// SMTPAddr is host:port of the submission server, or where a fault of the settings leads instead.
func (s *Sandbox) SMTPAddr() string {
	return net.JoinHostPort(s.settings.host, strconv.Itoa(s.settings.port))
}

// AuthorityURL is https://HOST:PORT/TENANT-ID, below which the endpoints of Entra lie.
func (s *Sandbox) AuthorityURL() string { return s.origin() + "/" + s.config.Tenant.ID }

// origin is scheme, host and port of the token endpoint.
func (s *Sandbox) origin() string {
	host, _, _ := net.SplitHostPort(s.entra[0].Addr().String()) // always host:port
	if ip := net.ParseIP(host); ip.IsLoopback() || ip.IsUnspecified() {
		host = "localhost" // what redirect URIs and browsers treat best
	}
	return "https://" + net.JoinHostPort(host, s.entraPort())
}

func (s *Sandbox) entraPort() string {
	_, port, _ := net.SplitHostPort(s.entra[0].Addr().String()) // always host:port
	return port
}

// CAFile is the PEM file of the certificate authority that vouches for both servers.
func (s *Sandbox) CAFile() string { return s.path("ca.pem") }

// CertificateFile is the PEM file with key and certificate of the first application.
func (s *Sandbox) CertificateFile() string { return s.path("app.pem") }

// FederatedTokenFile is the file with the workload's token of FederatedIssuer. It is valid for a
// year.
func (s *Sandbox) FederatedTokenFile() string { return s.path("federated-token.jwt") }

// MailDir is the folder of accepted mail: NNNN.eml, octet for octet as it came, beside NNNN.json
// with its envelope.
func (s *Sandbox) MailDir() string { return s.store.mail }

// destination is where the settings lead.
type destination struct {
	host string
	port int
	held []net.Conn // keep the port of net.refused from being given to anybody
}

func (d destination) release() {
	for _, c := range d.held {
		_ = c.Close() // the port is free either way
	}
}

func (s *Sandbox) destination() (destination, error) {
	a, ok := s.smtp[0].Addr().(*net.TCPAddr)
	switch {
	case !ok:
		return destination{}, fmt.Errorf("not a TCP address: %v", s.smtp[0].Addr())
	case s.script.chosen("net.dns"):
		// A name that does not exist, and that a resolver answers without asking anybody (RFC 7686 section 2).
		return destination{host: "smtp.contoso.onion", port: a.Port}, nil
	case s.script.chosen("net.refused"):
		return refusingPort(s.ctx)
	case a.IP.IsUnspecified():
		return destination{host: "localhost", port: a.Port}, nil
	default:
		return destination{host: a.IP.String(), port: a.Port}, nil
	}
}

// refusingPort finds a port on which nothing listens and nothing will: it is the local end of a
// connection that is kept.
func refusingPort(ctx context.Context) (destination, error) {
	listeners, err := listen(ctx, anyLoopbackPort)
	if err != nil {
		return destination{}, err
	}
	defer func() {
		for _, l := range listeners {
			_ = l.Close()
		}
	}()
	var dialer net.Dialer
	far, err := dialer.DialContext(ctx, "tcp", listeners[0].Addr().String())
	if err != nil {
		return destination{}, err
	}
	d := destination{host: "127.0.0.1", held: []net.Conn{far}}
	near, err := listeners[0].Accept()
	if err != nil {
		_ = far.Close()
		return destination{}, err
	}
	d.held = append(d.held, near)
	a, _ := far.LocalAddr().(*net.TCPAddr)
	d.port = a.Port
	return d, nil
}
