//go:build peers

package peers_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/o365mail/o365mail/scripts/peers"
)

const clientSecret = "the secret of the application, which protects nothing"

// personClient is what Entra calls a public client of the platform "mobile and desktop".
func personClient() map[string]any {
	return map[string]any{
		"client_id": "person", "application_type": "native", "token_endpoint_auth_method": "none",
		"redirect_uris": []string{"http://localhost"}, "response_types": []string{"code"},
		"grant_types": []string{"authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"},
	}
}

func applicationClient(id, method string) map[string]any {
	return map[string]any{
		"client_id": id, "token_endpoint_auth_method": method, "grant_types": []string{"client_credentials"},
		"redirect_uris": []string{}, "response_types": []string{},
	}
}

// login are the flags that lead to this issuer and to the Postfix that trusts it.
func (i *issuer) login(args ...string) []string {
	return append([]string{
		"login", peers.User, "--authority", i.authority, "--ca-file", i.caFile,
		"--smtp-host", peers.Host, "--smtp-port", fmt.Sprint(i.Long),
	}, args...)
}

// person answers the questions of oidc-provider's own pages.
func person() map[string]string { return map[string]string{"login": peers.User, "password": "any"} }

// sends proves that a message arrives with nobody at hand.
func (i *issuer) sends(t *testing.T, n terminal) {
	t.Helper()
	if err := i.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	accepted(t, n.succeeds(t, "later", nil, "send", "--json", "-s", "Later", "ada@contoso.example"))
	i.mail(t, 1)
}

// isWell wants doctor to find nothing wrong with what just sent, though neither issuer nor server is
// Microsoft's.
func (i *issuer) isWell(t *testing.T, n terminal) {
	t.Helper()
	o := n.run(t, "", nil, "doctor", "--timeout", "20s")
	if bad := regexp.MustCompile(`(?m)^(fail|blocked) +\S+`).FindAllString(o.stdout, -1); o.status != 0 || len(bad) > 0 {
		t.Errorf("status %d, %q\n%s%s", o.status, bad, o.stdout, o.stderr)
	}
	for _, check := range []string{"token.renewal", "smtp.auth", "smtp.sender"} {
		if !strings.Contains(o.stdout, "pass     "+check) {
			t.Errorf("%s did not pass:\n%s", check, o.stdout)
		}
	}
}

var shownCode = regexp.MustCompile(`open (\S+) on any device and enter the code (\S+)`)

