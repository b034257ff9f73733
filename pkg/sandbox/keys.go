package sandbox

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"time"
)

// keys are the key material of one sandbox.
type keys struct {
	ca     *authority
	server tls.Certificate // of both servers
	token  *signer         // signs access tokens
	ci     *signer         // signs the tokens of FederatedIssuer
	app    *rsa.PrivateKey // of the first application's certificate
	cert   *x509.Certificate
}

// rsaBits is what Entra's own keys and most applications' have.
const rsaBits = 2048

func newKeys(names []string, app string, now time.Time) (*keys, error) {
	private, err := rsaKeys(3)
	if err != nil {
		return nil, err
	}
	k := &keys{app: private[2]}
	if k.ca, err = newAuthority("o365mail sandbox CA", now); err != nil {
		return nil, err
	}
	from, to := span(now, lifeLeaf)
	if k.server, err = k.ca.leaf(names, from, to); err != nil {
		return nil, err
	}
	if k.token, err = newSigner("tokens of the sandbox", private[0], now); err != nil {
		return nil, err
	}
	if k.ci, err = newSigner("workload tokens of the sandbox", private[1], now); err != nil {
		return nil, err
	}
	k.cert, err = selfSigned(app, k.app, now)
	return k, err
}

// rsaKeys makes several keys at the same time: that is most of the time of a start.
func rsaKeys(n int) ([]*rsa.PrivateKey, error) {
	made := make([]*rsa.PrivateKey, n)
	failed := make(chan error, n)
	for i := range made {
		go func() {
			var err error
			made[i], err = rsa.GenerateKey(rand.Reader, rsaBits)
			failed <- err
		}()
	}
	var first error
	for range made {
		if err := <-failed; err != nil && first == nil {
			first = fmt.Errorf("signing key: %w", err)
		}
	}
	return made, first
}

func selfSigned(name string, key *rsa.PrivateKey, now time.Time) (*x509.Certificate, error) {
	template := certificateTemplate(name)
	template.NotBefore, template.NotAfter = span(now, lifeCA)
	template.KeyUsage = x509.KeyUsageDigitalSignature
	return sign(template, template, key.Public(), key)
}
