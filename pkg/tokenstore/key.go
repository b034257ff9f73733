package tokenstore

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// keySize is the size of a key, in bytes: AES-256.
const keySize = 32

// KeyID tells keys apart and nothing about them. It stands in clear in every sealed file.
type KeyID [8]byte

// String is the id in hexadecimal.
func (id KeyID) String() string { return hex.EncodeToString(id[:]) }

// MarshalText is String, for JSON.
func (id KeyID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// errNotKey says that a text is no key. It never quotes the text.
var errNotKey = errors.New("want 32 bytes in base64")

// key seals files. It is never printed: fmt would walk through unexported fields, so the bytes lie
// behind a function.
type key struct {
	id    KeyID
	bytes func() []byte
}

// Format hides the key from every verb.
func (k key) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("REDACTED")) }

func newKey() key {
	b := make([]byte, keySize)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return keyOf(b)
}

func keyOf(b []byte) key {
	sum := sha256.Sum256(append([]byte("o365mail key id\x00"), b...))
	return key{KeyID(sum[:8]), func() []byte { return b }}
}

// parseKey reads the form that every holder keeps: base64 (RFC 4648 section 4) and white space
// around it, as `openssl rand -base64 32` prints it.
func parseKey(text string) (key, error) {
	b, err := base64.StdEncoding.Strict().DecodeString(strings.TrimSpace(text))
	if err != nil || len(b) != keySize {
		return key{}, errNotKey // the decoder's error would tell offsets within the secret
	}
	return keyOf(b), nil
}

func (k key) text() string { return base64.StdEncoding.EncodeToString(k.bytes()) }
