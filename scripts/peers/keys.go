package peers

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	issuer = "https://login.contoso.example/tenant/v2.0"
	client = "app"
	keyID  = "first"
)

// signingKey signs tokens the way Entra does: RS256 with 2048 bits.
type signingKey struct{ private *rsa.PrivateKey }

// makeKey makes the key and puts its public half where Dovecot looks for it: AZP/ALG/KID.
func (s *Server) makeKey(context.Context) error {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	s.key = signingKey{private}
	public, err := x509.MarshalPKIXPublicKey(&private.PublicKey)
	if err != nil {
		return err
	}
	name := filepath.Join(s.Dir, "dovecot", "keys", client, "RS256", keyID)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, block("PUBLIC KEY", public), 0o644)
}

// Token mints an access token for user of at least size bytes; Entra's have about 2000.
func (s *Server) Token(user string, size int) (string, error) {
	token, err := s.key.sign(user, 0)
	if missing := size - len(token); err == nil && missing > 0 {
		return s.key.sign(user, missing)
	}
	return token, err
}

func (k signingKey) sign(user string, padding int) (string, error) {
	now := time.Now().Unix()
	header, err := json.Marshal(map[string]string{"typ": "JWT", "alg": "RS256", "kid": keyID})
	if err != nil {
		return "", err
	}
	claims, err := json.Marshal(map[string]any{
		"iss": issuer, "aud": "https://outlook.office.com", "azp": client, "sub": "alerts", "upn": user,
		"iat": now, "nbf": now, "exp": now + 3600, "scp": "SMTP.Send", "pad": strings.Repeat("x", padding),
	})
	if err != nil {
		return "", err
	}
	signed := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(claims)
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, k.private, crypto.SHA256, sum[:])
	if err != nil {
		return "", err
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

// makeCertificates makes a certificate authority and the server's certificate for Host.
func (s *Server) makeCertificates(context.Context) error {
	now := time.Now()
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "o365mail test authority"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: Host},
		DNSNames: []string{Host}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
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
	if err := os.WriteFile(filepath.Join(s.Dir, "server.pem"), chain, 0o600); err != nil {
		return err
	}
	return os.WriteFile(s.CAFile, block("CERTIFICATE", root), 0o644)
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
