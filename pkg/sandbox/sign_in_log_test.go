package sandbox

import (
	"fmt"
	"strings"
	"testing"
)

// TestSignInsLeaveNoSecretInTheLog goes every way in and looks for what it was given.
func TestSignInsLeaveNoSecretInTheLog(t *testing.T) {
	var log strings.Builder
	s := open(t, Config{Log: func(e Event) { fmt.Fprintln(&log, e) }})
	d := newDevice(t, s)
	post(t, s, ContosoTenantID, goodPoll(d.DeviceCode))
	decideOn(t, s, postTo(t, s, d.VerificationURI, map[string][]string{"code": {d.UserCode}}), "accept", Ada)
	code := newCode(t, s)
	byDevice, byCode := grantOf(t, post(t, s, ContosoTenantID, goodPoll(d.DeviceCode))), grantOf(t, post(t, s, ContosoTenantID, goodCode(code)))
	byRefresh := grantOf(t, post(t, s, ContosoTenantID, goodRefresh(byCode.RefreshToken)))
	askIdentity(t, s, s.AppServiceSettings()["IDENTITY_ENDPOINT"]+"?api-version=2019-08-01&resource=https://outlook.office365.com", "X-IDENTITY-HEADER", IdentityHeader)
	askActions(t, s, "", "Bearer "+ActionsRequestToken)
	s.Close()
	got := log.String()
	secrets := []string{d.DeviceCode, d.UserCode, code, testVerifier, IdentityHeader, ActionsRequestToken, "eyJ"}
	for _, r := range []tokenResponse{byDevice, byCode, byRefresh} {
		secrets = append(secrets, r.RefreshToken, r.AccessToken, r.IDToken)
	}
	for _, secret := range secrets {
		if secret == "" || strings.Contains(got, secret) {
			t.Errorf("%.20q is in the log", secret)
		}
	}
	for _, want := range []string{"/oauth2/v2.0/devicecode", "200 device code to be approved at ", "somebody decided on a device code", "302 authorization code for " + Ada, "redirect_uri=" + testRedirect, "200 workflow token for ", "GET /msi/token"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in the log:\n%s", want, got)
		}
	}
}
