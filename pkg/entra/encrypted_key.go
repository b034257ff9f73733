package entra

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des" //nolint:gosec // what some tools still write
	"crypto/pbkdf2"
	"crypto/sha1" //nolint:gosec // the default of RFC 8018
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"hash"
)

// encryptedKey is EncryptedPrivateKeyInfo (RFC 5958 section 3).
type encryptedKey struct {
	Algorithm pkix.AlgorithmIdentifier
	Data      []byte
}

// pbes2 is PBES2-params and pbkdf2Params is PBKDF2-params (RFC 8018 appendix A).
type pbes2 struct{ Derivation, Cipher pkix.AlgorithmIdentifier }

type pbkdf2Params struct {
	Salt       []byte
	Iterations int
	KeyLength  int                      `asn1:"optional"`
	PRF        pkix.AlgorithmIdentifier `asn1:"optional"`
}

// maxIterations bounds the work that a file can demand: about five seconds.
const maxIterations = 10_000_000

// ErrKeyCipher says that a private key is encrypted in a way that is not read here: another scheme
// than PBES2 with PBKDF2 and AES-CBC or triple DES, or more work than ten million iterations.
var ErrKeyCipher = errors.New("the private key is encrypted in an unusual way: want PBES2 with PBKDF2 and AES-CBC, as openssl pkcs8 -topk8 -v2 aes-256-cbc writes it")

// keyHash is a pseudo-random function of PBKDF2, by the last arcs under 1.2.840.113549.2.
func keyHash(algorithm asn1.ObjectIdentifier) (func() hash.Hash, bool) {
	switch algorithm.String() {
	case "", "1.2.840.113549.2.7":
		return sha1.New, true
	case "1.2.840.113549.2.9":
		return sha256.New, true
	case "1.2.840.113549.2.10":
		return sha512.New384, true
	case "1.2.840.113549.2.11":
		return sha512.New, true
	}
	return nil, false
}

// keyCipher is a block cipher with the length of its key in bytes.
func keyCipher(algorithm asn1.ObjectIdentifier) (func([]byte) (cipher.Block, error), int) {
	switch algorithm.String() {
	case "2.16.840.1.101.3.4.1.2":
		return aes.NewCipher, 16
	case "2.16.840.1.101.3.4.1.22":
		return aes.NewCipher, 24
	case "2.16.840.1.101.3.4.1.42":
		return aes.NewCipher, 32
	case "1.2.840.113549.3.7":
		return des.NewTripleDESCipher, 24
	}
	return nil, 0
}

// decryptKey opens an encrypted PKCS#8 key. A wrong password shows in the padding, or in a content
// that does not parse when the padding is right by chance.
func decryptKey(der []byte, password string) ([]byte, error) {
	var key encryptedKey
	var scheme pbes2
	if !parseDER(der, &key) || key.Algorithm.Algorithm.String() != "1.2.840.113549.1.5.13" ||
		!parseDER(key.Algorithm.Parameters.FullBytes, &scheme) {
		return nil, ErrKeyCipher
	}
	mode, err := scheme.decrypter(password)
	if err != nil {
		return nil, err
	}
	if len(key.Data) == 0 || len(key.Data)%mode.BlockSize() != 0 {
		return nil, ErrKeyCipher
	}
	plain := make([]byte, len(key.Data))
	mode.CryptBlocks(plain, key.Data)
	return unpad(plain, mode.BlockSize())
}

func parseDER(der []byte, into any) bool {
	rest, err := asn1.Unmarshal(der, into)
	return err == nil && len(rest) == 0
}

func (s pbes2) decrypter(password string) (cipher.BlockMode, error) {
	var derivation pbkdf2Params
	var iv []byte
	if s.Derivation.Algorithm.String() != "1.2.840.113549.1.5.12" ||
		!parseDER(s.Derivation.Parameters.FullBytes, &derivation) || !parseDER(s.Cipher.Parameters.FullBytes, &iv) {
		return nil, ErrKeyCipher
	}
	newHash, known := keyHash(derivation.PRF.Algorithm)
	newCipher, length := keyCipher(s.Cipher.Algorithm)
	if !known || newCipher == nil || derivation.Iterations < 1 || derivation.Iterations > maxIterations ||
		(derivation.KeyLength != 0 && derivation.KeyLength != length) {
		return nil, ErrKeyCipher
	}
	key, err := pbkdf2.Key(newHash, password, derivation.Salt, derivation.Iterations, length)
	if err != nil {
		return nil, ErrKeyCipher
	}
	block, err := newCipher(key)
	if err != nil || len(iv) != block.BlockSize() {
		return nil, ErrKeyCipher
	}
	return cipher.NewCBCDecrypter(block, iv), nil
}

// unpad removes the padding of RFC 8018 section 6.1.1.
func unpad(plain []byte, size int) ([]byte, error) {
	last := plain[len(plain)-1]
	n := int(last)
	if n < 1 || n > size || !bytes.HasSuffix(plain, bytes.Repeat([]byte{last}, n)) {
		return nil, ErrPassword
	}
	return plain[:len(plain)-n], nil
}
