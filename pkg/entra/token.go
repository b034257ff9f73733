package entra

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

const redacted = "REDACTED"

// maxToken bounds an access token, in bytes. Entra's stay below 5 KB even with many groups.
const maxToken = 64 << 10

// ErrNotToken says that a text cannot be an access token: it is empty, longer than 64 KiB, or has
// characters that RFC 6750 section 2.1 does not allow.
var ErrNotToken = errors.New("not an access token")

// Token is an access token. Printing, logging and marshaling show REDACTED; only Reveal gives the
// token away.
type Token struct {
	secret    string
	ExpiresOn time.Time // zero if unknown
	Scopes    []string  // granted, as the issuer named them; empty if it did not
}

// ParseToken takes over a token got elsewhere. White space around it is dropped; ExpiresOn is read
// from the token if it is a JWT. Its error is ErrNotToken.
func ParseToken(text string) (Token, error) {
	text = strings.TrimSpace(text)
	if !isBearer(text) {
		return Token{}, ErrNotToken
	}
	t := Token{secret: text}
	if claims, err := t.Claims(); err == nil {
		t.ExpiresOn = claims.Expires
	}
	return t, nil
}

// isBearer accepts visible ASCII: a little more than b64token, nothing that could end a line of a
// protocol or a field of XOAUTH2.
func isBearer(text string) bool {
	if text == "" || len(text) > maxToken {
		return false
	}
	return !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r >= 0x7f })
}

// Reveal is the token itself.
func (t Token) Reveal() string { return t.secret }

// String hides the token.
func (t Token) String() string { return redacted }

// GoString hides the token from %#v.
func (t Token) GoString() string { return redacted }

// Format hides the token from every verb.
func (t Token) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// MarshalText hides the token from encoders of text.
func (t Token) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON hides the token from JSON.
func (t Token) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// LogValue hides the token from slog.
func (t Token) LogValue() slog.Value { return slog.StringValue(redacted) }
