package entra_test

import (
	"crypto/x509"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/sandbox"
)

func startSandbox(t *testing.T, faults ...string) *sandbox.Sandbox {
	t.Helper()
	s, err := sandbox.Start(t.Context(), sandbox.Config{Dir: t.TempDir(), Faults: faults})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func askSandbox(t *testing.T, s *sandbox.Sandbox, credential entra.Credential) (entra.Token, error) {
	t.Helper()
	ca, err := os.ReadFile(s.CAFile())
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(ca) {
		t.Fatal("no certificate in the CA file")
	}
	settings := s.Settings()
	source, err := entra.NewSource(entra.Config{
		Authority: settings["O365MAIL_AUTHORITY"], ClientID: settings["AZURE_CLIENT_ID"], Scope: settings["O365MAIL_SCOPE"],
		Credential: credential, RootCAs: roots,
	})
	if err != nil {
		t.Fatal(err)
	}
	return source.Token(t.Context())
}

// An issuer that verifies what it gets accepts every kind of credential.
func TestSandboxGivesTokens(t *testing.T) {
	s := startSandbox(t)
	secret, err := entra.ClientSecret(sandbox.AppSecret)
	if err != nil {
		t.Fatal(err)
	}
	pem, err := os.ReadFile(s.CertificateFile())
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := entra.Certificate(pem, "")
	if err != nil {
		t.Fatal(err)
	}
	for name, credential := range map[string]entra.Credential{
		"secret": secret, "certificate": certificate, "federated": entra.AssertionFile(s.FederatedTokenFile()),
	} {
		token, err := askSandbox(t, s, credential)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		claims, err := token.Claims()
		if err != nil || claims.AppID != sandbox.AppClientID || claims.TenantID != sandbox.ContosoTenantID || !slices.Contains(claims.Roles, "SMTP.SendAsApp") {
			t.Errorf("%s: got claims %+v, %v", name, claims, err)
		}
	}
}

func TestSandboxRefusesInEntrasWords(t *testing.T) {
	s := startSandbox(t)
	for secret, code := range map[string]string{"not-the-secret": "7000215", sandbox.ExpiredSecret: "7000222"} {
		credential, err := entra.ClientSecret(secret)
		if err != nil {
			t.Fatal(err)
		}
		_, err = askSandbox(t, s, credential)
		refusal, ok := errors.AsType[*entra.Error](err)
		if !ok || !slices.Contains(refusal.AADSTS, code) || refusal.Code != "invalid_client" || refusal.TraceID == "" || refusal.CorrelationID == "" {
			t.Errorf("%s: got %+v", code, err)
			continue
		}
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the secret is in %q", err)
		}
	}
}

// Each refusal that the sandbox knows arrives typed, with the number that its id names.
func TestSandboxTokenFaults(t *testing.T) {
	credential, err := entra.ClientSecret(sandbox.AppSecret)
	if err != nil {
		t.Fatal(err)
	}
	var codes, once []string
	for _, f := range sandbox.Faults() {
		if code, numbered := strings.CutPrefix(f.ID, "aadsts-"); numbered {
			codes, once = append(codes, code), append(once, f.ID+"*1")
		}
	}
	if len(codes) == 0 {
		t.Fatal("the sandbox has no numbered fault")
	}
	s := startSandbox(t, once...)
	for _, code := range codes {
		_, err := askSandbox(t, s, credential)
		if refusal, ok := errors.AsType[*entra.Error](err); !ok || !slices.Contains(refusal.AADSTS, code) {
			t.Errorf("%s: got %v", code, err)
		}
	}
}
