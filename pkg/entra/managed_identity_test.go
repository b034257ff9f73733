package entra

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// platform answers at the fixed addresses of Azure.
type platform func(*http.Request) (int, http.Header, string)

func (p platform) RoundTrip(r *http.Request) (*http.Response, error) {
	status, header, body := p(r)
	if status == 0 {
		return nil, errors.New(body)
	}
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func identityToken(t *testing.T, m ManagedIdentity, env map[string]string) (Token, error) {
	t.Helper()
	if env != nil {
		m.Getenv = func(name string) string { return env[name] }
	}
	s, err := NewSource(Config{Scope: testScope, Credential: m.Credential()})
	if err != nil {
		return Token{}, err
	}
	return s.Token(t.Context())
}

const appKey = "app~service~key"

func TestManagedIdentities(t *testing.T) {
	ends := time.Now().Add(time.Hour).Unix()
	for _, c := range []struct {
		name, client string
		env          map[string]string
		url, header  string
		body         string
	}{
		{
			"IMDS", "", nil,
			"http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Foutlook.office365.com",
			"Metadata: true", `{"access_token":"mi~1","expires_in":"3599","expires_on":"1","token_type":"Bearer"}`,
		},
		{
			"IMDS, user-assigned", testClient, nil,
			"http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&client_id=" + testClient + "&resource=https%3A%2F%2Foutlook.office365.com",
			"Metadata: true", `{"access_token":"mi~1","expires_in":3599}`,
		},
		{
			"App Service", "",
			map[string]string{"IDENTITY_ENDPOINT": "http://127.0.0.1:41741/msi/token?x=y", "IDENTITY_HEADER": appKey},
			"http://127.0.0.1:41741/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Foutlook.office365.com&x=y",
			"X-Identity-Header: " + appKey, fmt.Sprintf(`{"access_token":"mi~1","expires_on":"%d"}`, ends),
		},
	} {
		var got *http.Request
		asked := 0
		transport := platform(func(r *http.Request) (int, http.Header, string) {
			got = r
			asked++
			return 200, nil, c.body
		})
		token, err := identityToken(t, ManagedIdentity{ClientID: c.client, Transport: transport}, c.env)
		if err != nil || token.Reveal() != "mi~1" || time.Until(token.ExpiresOn).Round(time.Minute) != time.Hour || asked != 1 {
			t.Errorf("%s: got %q until %v, %v, %d requests", c.name, token.Reveal(), token.ExpiresOn, err, asked)
			continue
		}
		name, value, _ := strings.Cut(c.header, ": ")
		if got.URL.String() != c.url || got.Header.Get(name) != value || got.Method != http.MethodGet {
			t.Errorf("%s: got %s %v", c.name, got.URL, got.Header)
		}
	}
}

func TestManagedIdentityIsRefused(t *testing.T) {
	app := map[string]string{"IDENTITY_ENDPOINT": "http://127.0.0.1:1/msi/token", "IDENTITY_HEADER": appKey}
	for _, c := range []struct {
		name   string
		status int
		body   string
		want   string
	}{
		{"IMDS", 400, `{"error":"invalid_request","error_description":"Identity not found"}`, "managed_identity refused: invalid_request: Identity not found"},
		{"App Service", 400, `{"statusCode":400,"message":"No User Assigned Identity. ` + appKey + `"}`, "managed_identity refused: managed_identity_error: No User Assigned Identity. REDACTED"},
		{"page", 200, `<html>`, "managed_identity: unusable answer of 127.0.0.1:1: not the JSON of a token response"},
		{"no token", 200, `{"expires_on":"99999999999"}`, "managed_identity: unusable answer of 127.0.0.1:1: no access_token in it"},
		{"no end", 200, `{"access_token":"mi~1"}`, "managed_identity: unusable answer of 127.0.0.1:1: no usable expires_on in it"},
		{"ended", 200, `{"access_token":"mi~1","expires_on":"1"}`, "managed_identity: unusable answer of 127.0.0.1:1: no usable expires_on in it"},
		{"error page", 500, `oops`, "managed_identity: unusable answer of 127.0.0.1:1: no OAuth error in it"},
		{"redirect", 302, ``, "managed_identity: unusable answer of 127.0.0.1:1: a redirect"},
		{"nobody there", 0, "no route " + appKey, "managed_identity: 127.0.0.1:1: no route REDACTED"},
	} {
		synctest.Test(t, func(t *testing.T) { // the pauses are not waited for
			transport := platform(func(*http.Request) (int, http.Header, string) { return c.status, nil, c.body })
			_, err := identityToken(t, ManagedIdentity{Transport: transport}, app)
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("%s: got %v, want %s", c.name, err, c.want)
			}
		})
	}
}

