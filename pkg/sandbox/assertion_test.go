package sandbox

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"maps"
	"net/http"
	"os"
	"testing"
	"time"
)

// appCredential reads key and certificate as a client does.
func appCredential(t *testing.T, s *Sandbox) (*rsa.PrivateKey, *x509.Certificate) {
	t.Helper()
	data, err := os.ReadFile(s.CertificateFile())
	if err != nil {
		t.Fatal(err)
	}
	first, rest := pem.Decode(data)
	second, _ := pem.Decode(rest)
	key, err := x509.ParsePKCS8PrivateKey(first.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(second.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key.(*rsa.PrivateKey), cert
}

// assertion signs as Microsoft's page on certificate credentials says: PS256.
func assertion(t *testing.T, key *rsa.PrivateKey, header, payload claims) string {
	t.Helper()
	text := encodePart(header) + "." + encodePart(payload)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPSS(rand.Reader, key, crypto.SHA256, sum[:], nil)
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func goodAssertion(s *Sandbox, cert *x509.Certificate) (header, payload claims) {
	now := time.Now()
	sum := sha256.Sum256(cert.Raw)
	header = claims{"alg": "PS256", "typ": "JWT", "x5t#S256": base64.RawURLEncoding.EncodeToString(sum[:])}
	payload = claims{
		"aud": s.AuthorityURL() + "/oauth2/v2.0/token", "iss": AppClientID, "sub": AppClientID, "jti": "1",
		"nbf": now.Unix(), "iat": now.Unix(), "exp": now.Add(10 * time.Minute).Unix(),
	}
	return header, payload
}

func postAssertion(t *testing.T, s *Sandbox, token string) answer {
	t.Helper()
	return post(t, s, ContosoTenantID, form("client_secret", "", "client_assertion_type", assertionType, "client_assertion", token))
}

func TestCertificate(t *testing.T) {
	s := open(t, Config{})
	key, cert := appCredential(t, s)
	header, payload := goodAssertion(s, cert)
	if got := tokenOf(t, postAssertion(t, s, assertion(t, key, header, payload))).claims.text("appidacr"); got != byAssertion {
		t.Errorf("appidacr %s", got)
	}
	raw, _ := base64.RawURLEncoding.DecodeString(header.text("x5t#S256"))
	header["x5t#S256"] = base64.StdEncoding.EncodeToString(raw) // as MSAL for Go writes it
	payload["aud"] = []any{"https://127.0.0.1:" + s.entraPort() + "/" + ContosoDomain + "/oauth2/v2.0/token"}
	tokenOf(t, postAssertion(t, s, assertion(t, key, header, payload)))
	old := &signer{key: key, cert: cert, kid: thumbprintSHA1(cert)} // RS256 with x5t, as older libraries sign
	tokenOf(t, postAssertion(t, s, must(t)(old.sign(payload))))
}

func TestWrongAssertions(t *testing.T) {
	s := open(t, Config{})
	key, cert := appCredential(t, s)
	other, err := rsa.GenerateKey(rand.Reader, rsaBits)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		change func(header, payload claims)
		key    *rsa.PrivateKey
		status int
		code   int
		oauth  string
	}{
		{"no iss", func(_, p claims) { delete(p, "iss") }, key, 400, 90014, "invalid_request"},
		{"no jti", func(_, p claims) { delete(p, "jti") }, key, 400, 90014, "invalid_request"},
		{"no exp", func(_, p claims) { delete(p, "exp") }, key, 400, 90014, "invalid_request"},
		{"exp is text", func(_, p claims) { p["exp"] = "never" }, key, 401, 700024, "invalid_client"},
		{"expired", func(_, p claims) { p["exp"] = time.Now().Add(-6 * time.Minute).Unix() }, key, 401, 700024, "invalid_client"},
		{"not yet", func(_, p claims) { p["nbf"] = time.Now().Add(6 * time.Minute).Unix() }, key, 401, 700024, "invalid_client"},
		{"iss of another", func(_, p claims) { p["iss"] = ScopedAppClientID }, key, 401, 700021, "invalid_client"},
		{"sub of another", func(_, p claims) { p["sub"] = ScopedAppClientID }, key, 401, 700021, "invalid_client"},
		{"aud of another tenant", func(_, p claims) { p["aud"] = s.origin() + "/other/oauth2/v2.0/token" }, key, 401, 700023, "invalid_client"},
		{"aud of another server", func(_, p claims) {
			p["aud"] = "https://login.microsoftonline.com/" + ContosoTenantID + "/oauth2/v2.0/token"
		}, key, 401, 700023, "invalid_client"},
		{"aud without path", func(_, p claims) { p["aud"] = s.AuthorityURL() }, key, 401, 700023, "invalid_client"},
		{"HS256", func(h, _ claims) { h["alg"] = "HS256" }, key, 401, 5002738, "invalid_client"},
		{"none", func(h, _ claims) { h["alg"] = "none" }, key, 401, 5002730, "invalid_client"},
		{"no thumbprint", func(h, _ claims) { delete(h, "x5t#S256") }, key, 401, 5002723, "invalid_client"},
		{"unknown thumbprint", func(h, _ claims) { h["x5t#S256"] = "AAAA" }, key, 401, 700027, "invalid_client"},
		{"another key", func(_, _ claims) {}, other, 401, 700027, "invalid_client"},
		{"alg does not fit", func(h, _ claims) { h["alg"] = "RS256" }, key, 401, 700027, "invalid_client"},
	} {
		t.Run(c.name, func(t *testing.T) {
			header, payload := goodAssertion(s, cert)
			c.change(header, payload)
			wantRefusal(t, postAssertion(t, s, assertion(t, c.key, header, payload)), c.status, c.code, c.oauth, "")
		})
	}
	wantRefusal(t, postAssertion(t, s, "x.y"), 400, 50027, "invalid_request", "JWT token is invalid or malformed.")
	wantRefusal(t, post(t, s, ContosoTenantID, form("client_assertion", "x")), 400, 900144, "invalid_request", "The request body must contain the following parameter: 'client_assertion_type'.")
	wantRefusal(t, post(t, s, ContosoTenantID, form("client_assertion", "x", "client_assertion_type", "y")), 400, 90013, "invalid_request", "")
}

func TestFederated(t *testing.T) {
	s := open(t, Config{})
	token, err := os.ReadFile(s.FederatedTokenFile())
	if err != nil {
		t.Fatal(err)
	}
	if got := tokenOf(t, postAssertion(t, s, string(token))).claims.text("appidacr"); got != byAssertion {
		t.Errorf("appidacr %s", got)
	}
	exp := time.Now().Add(time.Hour).Unix()
	good := claims{"iss": FederatedIssuer, "sub": FederatedSubject, "aud": FederatedAudience, "exp": exp}
	for _, c := range []struct {
		claim, value string
		signer       *signer
		code         int
	}{
		{"iss", "https://token.actions.githubusercontent.com", s.keys.ci, 700211},
		{"sub", "repo:contoso/alerts:pull_request", s.keys.ci, 700213},
		{"aud", "api://other", s.keys.ci, 700212},
		{"aud", FederatedAudience, s.keys.token, 5000811},
		{"aud", FederatedAudience, &signer{s.keys.token.key, s.keys.token.cert, s.keys.ci.kid}, 900384},
	} {
		changed := claims{}
		maps.Copy(changed, good)
		changed[c.claim] = c.value
		t.Run(fmt.Sprint(c.code), func(t *testing.T) {
			wantRefusal(t, postAssertion(t, s, must(t)(c.signer.sign(changed))), http.StatusUnauthorized, c.code, "invalid_client", "")
		})
	}
	other := post(t, s, ContosoTenantID, form("client_id", ScopedAppClientID, "client_secret", "", "client_assertion_type", assertionType, "client_assertion", string(token)))
	wantRefusal(t, other, http.StatusUnauthorized, 700211, "invalid_client", "")
}

func TestThumbprintForms(t *testing.T) {
	raw, _ := hex.DecodeString("fbefbefbefbe00000000000000000000000000000000000000000000000000ff")
	want := base64.RawURLEncoding.EncodeToString(raw)
	for _, form := range []string{want, base64.StdEncoding.EncodeToString(raw)} {
		if got := thumbprintText(form); got != want {
			t.Errorf("%s: got %s", form, got)
		}
	}
}
