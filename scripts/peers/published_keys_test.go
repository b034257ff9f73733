//go:build peers

package peers_test

import (
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"testing"
)

// publishedKeys are an issuer's signing keys by their id.
func publishedKeys(t *testing.T, address, caFile string) map[string]*rsa.PublicKey {
	t.Helper()
	answer, err := client(t, caFile).Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var set struct{ Keys []jwk }
	if err := json.NewDecoder(answer.Body).Decode(&set); err != nil || len(set.Keys) == 0 {
		t.Fatalf("%d keys at %s, %v", len(set.Keys), address, err)
	}
	keys := map[string]*rsa.PublicKey{}
	for _, k := range set.Keys {
		keys[k.Kid] = k.public(t)
	}
	return keys
}

// client trusts one authority.
func client(t *testing.T, caFile string) *http.Client {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(readFile(t, caFile))
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// jwk is a published RSA key (RFC 7517 section 4, RFC 7518 section 6.3).
type jwk struct{ Kid, N, E string }

func (k jwk) public(t *testing.T) *rsa.PublicKey {
	t.Helper()
	n, errN := base64.RawURLEncoding.DecodeString(k.N)
	e, errE := base64.RawURLEncoding.DecodeString(k.E)
	if errN != nil || errE != nil {
		t.Fatalf("key %s: %v, %v", k.Kid, errN, errE)
	}
	return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
}
