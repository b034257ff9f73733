package cmd

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"sync"

	"github.com/o365mail/o365mail/pkg/profile"
)

// trust is which certificate authorities vouch for a server: the system's, and those of a file
// beside them. The system's are read when a connection is made, not before: a kept token is
// printed without one, and there are hundreds.
type trust struct {
	pool *x509.CertPool // nil: the system's alone
	load func()         // completes the pool
}

// trustIn checks the file at once; without a file nothing is read at all.
func trustIn(file string) (trust, error) {
	if file == "" {
		return trust{load: func() {}}, nil
	}
	pem, err := os.ReadFile(file) //nolint:gosec // the caller's own setting
	if err != nil {
		return trust{}, noInputError{fmt.Errorf("ca_file: %w", err)}
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return trust{}, &profile.ValueError{Key: "ca_file", Value: file, Want: "a file with certificates in PEM form"}
	}
	return trust{pool, sync.OnceFunc(func() {
		if system, err := x509.SystemCertPool(); err == nil {
			system.AppendCertsFromPEM(pem)
			*pool = *system
		}
	})}, nil
}

// dial connects when the pool is complete.
func (t trust) dial(ctx context.Context, network, address string) (net.Conn, error) {
	t.load()
	return (&net.Dialer{}).DialContext(ctx, network, address)
}
