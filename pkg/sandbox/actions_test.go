package sandbox

import (
	"net/http"
	"strings"
	"testing"
)

func askActions(t *testing.T, s *Sandbox, query, bearer string) answer {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, s.ActionsSettings()["ACTIONS_ID_TOKEN_REQUEST_URL"]+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", bearer)
	return fetch(t, s, r)
}

// TestActions takes the token of a workflow to the token endpoint.
func TestActions(t *testing.T) {
	s := open(t, Config{})
	bearer := "Bearer " + s.ActionsSettings()["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]
	workflow := func(query string) string {
		var m struct {
			Count int
			Value string
		}
		askActions(t, s, query, bearer).decode(t, &m)
		return m.Value
	}
	good := form("client_secret", "", "client_assertion_type", assertionType, "client_assertion", workflow("&audience=api%3A%2F%2FAzureADTokenExchange"))
	tokenOf(t, post(t, s, ContosoTenantID, good))
	bad := form("client_secret", "", "client_assertion_type", assertionType, "client_assertion", workflow(""))
	wantRefusal(t, post(t, s, ContosoTenantID, bad), 401, 700212, "invalid_client", "No matching federated identity record found for presented assertion audience 'https://github.com/contoso'.")
}

func TestRefusedActions(t *testing.T) {
	s := open(t, Config{})
	for _, bearer := range []string{"", "Bearer ", "Bearer x", ActionsRequestToken} {
		if a := askActions(t, s, "", bearer); a.status != http.StatusUnauthorized || !strings.Contains(a.body, "message") {
			t.Errorf("%q: got %d %s", bearer, a.status, a.body)
		}
	}
	if a := askActions(t, s, "&audience="+strings.Repeat("x", maxJWT), "Bearer "+ActionsRequestToken); a.status != http.StatusBadRequest {
		t.Errorf("got %d", a.status)
	}
	if a := postTo(t, s, s.ActionsSettings()["ACTIONS_ID_TOKEN_REQUEST_URL"], nil); a.status != http.StatusMethodNotAllowed {
		t.Errorf("got %d", a.status)
	}
}
