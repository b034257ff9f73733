package entra

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
	"software.sslmate.com/src/go-pkcs12"
)

// What can be wrong with a certificate's file. Entra takes RSA only (Microsoft identity platform,
// "Certificate credentials"); legacy PEM encryption (RFC 1421) is not read, since its integrity and
// its key derivation are worth nothing.
var (
	ErrNoCertificate = errors.New("no certificate in it")
	ErrNoKey         = errors.New("no private key in it")
	ErrEncryptedKey  = errors.New("the private key has the old encryption of PEM: want PKCS#8 (openssl pkcs8 -topk8) or PFX")
	ErrNotRSA        = errors.New("the private key is not RSA")
	ErrKeyMismatch   = errors.New("the private key belongs to none of the certificates")
	ErrPassword      = errors.New("wrong password, or none for a protected file")
	ErrNotPEMOrPFX   = errors.New("neither PEM nor PFX")
)

// CertificateError is a certificate that cannot be used. Err is one of the errors above or tells
// what the parser met.
type CertificateError struct{ Err error }

// Error gives the cause.
func (e *CertificateError) Error() string { return fmt.Sprintf("certificate: %v", e.Err) }

// Unwrap gives the cause.
func (e *CertificateError) Unwrap() error { return e.Err }

// ValidityError is a certificate outside its time. Entra refuses it with AADSTS700027, which does
// not say why; MSAL uses it without a word.
type ValidityError struct {
	NotBefore, NotAfter time.Time
	At                  time.Time
}

// Error says whether it is too early or too late.
func (e *ValidityError) Error() string {
	if e.At.Before(e.NotBefore) {
		return "certificate: not valid before " + e.NotBefore.UTC().Format(time.RFC3339)
	}
	return "certificate: expired on " + e.NotAfter.UTC().Format(time.RFC3339)
}

// Certificate reads a certificate with its private key, from PEM or from PFX (PKCS#12). The
// password is that of the PFX or of an encrypted PKCS#8 key. Its error is a *CertificateError. The
// time is not looked at: see Validity.
func Certificate(data []byte, password string) (Credential, error) {
	certificates, key, err := parseCertificate(data, password)
	if err != nil {
		return Credential{}, &CertificateError{err}
	}
	msal, err := confidential.NewCredFromCert(certificates, key)
	if err != nil {
		return Credential{}, &CertificateError{err}
	}
	c := Credential{msal: msal, kind: "certificate"}
	own := certificates[ownIndex(certificates, key)]
	c.notBefore, c.notAfter = own.NotBefore, own.NotAfter
	return c, nil
}

// NotAfter is when the certificate expires; zero for every other credential.
func (c Credential) NotAfter() time.Time { return c.notAfter }

// Validity returns a *ValidityError for a certificate that is not valid at the time.
func (c Credential) Validity(at time.Time) error {
	if c.notAfter.IsZero() || (!at.Before(c.notBefore) && !at.After(c.notAfter)) {
		return nil
	}
	return &ValidityError{c.notBefore, c.notAfter, at}
}

func parseCertificate(data []byte, password string) ([]*x509.Certificate, crypto.PrivateKey, error) {
	parse := parsePFX
	if bytes.Contains(data, []byte("-----BEGIN ")) {
		parse = parsePEM
	}
	certificates, key, err := parse(data, password)
	if err != nil {
		return nil, nil, err
	}
	if _, ok := key.(*rsa.PrivateKey); !ok {
		return nil, nil, ErrNotRSA
	}
	if ownIndex(certificates, key) < 0 {
		return nil, nil, ErrKeyMismatch
	}
	return certificates, key, nil
}

func parsePFX(data []byte, password string) ([]*x509.Certificate, crypto.PrivateKey, error) {
	key, own, chain, err := pkcs12.DecodeChain(data, password)
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword):
		return nil, nil, ErrPassword
	case errors.As(err, new(pkcs12.NotImplementedError)):
		return nil, nil, fmt.Errorf("%w that can be read: %w", ErrNotPEMOrPFX, err)
	case err != nil:
		return nil, nil, ErrNotPEMOrPFX // the parser tells of its own insides
	}
	return append([]*x509.Certificate{own}, chain...), key, nil
}

func parsePEM(data []byte, password string) ([]*x509.Certificate, crypto.PrivateKey, error) {
	kinds := pemKinds(data)
	switch {
	case kinds["DEK-Info"]:
		return nil, nil, ErrEncryptedKey
	case kinds["EC PRIVATE KEY"]:
		return nil, nil, ErrNotRSA
	case !kinds["CERTIFICATE"]:
		return nil, nil, ErrNoCertificate
	case kinds["ENCRYPTED PRIVATE KEY"]:
		var err error
		if data, err = decryptPEM(data, password); err != nil {
			return nil, nil, err
		}
	case !kinds["PRIVATE KEY"] && !kinds["RSA PRIVATE KEY"]:
		return nil, nil, ErrNoKey
	}
	return confidential.CertFromPEM(data, "")
}

// decryptPEM puts an open key in the place of the encrypted one.
func decryptPEM(data []byte, password string) ([]byte, error) {
	if password == "" {
		return nil, ErrPassword
	}
	var opened bytes.Buffer
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "ENCRYPTED PRIVATE KEY" {
			der, err := decryptKey(block.Bytes, password)
			if err != nil {
				return nil, err
			}
			if _, err := x509.ParsePKCS8PrivateKey(der); err != nil {
				return nil, ErrPassword
			}
			block.Type, block.Bytes = "PRIVATE KEY", der
		}
		if err := pem.Encode(&opened, block); err != nil {
			return nil, ErrNotPEMOrPFX
		}
	}
	return opened.Bytes(), nil
}

// pemKinds lists the types of the blocks (RFC 7468), and DEK-Info for legacy encryption (RFC 1421).
func pemKinds(data []byte) map[string]bool {
	kinds := map[string]bool{}
	for {
		block, rest := pem.Decode(data)
		if block == nil {
			return kinds
		}
		kinds[block.Type] = true
		if block.Headers["DEK-Info"] != "" {
			kinds["DEK-Info"] = true
		}
		data = rest
	}
}

// ownIndex finds the certificate of the key, -1 if there is none.
func ownIndex(certificates []*x509.Certificate, key crypto.PrivateKey) int {
	private, ok := key.(*rsa.PrivateKey)
	if !ok {
		return -1
	}
	for i, c := range certificates {
		if c != nil && private.PublicKey.Equal(c.PublicKey) {
			return i
		}
	}
	return -1
}
