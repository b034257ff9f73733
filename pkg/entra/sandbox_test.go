package entra_test

import (
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
	settings := s.Settings()
	source, err := entra.NewSource(entra.Config{
		Authority: settings["O365MAIL_AUTHORITY"], ClientID: settings["AZURE_CLIENT_ID"], Scope: settings["O365MAIL_SCOPE"],
		Credential: credential, RootCAs: caOf(t, s),
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

// numberedFaults lists the refusals of a flow, each to be played once, and the numbers that their
// ids name.
func numberedFaults(t *testing.T, flow string) (once, codes []string) {
	t.Helper()
	for _, f := range sandbox.Faults() {
		if code, ok := strings.CutPrefix(f.ID, "aadsts-"); ok && slices.Contains(f.Flows(), flow) {
			once, codes = append(once, f.ID+"*1"), append(codes, code)
		}
	}
	if len(codes) == 0 {
		t.Fatalf("the sandbox has no numbered fault of %s", flow)
	}
	return once, codes
}

func checkCode(t *testing.T, err error, code string) {
	t.Helper()
	if refusal, ok := errors.AsType[*entra.Error](err); !ok || !slices.Contains(refusal.AADSTS, code) {
		t.Errorf("%s: got %v", code, err)
	}
}

// Each refusal that the sandbox knows arrives typed, with the number that its id names.
func TestSandboxTokenFaults(t *testing.T) {
	credential, err := entra.ClientSecret(sandbox.AppSecret)
	if err != nil {
		t.Fatal(err)
	}
	once, codes := numberedFaults(t, "client_credentials")
	s := startSandbox(t, once...)
	for _, code := range codes {
		_, err := askSandbox(t, s, credential)
		checkCode(t, err, code)
	}
}
