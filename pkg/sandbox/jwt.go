package sandbox

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // x5t is a SHA-1 thumbprint (RFC 7515 section 4.1.7)
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"
)

// signer signs JWTs with RS256 under a key id that follows from its certificate, as Entra does.
type signer struct {
	key  *rsa.PrivateKey
	cert *x509.Certificate
	kid  string
}

func newSigner(name string, key *rsa.PrivateKey, now time.Time) (*signer, error) {
	cert, err := selfSigned(name, key, now)
	if err != nil {
		return nil, err
	}
	return &signer{key, cert, thumbprintSHA1(cert)}, nil
}

func thumbprintSHA1(cert *x509.Certificate) string {
	sum := sha1.Sum(cert.Raw) //nolint:gosec // an identifier
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func thumbprintSHA256(cert *x509.Certificate) string {
	sum := sha256.Sum256(cert.Raw)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// claims are the payload of a JWT.
type claims map[string]any

func (s *signer) sign(c claims) (string, error) {
	header := claims{"typ": "JWT", "alg": "RS256", "x5t": s.kid, "kid": s.kid}
	text := encodePart(header) + "." + encodePart(c)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, s.key, crypto.SHA256, sum[:])
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

func encodePart(c claims) string {
	data, err := json.Marshal(c)
	if err != nil {
		panic(fmt.Sprintf("claims that are no JSON: %v", err)) // they are strings, numbers and lists of ours
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

// errMalformed is a JWT that cannot be taken apart.
var errMalformed = errors.New("malformed JWT")

// jwt is a token taken apart, not verified.
type jwt struct {
	header, claims claims
	signed         string // what the signature is over
	signature      []byte
}

// maxJWT bounds the length of a token, in octets.
const maxJWT = 16 << 10

func parseJWT(s string) (*jwt, error) {
	parts := strings.Split(s, ".")
	if len(s) > maxJWT || len(parts) != 3 {
		return nil, errMalformed
	}
	t := &jwt{signed: parts[0] + "." + parts[1]}
	var err error
	if t.signature, err = base64.RawURLEncoding.DecodeString(parts[2]); err != nil {
		return nil, errMalformed
	}
	if t.header, err = decodePart(parts[0]); err != nil {
		return nil, err
	}
	t.claims, err = decodePart(parts[1])
	return t, err
}

func decodePart(s string) (claims, error) {
	var c claims
	data, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || json.Unmarshal(data, &c) != nil || c == nil {
		return nil, errMalformed
	}
	return c, nil
}

// verify checks the signature against the algorithm that the header names.
func (t *jwt) verify(key *rsa.PublicKey) bool {
	sum := sha256.Sum256([]byte(t.signed))
	switch t.header.text("alg") {
	case "RS256":
		return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], t.signature) == nil
	case "PS256":
		return rsa.VerifyPSS(key, crypto.SHA256, sum[:], t.signature, nil) == nil
	default:
		return false
	}
}

func (c claims) text(name string) string {
	s, _ := c[name].(string)
	return s
}

// moment reads a NumericDate (RFC 7519 section 2).
func (c claims) moment(name string) (time.Time, bool) {
	seconds, ok := c[name].(float64)
	if !ok || seconds < 0 || seconds > 1<<40 {
		return time.Time{}, false
	}
	return time.Unix(int64(seconds), 0).UTC(), true
}

// list reads a list of strings, or a string as a list of one (as aud may be).
func (c claims) list(name string) []string {
	if s := c.text(name); s != "" {
		return []string{s}
	}
	values, _ := c[name].([]any)
	var all []string
	for _, v := range values {
		if s, ok := v.(string); ok {
			all = append(all, s)
		}
	}
	return all
}

// public is the key as a JWK (RFC 7517 section 4).
func (s *signer) public() map[string]any {
	exponent := big.NewInt(int64(s.key.E)).Bytes()
	return map[string]any{
		"kty": "RSA", "use": "sig", "kid": s.kid, "x5t": s.kid,
		"n":   base64.RawURLEncoding.EncodeToString(s.key.N.Bytes()),
		"e":   base64.RawURLEncoding.EncodeToString(exponent),
		"x5c": []string{base64.StdEncoding.EncodeToString(s.cert.Raw)},
	}
}
