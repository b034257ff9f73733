// Command gosmtp sends stdin with github.com/emersion/go-smtp, the way its documentation shows:
// gosmtp HOST:PORT CAFILE TOKENFILE USER RECIPIENT...
package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"os"
	"strings"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// xoauth2 is the mechanism that go-sasl leaves out: one response, no challenge.
type xoauth2 struct{ user, token string }

func (a xoauth2) Start() (string, []byte, error) {
	return "XOAUTH2", []byte("user=" + a.user + "\x01auth=Bearer " + a.token + "\x01\x01"), nil
}

func (a xoauth2) Next([]byte) ([]byte, error) { return nil, errors.New("refused") }

var _ sasl.Client = xoauth2{}

func main() {
	log.SetFlags(0)
	if len(os.Args) < 6 {
		log.Fatal("usage: gosmtp HOST:PORT CAFILE TOKENFILE USER RECIPIENT...")
	}
	if err := send(os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5:]); err != nil {
		log.Fatal(err)
	}
}

func send(address, caFile, tokenFile, user string, to []string) error {
	ca, errCA := os.ReadFile(caFile)
	token, errToken := os.ReadFile(tokenFile)
	if err := errors.Join(errCA, errToken); err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	c, err := smtp.DialStartTLS(address, &tls.Config{RootCAs: roots, ServerName: host})
	if err != nil {
		return err
	}
	if err := c.Auth(xoauth2{user, strings.TrimSpace(string(token))}); err != nil {
		return err
	}
	if err := c.Mail(user, nil); err != nil {
		return err
	}
	for _, recipient := range to {
		if err := c.Rcpt(recipient, nil); err != nil {
			return err
		}
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, os.Stdin); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return c.Quit()
}
