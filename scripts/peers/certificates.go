package peers

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// The files of MakeCertificates.
const (
	authorityFile = "ca.pem"
	serverFile    = "server.pem" // key and certificate
)

func (s *Server) makeCertificates(context.Context) error { return MakeCertificates(s.Dir, Host) }

// MakeCertificates makes a certificate authority, ca.pem in dir, and a server's key and certificate
// for the names and for 127.0.0.1, server.pem.
func MakeCertificates(dir string, names ...string) error {
	now := time.Now()
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "o365mail test authority"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: names[0]},
		DNSNames: names, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: ca.NotBefore, NotAfter: ca.NotAfter,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	root, err := x509.CreateCertificate(rand.Reader, ca, ca, caKey.Public(), caKey)
	if err != nil {
		return err
	}
	chain, err := serverChain(leaf, ca, caKey)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, serverFile), chain, 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, authorityFile), block("CERTIFICATE", root), 0o644)
}

// serverChain is the server's key followed by its certificate, the order that Postfix wants.
func serverChain(leaf, ca *x509.Certificate, caKey *ecdsa.PrivateKey) ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.CreateCertificate(rand.Reader, leaf, ca, key.Public(), caKey)
	if err != nil {
		return nil, err
	}
	return append(block("PRIVATE KEY", private), block("CERTIFICATE", certificate)...), nil
}

func block(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
