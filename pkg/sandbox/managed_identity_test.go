package sandbox

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

const goodIdentity = "?api-version=2018-02-01&resource=https%3A%2F%2Foutlook.office365.com%2F"

func askIdentity(t *testing.T, s *Sandbox, address string, header ...string) answer {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return fetch(t, s, r)
}

func TestIMDS(t *testing.T) {
	now := time.Now()
	s := open(t, Config{Clock: func() time.Time { return now }})
	for _, which := range []string{"", "&client_id=" + IdentityClientID, "&object_id=" + identityObjectID, "&principal_id=" + identityObjectID} {
		var m map[string]string
		a := askIdentity(t, s, s.IMDSURL()+goodIdentity+which, "Metadata", "true")
		a.decode(t, &m)
		if m["token_type"] != "Bearer" || m["client_id"] != IdentityClientID || m["resource"] != "https://outlook.office365.com" ||
			m["expires_in"] != "3599" || m["expires_on"] != strconv.FormatInt(now.Add(time.Hour).Unix(), 10) || m["not_before"] == "" {
			t.Errorf("%s: got %v", which, m)
		}
		token, err := parseJWT(m["access_token"])
		if err != nil || token.claims.text("oid") != identityObjectID || token.claims.text("aud") != "https://outlook.office365.com" {
			t.Errorf("%s: got %v, %v", which, token, err)
		}
		connect(t, s).secured().ask("AUTH XOAUTH2 "+xoauth2(SharedMailbox, m["access_token"]), "235 ")
	}
}

func TestAppService(t *testing.T) {
	s := open(t, Config{})
	settings := s.AppServiceSettings()
	address := settings["IDENTITY_ENDPOINT"] + "?api-version=2019-08-01&resource=https://outlook.office365.com/"
	var m map[string]string
	askIdentity(t, s, address, "X-IDENTITY-HEADER", settings["IDENTITY_HEADER"]).decode(t, &m)
	if _, err := strconv.ParseInt(m["expires_on"], 10, 64); err != nil || m["access_token"] == "" || m["expires_in"] != "" {
		t.Errorf("got %v", m)
	}
	for _, header := range []string{"", "x"} {
		if a := askIdentity(t, s, address, "X-IDENTITY-HEADER", header); a.status != http.StatusUnauthorized {
			t.Errorf("%q: got %d %s", header, a.status, a.body)
		}
	}
}

func TestRefusedIdentities(t *testing.T) {
	s := open(t, Config{})
	for name, c := range map[string]struct {
		query, oauth string
		header       []string
	}{
		"no header":   {goodIdentity, "invalid_request", nil},
		"forwarded":   {goodIdentity, "invalid_request", []string{"Metadata", "true", "X-Forwarded-For", "192.0.2.1"}},
		"no version":  {"?resource=https://outlook.office365.com", "invalid_request", []string{"Metadata", "true"}},
		"no resource": {"?api-version=2018-02-01", "invalid_resource", []string{"Metadata", "true"}},
		"resource":    {"?api-version=2018-02-01&resource=https://outlook.office.example", "invalid_resource", []string{"Metadata", "true"}},
		"no such":     {goodIdentity + "&client_id=" + AppClientID, "invalid_request", []string{"Metadata", "true"}},
		"by resource": {goodIdentity + "&msi_res_id=/subscriptions/x", "invalid_request", []string{"Metadata", "true"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := askIdentity(t, s, s.IMDSURL()+c.query, c.header...)
			var m map[string]string
			a.decode(t, &m)
			if a.status != http.StatusBadRequest || m["error"] != c.oauth || m["error_description"] == "" {
				t.Errorf("got %d %v, want %s", a.status, m, c.oauth)
			}
		})
	}
	if a := postTo(t, s, s.IMDSURL()+goodIdentity, nil); a.status != http.StatusMethodNotAllowed {
		t.Errorf("got %d", a.status)
	}
	tenant := Contoso()
	tenant.Apps = tenant.Apps[:1]
	s = open(t, Config{Tenant: tenant})
	if a := askIdentity(t, s, s.IMDSURL()+goodIdentity, "Metadata", "true"); !strings.Contains(a.body, `"error_description":"Identity not found"`) {
		t.Errorf("a host without an identity: got %d %s", a.status, a.body)
	}
}

func TestGatewayOfIdentities(t *testing.T) {
	s := withFaults(t, "imds-gateway-timeout*1")
	if a := askIdentity(t, s, s.IMDSURL()+goodIdentity, "Metadata", "true"); a.status != http.StatusGatewayTimeout {
		t.Errorf("got %d", a.status)
	}
	if a := askIdentity(t, s, s.IMDSURL()+goodIdentity, "Metadata", "true"); a.status != http.StatusOK {
		t.Errorf("got %d", a.status)
	}
	if got := s.IMDSSettings()["AZURE_POD_IDENTITY_AUTHORITY_HOST"] + "/metadata/identity/oauth2/token"; got != s.IMDSURL() {
		t.Errorf("got %s", got)
	}
}