// TestManagedIdentityThatIsBusy is an endpoint that is updated: it is asked again, with pauses, as long
// as the caller has time.
func TestManagedIdentityThatIsBusy(t *testing.T) {
	for _, c := range []struct {
		name           string
		busy, attempts int
		limit          time.Duration
		status         int
		ok             bool
	}{
		{"gone for a while", 3, 4, time.Hour, 410, true},
		{"not found for a while", 1, 2, time.Hour, 404, true},
		{"too long", 99, 6, time.Hour, 503, false},
		{"no time", 99, 3, 5 * time.Second, 500, false},
		{"refused", 99, 1, time.Hour, 403, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			n := 0
			transport := platform(func(*http.Request) (int, http.Header, string) {
				if n++; n <= c.busy {
					return c.status, nil, "busy"
				}
				return 200, nil, `{"access_token":"mi~1","expires_in":3599}`
			})
			s := source(t, Config{Scope: testScope, Credential: ManagedIdentity{Transport: transport}.Credential()})
			ctx, cancel := context.WithTimeout(t.Context(), c.limit)
			defer cancel()
			if _, err := s.Token(ctx); (err == nil) != c.ok || n != c.attempts {
				t.Errorf("%s: got %d attempts and %v", c.name, n, err)
			}
		})
	}
}

func TestManagedIdentityConfig(t *testing.T) {
	for name, env := range map[string]map[string]string{
		"Service Fabric": {"IDENTITY_ENDPOINT": "https://a", "IDENTITY_HEADER": "x", "IDENTITY_SERVER_THUMBPRINT": "y"},
		"no address":     {"IDENTITY_ENDPOINT": "//", "IDENTITY_HEADER": "x"},
		"file":           {"IDENTITY_ENDPOINT": "file:///etc/passwd", "IDENTITY_HEADER": "x"},
		"Arc":            {"IDENTITY_ENDPOINT": "http://127.0.0.1:1/", "IMDS_ENDPOINT": "http://127.0.0.1:1"},
	} {
		_, err := identityToken(t, ManagedIdentity{ClientID: testClient}, env)
		if e, ok := errors.AsType[*ConfigError](err); !ok || e.Field != "Credential" {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := NewSource(Config{Credential: ManagedIdentity{}.Credential()}); err == nil {
		t.Error("no scope: got no error")
	}
}

// Off Azure nothing answers at the fixed address.
func TestManagedIdentityDoesNotWaitForEver(t *testing.T) {
	var left time.Duration
	transport := platform(func(r *http.Request) (int, http.Header, string) {
		deadline, _ := r.Context().Deadline()
		left = time.Until(deadline)
		return 0, nil, context.DeadlineExceeded.Error()
	})
	if _, err := identityToken(t, ManagedIdentity{Transport: transport}, nil); err == nil || left <= 0 || left > identityLimit {
		t.Errorf("got %v, %v left", err, left)
	}
}

func TestArc(t *testing.T) {
	folder := t.TempDir()
	outside := filepath.Join(t.TempDir(), "x.key")
	for path, content := range map[string]string{
		filepath.Join(folder, "good.key"): "arc~proof", filepath.Join(folder, "large.key"): strings.Repeat("x", maxArcKey+1),
		filepath.Join(folder, "lines.key"): "a\r\nb", filepath.Join(folder, "other.txt"): "arc~proof", outside: "arc~proof",
	} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	env := map[string]string{"IDENTITY_ENDPOINT": "http://127.0.0.1:40342/metadata/identity/oauth2/token", "IMDS_ENDPOINT": "http://127.0.0.1:40342"}
	for challenge, want := range map[string]error{
		"Basic realm=" + filepath.Join(folder, "good.key"):                                 nil,
		`Basic realm="` + filepath.Join(folder, "good.key") + `"`:                          nil,
		"Basic realm=" + filepath.Join(folder, "large.key"):                                errArcKey,
		"Basic realm=" + filepath.Join(folder, "lines.key"):                                errArcKey,
		"Basic realm=" + filepath.Join(folder, "other.txt"):                                errArcKey,
		"Basic realm=" + folder + "/../" + filepath.Base(filepath.Dir(outside)) + "/x.key": errArcKey,
		"Basic realm=" + outside:                                                           errArcKey,
		"Basic realm=" + filepath.Join(folder, "absent.key"):                               os.ErrNotExist,
	} {
		transport := platform(func(r *http.Request) (int, http.Header, string) {
			if r.Header.Get("Authorization") == "Basic arc~proof" {
				return 200, nil, `{"access_token":"mi~1","expires_in":"3599"}`
			}
			return 401, http.Header{"Www-Authenticate": {challenge}}, ""
		})
		_, err := identityToken(t, ManagedIdentity{Transport: transport, arcFolder: folder}, env)
		if _, typed := errors.AsType[*AssertionError](err); !errors.Is(err, want) || (want != nil && !typed) {
			t.Errorf("%s: got %v, want %v", challenge, err, want)
		}
	}
	for _, status := range []int{200, 401, 403} {
		transport := platform(func(*http.Request) (int, http.Header, string) { return status, nil, "" })
		_, err := identityToken(t, ManagedIdentity{Transport: transport}, env)
		if e, ok := errors.AsType[*ResponseError](err); !ok || e.Status != status || e.Step != StepManagedIdentity {
			t.Errorf("%d: got %v", status, err)
		}
	}
	if got := arcFolder("windows", "data"); got != filepath.Join("data", "AzureConnectedMachineAgent", "Tokens") || arcFolder("linux", "") != "/var/opt/azcmagent/tokens" {
		t.Errorf("got %s", got)
	}
}
