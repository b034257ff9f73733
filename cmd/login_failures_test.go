package cmd_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/o365mail/o365mail/pkg/sandbox"
)

// TestLoginFailures goes through what keeps people out. Each row wants the cause in words, who can
// repair it and the next step, and that nothing is left behind.
func TestLoginFailures(t *testing.T) {
	person := []string{"login", sandbox.Ada, "--use-device-code", "--client-id", sandbox.PublicClientID}
	browser := []string{"login", sandbox.Ada, "--browser", "--client-id", sandbox.PublicClientID}
	secret := []string{"login", sandbox.SharedMailbox, "--client-id", sandbox.AppClientID, "--client-secret-file", "SECRET"}
	certificate := []string{"login", sandbox.SharedMailbox, "--client-id", sandbox.AppClientID, "--certificate", "CERT"}
	tests := []struct {
		name   string
		fault  string
		change map[string]string // of the environment
		args   []string
		status int
		want   []string
	}{
		{"no browser", "", map[string]string{"BROWSER": "/nonexistent"}, browser, 78, []string{"no browser can be started here", "try: o365mail login --use-device-code"}},
		{"no terminal", "", nil, []string{"login", sandbox.SharedMailbox, "--service-principal", "--client-id", sandbox.AppClientID}, 64, []string{"no client secret: give it by a file, or by AZURE_CLIENT_SECRET", "try: o365mail login --help"}},
		{"no client id", "", nil, []string{"login", sandbox.Ada}, 78, []string{"no client id is set and none is built in", "1. Register the application", "try: o365mail setup --request"}},
		{"wrong tenant", "aadsts-90002", nil, secret, 78, []string{"AADSTS90002", "does not exist in this cloud", "who:    user", "try: Check tenant of the profile: the tenant id"}},
		{"wrong client id", "aadsts-700016", nil, secret, 78, []string{"AADSTS700016", "unknown in this tenant", "who:    user", "try: Compare client id"}},
		{"expired secret", "aadsts-7000222", nil, secret, 77, []string{"The client secret has expired", "who:    entra-admin", "try: Make a new one and copy the Value, not the Secret ID: Entra admin center > App registrations"}},
		{"consent missing", "aadsts-65001", nil, person, 77, []string{"Nobody has consented", "who:    entra-admin", "try: Consent for all: Entra admin center > Enterprise applications"}},
		{"second factor", "aadsts-50076", nil, person, 77, []string{"Multifactor authentication is demanded", "who:    user", "try: o365mail login"}},
		{"code expired", "oauth-expired-token", nil, person, 77, []string{"The device code ran out", "who:    user", "try: o365mail login --use-device-code"}},
		{"device codes blocked", "aadsts-530033", nil, person, 77, []string{"AADSTS530033", "who:    entra-admin", "try: o365mail login ada@contoso.example -p ada --paste"}},
		{"not a public client", "aadsts-7000218", nil, person, 78, []string{"AADSTS7000218", "try: o365mail login ada@contoso.example -p ada --service-principal"}},
		{"clock off, secret", "clock.skew", nil, secret, 0, []string{"warning: the clock of this machine is 2h0m0s behind localhost"}},
		{"clock off, certificate", "clock.skew", nil, certificate, 75, []string{"AADSTS700024", "behind localhost", "try: Correct the clock of this machine"}},
		{"authority unreachable", "", map[string]string{"O365MAIL_AUTHORITY": "https://127.0.0.1:1/contoso.example"}, secret, 75, []string{"connection refused", "try: check host and port"}},
		{"authority silent", "entra.silent", nil, append([]string{"--timeout", "1s"}, secret...), 75, []string{"gave no answer in time"}},
		{"proxy that inspects TLS", "", map[string]string{"O365MAIL_CA_FILE": ""}, secret, 69, []string{"the certificate was issued by", "try: if a device inspects TLS here, add its certificate authority with --ca-file"}},
		{"captive portal", "entra.garbage", nil, secret, 69, []string{"try: check authority, and that no proxy or captive portal answers in its place"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			faults := strings.Fields(tt.fault)
			s, err := sandbox.Start(t.Context(), sandbox.Config{Dir: t.TempDir(), PollInterval: time.Millisecond, SignInAs: sandbox.Ada, Faults: faults})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = s.Close() }()
			n := tenantOf(t, s)
			maps.Copy(n.env, tt.change)
			status, _, errs := n.run(t, strings.NewReader(""), nil, n.files(t, tt.args)...)
			if status != tt.status {
				t.Errorf("status %d, want %d", status, tt.status)
			}
			for _, want := range tt.want {
				if !strings.Contains(errs, want) {
					t.Errorf("no %q in\n%s", want, errs)
				}
			}
			if left, _ := filepath.Glob(filepath.Join(n.home, ".local/share/o365mail/*.store")); tt.status != 0 && len(left) > 0 {
				t.Errorf("a sign-in that failed left %q", left)
			}
		})
	}
}

// files puts the sandbox's own credentials in place of their marks.
func (n *tenant) files(t *testing.T, args []string) []string {
	t.Helper()
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte(sandbox.AppSecret), 0o600); err != nil {
		t.Fatal(err)
	}
	filled := make([]string, len(args))
	for i, a := range args {
		switch a {
		case "SECRET":
			a = secret
		case "CERT":
			a = n.CertificateFile()
		}
		filled[i] = a
	}
	return filled
}
