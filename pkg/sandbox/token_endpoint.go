package sandbox

import (
	"cmp"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// tokenRequest is a request to the token endpoint that has been read.
type tokenRequest struct {
	*exchange
	form        url.Values
	tenant      string // as the path names it
	basicID     string // of the Authorization header (RFC 6749 section 2.3.1)
	basicSecret string
}

// grantType is a way to get a token from the endpoint.
type grantType struct {
	flow  flow
	grant func(*tokenRequest) (*tokenResponse, *oauthError)
}

// grants are the grant types that the token endpoint knows.
func (s *Sandbox) grants() map[string]grantType {
	return map[string]grantType{
		"client_credentials": {asApp, s.clientCredentials},
		"authorization_code": {byBrowser, s.authorizationCode},
		"refresh_token":      {byRefresh, s.refreshToken},
		"urn:ietf:params:oauth:grant-type:device_code": {byDevice, s.deviceCode},
		"device_code": {byDevice, s.deviceCode}, // what MSAL says
	}
}

// tokenResponse is RFC 6749 section 5.1 with Entra's additions.
type tokenResponse struct {
	TokenType    string `json:"token_type"`
	Scope        string `json:"scope,omitempty"`
	ExpiresIn    int    `json:"expires_in"`
	ExtExpiresIn int    `json:"ext_expires_in"`
	RefreshIn    int    `json:"refresh_in,omitempty"`
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token,omitempty"`
	IDToken      string `json:"id_token,omitempty"`
	ClientInfo   string `json:"client_info,omitempty"`
}

func (s *Sandbox) newTokenResponse(token string) *tokenResponse {
	life := max(0, int(s.config.TokenLife/time.Second)-1)
	return &tokenResponse{
		TokenType: "Bearer", AccessToken: token,
		ExpiresIn: life, ExtExpiresIn: life, RefreshIn: int(s.config.RefreshIn / time.Second),
	}
}

const maxTokenRequest = 64 << 10 // octets

func (s *Sandbox) tokenEndpoint(w http.ResponseWriter, r *http.Request) {
	x := s.newExchange(r)
	r.Body = http.MaxBytesReader(w, r.Body, maxTokenRequest)
	request, e := s.readTokenRequest(r, x)
	flow := s.grants()[request.form.Get("grant_type")].flow
	played, done := s.playAt(place{stage: stageToken, flow: flow}, w, r, x)
	if done {
		return
	}
	var response *tokenResponse
	if e = cmp.Or(played, e); e == nil {
		response, e = s.grant(request)
	}
	if e != nil {
		s.refuse(w, x, e)
		return
	}
	s.log(x.id, Server, "200 access token of %d octets", len(response.AccessToken))
	x.stamp(w)
	writeJSON(w, http.StatusOK, response)
}

func (s *Sandbox) readTokenRequest(r *http.Request, x *exchange) (*tokenRequest, *oauthError) {
	t := &tokenRequest{exchange: x, tenant: r.PathValue("tenant"), form: url.Values{}}
	if r.Method != http.MethodPost {
		return t, newOAuthError(900561, "invalid_request", "The endpoint only accepts POST requests. Received a %s request.", r.Method)
	}
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "application/x-www-form-urlencoded" {
		if err := r.ParseForm(); err != nil {
			return t, newOAuthError(90013, "invalid_request", "Invalid input received from the user.")
		}
		t.form = r.PostForm
	}
	if id, secret, ok := r.BasicAuth(); ok {
		t.basicID, _ = url.QueryUnescape(id)
		t.basicSecret, _ = url.QueryUnescape(secret)
	}
	s.log(x.id, Client, "grant_type=%s client_id=%s scope=%s", t.form.Get("grant_type"), t.clientID(), t.form.Get("scope"))
	return t, nil
}

func (t *tokenRequest) clientID() string {
	if id := t.form.Get("client_id"); id != "" {
		return id
	}
	return t.basicID
}

// grant finds tenant and grant type, in the order in which Entra complains.
func (s *Sandbox) grant(t *tokenRequest) (*tokenResponse, *oauthError) {
	kind := t.form.Get("grant_type")
	if kind == "" {
		return nil, errMissing("grant_type")
	}
	grant, known := s.grants()[kind]
	if !known {
		return nil, newOAuthError(70003, "unsupported_grant_type", "The app requested an unsupported grant type '%s'.", kind)
	}
	if e := s.checkTenant(t.tenant); e != nil {
		return nil, e
	}
	return grant.grant(t)
}

// checkTenant accepts the tenant, and the aliases that stand for the tenant of whoever signs in.
func (s *Sandbox) checkTenant(tenant string) *oauthError {
	if !s.config.Tenant.named(tenant) && !isMultiTenant(tenant) {
		return errTenantNotFound(tenant)
	}
	return nil
}

// checkOwnTenant refuses the aliases, since nobody signs in.
func (s *Sandbox) checkOwnTenant(tenant string) *oauthError {
	switch {
	case strings.EqualFold(tenant, "organizations"):
		return newOAuthError(50059, "invalid_request", "No tenant-identifying information found in either the request or implied by any provided credentials.")
	case isMultiTenant(tenant):
		return newOAuthError(9001023, "invalid_request", "The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.")
	}
	return nil
}

func errTenantNotFound(tenant string) *oauthError {
	switch {
	case tenant == "00000000-0000-0000-0000-000000000000":
		return newOAuthError(900021, "invalid_request", "Requested tenant identifier '%s' is not valid. Tenant identifiers may not be an empty GUID.", tenant)
	case !isGUID(tenant) && !strings.Contains(tenant, "."):
		return newOAuthError(900023, "invalid_request", "Specified tenant identifier '%s' is neither a valid DNS name, nor a valid external domain.", tenant)
	default:
		return newOAuthError(90002, "invalid_request", "Tenant '%s' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. "+
			"Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.", tenant)
	}
}

func errMissing(parameter string) *oauthError {
	return newOAuthError(900144, "invalid_request", "The request body must contain the following parameter: '%s'.", parameter)
}
