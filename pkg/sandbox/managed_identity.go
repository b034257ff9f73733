package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// IdentityHeader is the secret that App Service gives its programs in IDENTITY_HEADER. It protects
// nothing here.
const IdentityHeader = "sandbox-identity-header-000000000001"

// localEndpoints are the endpoints of managed identity, which hosts serve over plain HTTP.
func (s *Sandbox) localEndpoints() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/metadata/identity/oauth2/token", func(w http.ResponseWriter, r *http.Request) { s.identityEndpoint(w, r, imds()) })
	mux.HandleFunc("/msi/token", func(w http.ResponseWriter, r *http.Request) { s.identityEndpoint(w, r, appService()) })
	return mux
}

// identityHost is a kind of host, with its ways.
type identityHost struct {
	admit    func(*http.Request) *identityError
	versions []string
	response func(identityToken) any
}

// identityError is a refusal: {"error", "error_description"} with a status.
type identityError struct {
	status             int
	error, description string
}

// identityToken is an access token of a managed identity.
type identityToken struct {
	access, clientID, resource string
	expiresOn, notBefore, life int64 // seconds
}

// imds is the Instance Metadata Service of virtual machines (Microsoft: "How to use managed
// identities on a VM to acquire an access token").
func imds() identityHost {
	return identityHost{
		admit: func(r *http.Request) *identityError {
			switch {
			case !strings.EqualFold(r.Header.Get("Metadata"), "true"):
				return &identityError{http.StatusBadRequest, "invalid_request", "Required metadata header not specified"}
			case r.Header.Get("X-Forwarded-For") != "":
				return &identityError{http.StatusBadRequest, "invalid_request", "X-Forwarded-For header is not allowed"}
			}
			return nil
		},
		versions: []string{"2018-02-01", "2019-08-01", "2021-02-01"},
		response: func(t identityToken) any {
			number := func(n int64) string { return strconv.FormatInt(n, 10) }
			return map[string]string{
				"access_token": t.access, "client_id": t.clientID, "token_type": "Bearer", "resource": t.resource,
				"expires_in": number(t.life), "ext_expires_in": number(t.life),
				"expires_on": number(t.expiresOn), "not_before": number(t.notBefore),
			}
		},
	}
}

// appService is the endpoint of App Service and Functions (Microsoft: "Use managed identities for App
// Service and Azure Functions").
func appService() identityHost {
	return identityHost{
		admit: func(r *http.Request) *identityError {
			if r.Header.Get("X-IDENTITY-HEADER") != IdentityHeader {
				return &identityError{http.StatusUnauthorized, "unauthorized", "The X-IDENTITY-HEADER header is missing or wrong"}
			}
			return nil
		},
		versions: []string{"2019-08-01"},
		response: func(t identityToken) any {
			return map[string]string{
				"access_token": t.access, "client_id": t.clientID, "token_type": "Bearer", "resource": t.resource,
				"expires_on": strconv.FormatInt(t.expiresOn, 10),
			}
		},
	}
}

func (s *Sandbox) identityEndpoint(w http.ResponseWriter, r *http.Request, host identityHost) {
	x := s.newExchange(r)
	played, done := s.playAt(place{stage: stageIdentity, flow: byIdentity}, w, r, x)
	if done {
		return
	}
	token, e := s.identityToken(r, host)
	if played != nil {
		e = &identityError{played.identityStatus(), played.oauth, played.text}
	}
	if e != nil {
		s.log(x.id, Server, "%d %s %s", e.status, e.error, e.description)
		writeJSON(w, e.status, map[string]string{"error": e.error, "error_description": e.description})
		return
	}
	s.log(x.id, Server, "200 access token of %d octets", len(token.access))
	writeJSON(w, http.StatusOK, host.response(token))
}

// identityStatus is the status that a host gives: its gateway is what fails, not Entra.
func (e *oauthError) identityStatus() int {
	if e.oauth == "temporarily_unavailable" {
		return http.StatusGatewayTimeout
	}
	return http.StatusBadRequest
}

func (s *Sandbox) identityToken(r *http.Request, host identityHost) (identityToken, *identityError) {
	query := r.URL.Query()
	if r.Method != http.MethodGet {
		return identityToken{}, &identityError{http.StatusMethodNotAllowed, "invalid_request", "Only GET is allowed"}
	}
	if e := host.admit(r); e != nil {
		return identityToken{}, e
	}
	if !slices.Contains(host.versions, query.Get("api-version")) {
		return identityToken{}, &identityError{http.StatusBadRequest, "invalid_request", "api-version is missing or not supported"}
	}
	resource := strings.TrimSuffix(query.Get("resource"), "/")
	if s.checkResource(resource) != nil {
		return identityToken{}, &identityError{http.StatusBadRequest, "invalid_resource", "AADSTS500011: The resource principal named " + printable(resource) + " was not found"}
	}
	app, ok := s.config.Tenant.identity(query.Get("client_id"), query.Get("object_id"), query.Get("principal_id"))
	if !ok || query.Has("msi_res_id") || query.Has("mi_res_id") { // the identities of the sandbox are no Azure resources
		return identityToken{}, &identityError{http.StatusBadRequest, "invalid_request", "Identity not found"}
	}
	return s.newIdentityToken(app, resource)
}

func (s *Sandbox) newIdentityToken(app *App, resource string) (identityToken, *identityError) {
	access, err := s.appToken(app, resource, byAssertion)
	if err != nil {
		return identityToken{}, &identityError{http.StatusInternalServerError, "server_error", "The token could not be signed"}
	}
	now, life := s.now(), s.newTokenResponse(access).ExpiresIn
	return identityToken{
		access: access, clientID: app.ClientID, resource: resource,
		expiresOn: now.Add(s.config.TokenLife).Unix(), notBefore: now.Add(-tokenBackdate).Unix(), life: int64(life),
	}, nil
}

// identity finds a managed identity by client id or by object id; without any, the one of the host.
func (t *Tenant) identity(ids ...string) (*App, bool) {
	ids = slices.DeleteFunc(ids, func(id string) bool { return id == "" })
	i := slices.IndexFunc(t.Apps, func(a App) bool {
		return a.ManagedIdentity && (len(ids) == 0 || listed(ids, a.ClientID, a.ObjectID))
	})
	if i < 0 {
		return nil, false
	}
	return &t.Apps[i], true
}
