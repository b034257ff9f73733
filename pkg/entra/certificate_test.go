package entra

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"
)

func TestCertificateForms(t *testing.T) {
	own, other := currentIdentity(t), currentIdentity(t)
	pkcs1 := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(own.key)})
	modern := pfx(t, pkcs12.Modern, own, "pa55")
	for name, c := range map[string]struct {
		data     []byte
		password string
	}{
		"PEM, certificate first": {slices.Concat(own.certificatePEM(), own.keyPEM(t)), ""},
		"PEM, key first":         {slices.Concat(own.keyPEM(t), own.certificatePEM()), ""},
		"PEM, PKCS#1":            {slices.Concat(pkcs1, own.certificatePEM()), ""},
		"PEM with text":          {slices.Concat([]byte("Bag Attributes\n"), own.keyPEM(t), own.certificatePEM()), ""},
		"PEM with a chain":       {slices.Concat(other.certificatePEM(), own.certificatePEM(), own.keyPEM(t)), ""},
		"PFX":                    {modern, "pa55"},
		"PFX of old tools":       {pfx(t, pkcs12.LegacyDES, own, "pa55"), "pa55"},
		"PFX without password":   {pfx(t, pkcs12.Passwordless, own, ""), ""},
	} {
		credential, err := Certificate(c.data, c.password)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := credential.NotAfter(); !got.Equal(own.certificate.NotAfter) {
			t.Errorf("%s: expires %v, want %v", name, got, own.certificate.NotAfter)
		}
	}
}

func pfx(t *testing.T, encoder *pkcs12.Encoder, i identity, password string) []byte {
	t.Helper()
	data, err := encoder.Encode(i.key, i.certificate, nil, password)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestUnusableCertificates(t *testing.T) {
	own, other := currentIdentity(t), currentIdentity(t)
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	curveDER, err := x509.MarshalPKCS8PrivateKey(curve)
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string, der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}) }
	legacy := pem.EncodeToMemory(&pem.Block{
		Type: "RSA PRIVATE KEY", Bytes: []byte("x"),
		Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "DES-EDE3-CBC,0011223344556677"},
	})
	for _, c := range []struct {
		name     string
		data     []byte
		password string
		want     error
	}{
		{"empty", nil, "", ErrNotPEMOrPFX},
		{"neither", []byte("hello"), "", ErrNotPEMOrPFX},
		{"no key", own.certificatePEM(), "", ErrNoKey},
		{"no certificate", own.keyPEM(t), "", ErrNoCertificate},
		{"another key", slices.Concat(own.certificatePEM(), other.keyPEM(t)), "", ErrKeyMismatch},
		{"encrypted PKCS#8", slices.Concat(own.certificatePEM(), block("ENCRYPTED PRIVATE KEY", []byte("x"))), "pa55", ErrKeyCipher},
		{"encrypted PKCS#8, no password", slices.Concat(own.certificatePEM(), block("ENCRYPTED PRIVATE KEY", []byte("x"))), "", ErrPassword},
		{"legacy encryption", slices.Concat(own.certificatePEM(), legacy), "pa55", ErrEncryptedKey},
		{"elliptic curve", slices.Concat(own.certificatePEM(), block("PRIVATE KEY", curveDER)), "", ErrNotRSA},
		{"elliptic curve, SEC 1", slices.Concat(own.certificatePEM(), block("EC PRIVATE KEY", []byte("x"))), "", ErrNotRSA},
		{"wrong password", pfx(t, pkcs12.Modern, own, "pa55"), "wr0ng-pa55", ErrPassword},
		{"no password", pfx(t, pkcs12.Modern, own, "pa55"), "", ErrPassword},
		{"cut off PFX", pfx(t, pkcs12.Modern, own, "pa55")[:100], "pa55", ErrNotPEMOrPFX},
		{"broken certificate", slices.Concat(block("CERTIFICATE", []byte("x")), own.keyPEM(t)), "", nil},
	} {
		_, err := Certificate(c.data, c.password)
		var unusable *CertificateError
		if !errors.As(err, &unusable) || (c.want != nil && !errors.Is(err, c.want)) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "pa55") {
			t.Errorf("%s: the password is in %q", c.name, err)
		}
	}
}

func TestValidity(t *testing.T) {
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	until := from.AddDate(1, 0, 0)
	own := newIdentity(t, from, until)
	c, err := Certificate(slices.Concat(own.certificatePEM(), own.keyPEM(t)), "")
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[time.Time]string{
		from.Add(-time.Second):   "certificate: not valid before 2026-01-01T00:00:00Z",
		from:                     "",
		until:                    "",
		until.Add(2 * time.Hour): "certificate: expired on 2027-01-01T00:00:00Z",
	} {
		err := c.Validity(at)
		var outside *ValidityError
		if (want == "") != (err == nil) || (err != nil && (!errors.As(err, &outside) || err.Error() != want)) {
			t.Errorf("at %v: got %v, want %q", at, err, want)
		}
	}
	if err := secretCredential(t).Validity(from); err != nil {
		t.Errorf("a secret has no certificate: %v", err)
	}
}

func TestCredentialIsNeverShown(t *testing.T) {
	own := currentIdentity(t)
	certificate, err := Certificate(slices.Concat(own.certificatePEM(), own.keyPEM(t)), "")
	if err != nil {
		t.Fatal(err)
	}
	secret := secretCredential(t)
	shown := fmt.Sprintf("%v %+v %#v %s %x %v %#v", secret, secret, secret, secret, secret, certificate, certificate) +
		fmt.Sprintf("%+v %#v", Config{Credential: secret}, Config{Credential: certificate})
	for _, part := range []string{testSecret, fmt.Sprintf("%x", testSecret), own.key.D.String(), own.key.D.Text(16)} {
		if strings.Contains(shown, part) {
			t.Errorf("a secret is in %s", shown)
		}
	}
	if !strings.Contains(shown, "credential: client secret") || (Credential{}).String() != "credential: none" {
		t.Errorf("the kind is not in %s", shown)
	}
}

func TestClientSecretIsChecked(t *testing.T) {
	for _, value := range []string{"", strings.Repeat("x", maxToken+1)} {
		var invalid *ConfigError
		if _, err := ClientSecret(value); !errors.As(err, &invalid) {
			t.Errorf("%d bytes: got %v, want it refused", len(value), err)
		}
	}
}

func FuzzCertificate(f *testing.F) {
	f.Add([]byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), "")
	f.Add([]byte{0x30, 0x82, 0x01, 0x00, 0x02, 0x01, 0x03}, "pa55")
	f.Fuzz(func(t *testing.T, data []byte, password string) {
		c, err := Certificate(data, password)
		if (err == nil) == c.IsZero() {
			t.Fatalf("credential %v with error %v", c, err)
		}
	})
}