// signInOnPhone enters the code that the program shows.
func (i *issuer) signInOnPhone(t *testing.T) func(string) {
	t.Helper()
	v := newVisitor(t, i.caFile)
	return func(line string) {
		if found := shownCode.FindStringSubmatch(line); found != nil {
			answers := person()
			answers["user_code"] = found[2]
			if err := v.signIn(found[1], answers); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestOIDCProviderPerson(t *testing.T) {
	i := startIssuer(t, personClient())
	t.Run("device code and renewal", func(t *testing.T) {
		n := newTerminal(t, nil)
		i.setLife(t, "200") // shorter than what the program serves: each call renews
		n.succeeds(t, "", i.signInOnPhone(t), i.login("--client-id", "person", "--use-device-code")...)
		i.renews(t, n)
		i.renewsOnce(t, n)
		i.setLife(t, "3600")
		i.sends(t, n)
		i.isWell(t, n)
	})
	t.Run("browser with PKCE", func(t *testing.T) {
		n, v := newTerminal(t, map[string]string{"BROWSER": "true"}), newVisitor(t, i.caFile)
		o := n.succeeds(t, "", func(line string) {
			if strings.HasPrefix(line, i.authority) {
				go func() {
					if err := v.signIn(line, person()); err != nil {
						t.Error(err)
					}
				}()
			}
		}, i.login("--client-id", "person", "--browser")...)
		if !strings.Contains(o.stdout, "browser") {
			t.Errorf("not the flow browser: %s", o.stdout)
		}
		i.sends(t, n)
		i.setLife(t, "200")
		n.succeeds(t, "", nil, "token", "--min-validity", "2h")
		i.renews(t, n)
		i.setLife(t, "3600")
	})
	t.Run("refused in the browser", func(t *testing.T) {
		n, v := newTerminal(t, map[string]string{"BROWSER": "true"}), newVisitor(t, i.caFile)
		o := n.run(t, "", func(line string) {
			if strings.HasPrefix(line, i.authority) {
				go func() {
					if err := v.refuse(line); err != nil {
						t.Error(err)
					}
				}()
			}
		}, i.login("--client-id", "person", "--browser")...)
		if o.status != 77 || !strings.Contains(o.stderr, "access_denied") || !strings.Contains(o.stderr, "End-User aborted interaction") {
			t.Errorf("status %d, want 77 with the issuer's words\n%s", o.status, o.stderr)
		}
	})
}

// renews wants two renewals one after the other, each with the refresh token of the one before.
func (i *issuer) renews(t *testing.T, n terminal) {
	t.Helper()
	start := i.mark()
	first := n.succeeds(t, "", nil, "token").stdout
	second := n.succeeds(t, "", nil, "token").stdout
	if first == second {
		t.Error("the second renewal brought the same token")
	}
	want := []string{"grant refresh_token", "grant refresh_token"}
	if got := i.since(start); !slices.Equal(got, want) {
		t.Errorf("the issuer saw %q, want %q", got, want)
	}
}

// renewsOnce wants one renewal of twenty processes that find the token too short-lived, in each of
// some rounds. A refresh token that came twice would end the grant: oidc-provider revokes it.
func (i *issuer) renewsOnce(t *testing.T, n terminal) {
	t.Helper()
	for range 3 {
		i.setLife(t, "200")
		n.succeeds(t, "", nil, "token", "--min-validity", "2h")
		i.setLife(t, "3600")
		start := i.mark()
		var together sync.WaitGroup
		tokens := make([]string, 20)
		for k := range tokens {
			together.Go(func() {
				o := n.run(t, "", nil, "token")
				if tokens[k] = o.stdout; o.status != 0 {
					t.Errorf("status %d\n%s", o.status, o.stderr)
				}
			})
		}
		together.Wait()
		if different := slices.Compact(slices.Sorted(slices.Values(tokens))); len(different) != 1 {
			t.Errorf("%d different tokens, want 1", len(different))
		}
		if got := i.since(start); !slices.Equal(got, []string{"grant refresh_token"}) {
			t.Errorf("the issuer saw %q, want one renewal", got)
		}
	}
}

func TestOIDCProviderApplication(t *testing.T) {
	secret := applicationClient("secretive", "client_secret_post")
	secret["client_secret"] = clientSecret
	certified := applicationClient("certified", "private_key_jwt")
	file, key := certificateFile(t)
	certified["jwks"] = map[string]any{"keys": []any{key}}
	i := startIssuer(t, secret, certified)
	secretFile := func(t *testing.T, text string) string {
		t.Helper()
		name := filepath.Join(t.TempDir(), "secret")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	t.Run("client secret", func(t *testing.T) {
		n := newTerminal(t, nil)
		n.succeeds(t, "", nil, i.login("--client-id", "secretive", "--client-secret-file", secretFile(t, clientSecret))...)
		i.sends(t, n)
	})
	t.Run("certificate", func(t *testing.T) {
		n := newTerminal(t, nil)
		n.succeeds(t, "", nil, i.login("--client-id", "certified", "--certificate", file)...)
		i.sends(t, n)
	})
	t.Run("wrong secret", func(t *testing.T) {
		n := newTerminal(t, nil)
		o := n.run(t, "", nil, i.login("--client-id", "secretive", "--client-secret-file", secretFile(t, "another one"))...)
		if o.status != 77 || !strings.Contains(o.stderr, "invalid_client") || strings.Contains(o.stderr, "another one") {
			t.Errorf("status %d, want 77 with the issuer's words and without the secret\n%s", o.status, o.stderr)
		}
	})
	t.Run("unknown certificate", func(t *testing.T) {
		n := newTerminal(t, nil)
		other, _ := certificateFile(t)
		o := n.run(t, "", nil, i.login("--client-id", "certified", "--certificate", other)...)
		if o.status != 77 || !strings.Contains(o.stderr, "invalid_client") {
			t.Errorf("status %d, want 77 with the issuer's words\n%s", o.status, o.stderr)
		}
	})
}

// certificateFile is a PEM file of a new key and its certificate, and the key as oidc-provider
// takes it.
func certificateFile(t *testing.T) (file string, public map[string]any) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "alerts"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(90 * 24 * time.Hour),
	}
	certificate, errCertificate := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	private, errKey := x509.MarshalPKCS8PrivateKey(key)
	if errCertificate != nil || errKey != nil {
		t.Fatal(errCertificate, errKey)
	}
	text := append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})...)
	file = filepath.Join(t.TempDir(), "app.pem")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	return file, map[string]any{
		"kty": "RSA", "use": "sig", "n": encode(key.N.Bytes()), "e": encode(big.NewInt(int64(key.E)).Bytes()),
	}
}
