// Package peers runs real mail software that accepts XOAUTH2, for tests, demonstrations and
// measurements: Postfix receives, Dovecot verifies the token on its behalf.
//
// Everything lives in one folder: configuration, queue, keys, logs and the accepted mail. Nothing of
// the machine's own mail system is read or changed. Postfix wants root to start, and the Debian
// packages postfix and dovecot-core. Ports are free ones of the loopback interface.
//
// Start begins; Token mints what a client needs; Mail returns what was delivered.
package peers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Host is the name in the certificate; it resolves to a loopback address everywhere.
const Host = "localhost"

// User is the mailbox that may sign in and send.
const User = "alerts@contoso.example"

// Server is a running Postfix with its Dovecot.
type Server struct {
	Dir    string // everything below is in here
	CAFile string // certificate authority to trust, PEM

	// Long takes lines of 16384 octets, as servers configured for OAuth do; Short has
	// Postfix's default of 2048, less than a command line with a token of Entra's size;
	// Implicit begins with TLS. All are ports of Host.
	Long, Short, Implicit int

	key     signingKey
	dovecot *daemon
	postfix *daemon
}

// Start runs the two servers in a new temporary folder until ctx ends or Stop is called.
func Start(ctx context.Context) (*Server, error) {
	if os.Geteuid() != 0 {
		return nil, errors.New("postfix can only be started by root")
	}
	dir, err := os.MkdirTemp("", "o365mail-peer-")
	if err != nil {
		return nil, err
	}
	// Postfix and Dovecot give up root and must still reach their folders.
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, err
	}
	s := &Server{Dir: dir, CAFile: filepath.Join(dir, authorityFile)}
	for _, step := range []func(context.Context) error{s.makeCertificates, s.makeKey, s.startDovecot, s.startPostfix} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, s.Stop())
		}
	}
	return s, nil
}

// Stop ends both servers and waits for them. Mail and logs stay in Dir.
func (s *Server) Stop() error {
	return errors.Join(s.postfix.stop(), s.dovecot.stop())
}

// Settings are the environment variables that make o365mail send through the Long service with
// the given token.
func (s *Server) Settings(token string) map[string]string {
	return map[string]string{
		"O365MAIL_ADDRESS":      User,
		"O365MAIL_ACCESS_TOKEN": token,
		"O365MAIL_CA_FILE":      s.CAFile,
		"O365MAIL_SMTP_HOST":    Host,
		"O365MAIL_SMTP_PORT":    fmt.Sprint(s.Long),
	}
}

// poll asks ready until it says yes; start-up of the servers and delivery have no other signal.
func poll(ctx context.Context, what string, ready func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ready() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", what, ctx.Err())
		}
	}
	return nil
}
