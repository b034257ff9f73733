package sandbox

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// authorization is a request to the authorize endpoint that has been read as far as to know where the
// browser goes afterwards.
type authorization struct {
	*exchange
	tenant   string // as the path names it
	form     url.Values
	app      *App
	redirect *url.URL
	scope    *delegatedScope
}

// readAuthorization checks in the order in which trust grows: there is no authorization before it is
// sure that the application is the one that hears the answer.
func (s *Sandbox) readAuthorization(x *exchange, tenant string, form url.Values) (*authorization, *oauthError) {
	if e := s.checkTenant(tenant); e != nil {
		return nil, e
	}
	if form.Get("client_id") == "" {
		return nil, errMissing("client_id")
	}
	app, e := s.appNamed(form.Get("client_id"))
	if e != nil {
		return nil, e
	}
	redirect, e := redirectURI(form.Get("redirect_uri"), app)
	if e != nil {
		return nil, e
	}
	a := &authorization{exchange: x, tenant: tenant, form: form, app: app, redirect: redirect}
	if e := a.check(); e != nil {
		return a, e
	}
	a.scope, e = s.readDelegatedScope(form.Get("scope"), app)
	return a, e
}

// isChallenge tells what the challenge of a verifier can be: SHA-256 in base64url (RFC 7636 4.2).
var isChallenge = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`).MatchString

func (a *authorization) check() *oauthError {
	kind, method, challenge := a.form.Get("response_type"), a.form.Get("code_challenge_method"), a.form.Get("code_challenge")
	switch {
	case kind == "":
		return errMissing("response_type")
	case kind != "code":
		return newOAuthError(700054, "unsupported_response_type", "response_type '%s' is not enabled for the application.", printable(kind))
	case !slices.Contains([]string{"", "query", "form_post"}, a.form.Get("response_mode")):
		return newOAuthError(70007, "invalid_request", "The response_mode '%s' is not supported.", printable(a.form.Get("response_mode")))
	case challenge == "" && a.app.Public:
		return errMissing("code_challenge")
	case challenge != "" && method != "S256":
		return newOAuthError(90100, "invalid_request", "The parameter 'code_challenge_method' is not valid: only S256 is supported.")
	case challenge != "" && !isChallenge(challenge):
		return newOAuthError(501491, "invalid_request", "The code_challenge has an invalid size.")
	}
	return a.checkManner()
}

// checkManner looks at what the application wants to be asked in what way.
func (a *authorization) checkManner() *oauthError {
	prompts := strings.Fields(a.form.Get("prompt"))
	for _, p := range prompts {
		if !slices.Contains([]string{"none", "login", "select_account", "consent", "create"}, p) || p == "none" && len(prompts) > 1 {
			return newOAuthError(90023, "invalid_request", "Unsupported 'prompt' value.")
		}
	}
	if text := a.form.Get("claims"); text != "" {
		var object map[string]any
		if json.Unmarshal([]byte(text), &object) != nil {
			return newOAuthError(90013, "invalid_request", "Invalid input received from the user: claims.")
		}
	}
	return nil
}
