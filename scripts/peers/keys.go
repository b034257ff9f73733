package peers

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Issuer is whose tokens the server accepts.
const Issuer = "https://login.contoso.example/tenant/v2.0"

const (
	client = "app"
	keyID  = "first"
)

// signingKey signs tokens the way Entra does: RS256 with 2048 bits.
type signingKey struct{ private *rsa.PrivateKey }

// makeKey makes the key and lets Dovecot trust it.
func (s *Server) makeKey(context.Context) error {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	s.key = signingKey{private}
	return trust(filepath.Join(s.Dir, "dovecot"), client, keyID, &private.PublicKey)
}

// Trust lets the server accept the tokens of another issuer that calls itself Issuer, signed with
// this key. Tokens without azp are those of every client.
func (s *Server) Trust(keyID string, public *rsa.PublicKey) error {
	return trust(filepath.Join(s.Dir, "dovecot"), anyClient, keyID, public)
}

// anyClient is Dovecot's word for the client of a token that has no azp.
const anyClient = "default"

// trust puts the key where the Dovecot in dir looks for it: AZP/ALG/KID.
func trust(dir, client, keyID string, public *rsa.PublicKey) error {
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return err
	}
	name := filepath.Join(dir, "keys", client, "RS256", keyID)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, block("PUBLIC KEY", der), 0o644)
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
		"iss": Issuer, "aud": "https://outlook.office.com", "azp": client, "sub": "alerts", "upn": user,
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
