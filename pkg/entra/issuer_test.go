package entra

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"
)

const (
	testTenant = "contoso.example"
	testClient = "11111111-2222-3333-4444-555555555555"
	testScope  = "https://outlook.office365.com/.default"
	testSecret = "Sup3r~S3cret+/=&value"
)

// issuer is a token endpoint over TLS that answers as a test says and keeps the forms it got.
type issuer struct {
	*httptest.Server
	mu     sync.Mutex
	forms  []url.Values
	others []string
}

func newIssuer(t *testing.T, answer func(http.ResponseWriter, url.Values)) *issuer {
	t.Helper()
	i := &issuer{}
	i.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i.mu.Lock()
		defer i.mu.Unlock()
		if r.Method != http.MethodPost || r.URL.Path != "/"+testTenant+"/oauth2/v2.0/token" {
			i.others = append(i.others, r.Method+" "+r.URL.String())
			http.NotFound(w, r)
			return
		}
		_ = r.ParseForm()
		i.forms = append(i.forms, r.PostForm)
		answer(w, r.PostForm)
	}))
	i.Config.ErrorLog = log.New(io.Discard, "", 0)
	i.StartTLS()
	t.Cleanup(i.Close)
	return i
}

// requests is how many token requests came; any other request fails the test.
func (i *issuer) requests(t *testing.T) int {
	t.Helper()
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.others) > 0 {
		t.Errorf("other requests than for tokens: %v", i.others)
	}
	return len(i.forms)
}

func (i *issuer) last() url.Values {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.forms[len(i.forms)-1]
}

func (i *issuer) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(i.Certificate())
	return pool
}

func (i *issuer) config(c Credential) Config {
	return Config{
		Authority: i.URL + "/" + testTenant, ClientID: testClient, Scope: testScope,
		Credential: c, RootCAs: i.roots(),
	}
}

func secretCredential(t *testing.T) Credential {
	t.Helper()
	c, err := ClientSecret(testSecret)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func source(t *testing.T, c Config) *Source {
	t.Helper()
	s, err := NewSource(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func writeJSON(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// identity is a key with its self-signed certificate.
type identity struct {
	key         *rsa.PrivateKey
	certificate *x509.Certificate
}

func newIdentity(t *testing.T, notBefore, notAfter time.Time) identity {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "o365mail"}, NotBefore: notBefore, NotAfter: notAfter}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return identity{key, certificate}
}

func currentIdentity(t *testing.T) identity {
	t.Helper()
	return newIdentity(t, time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
}

func (i identity) certificatePEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.certificate.Raw})
}

func (i identity) keyPEM(t *testing.T) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(i.key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}
