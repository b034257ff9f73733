package tokenstore

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"slices"
)

// The parts of a sealed file, in bytes.
const (
	magic       = "o365mts" // and one byte of version
	version     = 1
	keyIDStart  = 8
	saltStart   = 16
	nonceStart  = 32
	headerSize  = 44
	tagSize     = 16
	subKeyUse   = "o365mail token store 1"
	maxFileSize = headerSize + MaxPayload + tagSize
)

// MaxPayload is the most that one profile can keep, in bytes. A cache with one account takes 7 KB.
const MaxPayload = 4 << 20

// Why bytes are not a sealed file of this profile.
var (
	errTooShort = errors.New("shorter than a sealed file")
	errTooLong  = errors.New("longer than a sealed file can be")
	errNotOurs  = errors.New("does not begin as a sealed file")
	errHeader   = errors.New("the header was changed")
	errSeal     = errors.New("the content was changed, or is another profile's")
)

// Nor are these damage: the content does not open, but its header tells why.
var (
	errVersion = errors.New("written by a newer version")
	errKeyID   = errors.New("sealed with another key")
)

// seal makes a sealed file of a payload.
func seal(k key, profile string, payload []byte) ([]byte, error) {
	header := make([]byte, headerSize, headerSize+len(payload)+tagSize)
	_, _ = rand.Read(header[saltStart:]) // salt and nonce; never fails since Go 1.24
	stamp(header, k.id)
	aead, err := k.aead(header)
	if err != nil {
		return nil, err
	}
	return aead.Seal(header, header[nonceStart:headerSize], payload, associated(header, profile)), nil
}

// unseal opens a sealed file. A header with a changed version or key id still opens as what it was
// before: so a flipped bit there counts as damage, not as a newer version or another key.
func unseal(k key, profile string, file []byte) ([]byte, error) {
	if err := checkForm(file); err != nil {
		return nil, err
	}
	header := slices.Clone(file[:headerSize])
	stamp(header, k.id)
	aead, err := k.aead(header)
	if err != nil {
		return nil, err
	}
	payload, err := aead.Open(nil, header[nonceStart:], file[headerSize:], associated(header, profile))
	same := bytes.Equal(header, file[:headerSize])
	switch {
	case err == nil && same:
		return payload, nil
	case err == nil:
		return nil, errHeader
	case file[len(magic)] != version:
		return nil, errVersion
	case idOf(file) != k.id:
		return nil, errKeyID
	}
	return nil, errSeal
}

// checkForm judges what can be judged without a key.
func checkForm(file []byte) error {
	switch {
	case len(file) > maxFileSize:
		return errTooLong
	case len(file) < headerSize+tagSize:
		return errTooShort
	case !bytes.HasPrefix(file, []byte(magic)):
		return errNotOurs
	}
	return nil
}

// idOf is the key id of a file that has the form of a sealed one.
func idOf(file []byte) KeyID { return KeyID(file[keyIDStart:saltStart]) }

func stamp(header []byte, id KeyID) {
	copy(header, magic)
	header[len(magic)] = version
	copy(header[keyIDStart:], id[:])
}

// associated binds header and profile to the content. The header's size is fixed, so the two cannot
// be confused.
func associated(header []byte, profile string) []byte {
	return append(slices.Clip(header[:headerSize]), profile...)
}

// aead is AES-256-GCM with the file's own sub-key.
func (k key) aead(header []byte) (cipher.AEAD, error) {
	sub, err := hkdf.Key(sha256.New, k.bytes(), header[saltStart:nonceStart], subKeyUse, keySize)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(sub)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
