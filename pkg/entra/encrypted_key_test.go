package entra

import (
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The files are those of OpenSSL 3.0: one key under several schemes, with the password pa55.
func testdata(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func TestEncryptedKeys(t *testing.T) {
	certificate := testdata(t, "certificate.pem")
	for name, want := range map[string]error{
		"aes-256.key": nil, "aes-192-sha512.key": nil, "aes-128-sha1.key": nil, "des3.key": nil,
		"scrypt.key": ErrKeyCipher, "pbes1.key": ErrKeyCipher,
	} {
		key := testdata(t, name)
		c, err := Certificate(slices.Concat(key, certificate), "pa55")
		if !errors.Is(err, want) || (err == nil && c.NotAfter().IsZero()) {
			t.Errorf("%s: got %v, want %v", name, err, want)
		}
		for _, password := range []string{"", "wr0ng", "pa55 "} {
			if _, err := Certificate(slices.Concat(key, certificate), password); want == nil && !errors.Is(err, ErrPassword) {
				t.Errorf("%s with %q: got %v, want %v", name, password, err, ErrPassword)
			}
		}
	}
	if _, err := Certificate(testdata(t, "aes-256.key"), "pa55"); !errors.Is(err, ErrNoCertificate) {
		t.Errorf("got %v, want %v", err, ErrNoCertificate)
	}
}

// An encrypted key signs as the open one does.
func TestEncryptedKeySignsIn(t *testing.T) {
	c, err := Certificate(slices.Concat(testdata(t, "aes-256.key"), testdata(t, "certificate.pem")), "pa55")
	if err != nil {
		t.Fatal(err)
	}
	i := newIssuer(t, numbered(3600))
	reveal(t, source(t, i.config(c)).Token)
	if strings.Count(i.last().Get("client_assertion"), ".") != 2 {
		t.Errorf("got form %v", i.last())
	}
}

func TestDamagedEncryptedKeys(t *testing.T) {
	block, _ := pem.Decode(testdata(t, "aes-256.key"))
	for n := range block.Bytes {
		if _, err := decryptKey(block.Bytes[:n], "pa55"); !errors.Is(err, ErrKeyCipher) {
			t.Fatalf("cut at %d: got %v, want %v", n, err, ErrKeyCipher)
		}
	}
	if _, err := decryptKey(append(slices.Clone(block.Bytes), 0), "pa55"); !errors.Is(err, ErrKeyCipher) {
		t.Errorf("a byte more: got %v, want %v", err, ErrKeyCipher)
	}
}

// A file must not make us count for hours.
func TestIterationsAreBounded(t *testing.T) {
	for iterations, want := range map[int]error{0: ErrKeyCipher, -1: ErrKeyCipher, maxIterations + 1: ErrKeyCipher, 1: nil} {
		_, err := pbes2For(t, iterations, 0).decrypter("pa55")
		if !errors.Is(err, want) {
			t.Errorf("%d iterations: got %v, want %v", iterations, err, want)
		}
	}
	for length, want := range map[int]error{32: nil, 16: ErrKeyCipher, -1: ErrKeyCipher} {
		if _, err := pbes2For(t, 1, length).decrypter("pa55"); !errors.Is(err, want) {
			t.Errorf("a key of %d: got %v, want %v", length, err, want)
		}
	}
}

func pbes2For(t *testing.T, iterations, length int) pbes2 {
	t.Helper()
	var key encryptedKey
	var scheme pbes2
	block, _ := pem.Decode(testdata(t, "aes-256.key"))
	if !parseDER(block.Bytes, &key) || !parseDER(key.Algorithm.Parameters.FullBytes, &scheme) {
		t.Fatal("the fixture is broken")
	}
	var derivation pbkdf2Params
	if !parseDER(scheme.Derivation.Parameters.FullBytes, &derivation) {
		t.Fatal("the fixture is broken")
	}
	derivation.Iterations, derivation.KeyLength = iterations, length
	der, err := asn1.Marshal(derivation)
	if err != nil {
		t.Fatal(err)
	}
	scheme.Derivation.Parameters.FullBytes = der
	return scheme
}

func FuzzEncryptedKey(f *testing.F) {
	block, _ := pem.Decode(testdata(f, "aes-256.key"))
	f.Add(block.Bytes, "pa55")
	f.Add([]byte{0x30, 0x00}, "")
	f.Fuzz(func(t *testing.T, der []byte, password string) {
		plain, err := decryptKey(der, password)
		if (err == nil) == (plain == nil) || (err != nil && !errors.Is(err, ErrKeyCipher) && !errors.Is(err, ErrPassword)) {
			t.Fatalf("got %d bytes and %v", len(plain), err)
		}
	})
}
