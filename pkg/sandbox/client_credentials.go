package sandbox

import (
	"crypto/subtle"
	"slices"
	"strings"
)

// clientCredentials is RFC 6749 section 4.4 as Entra has it: an application signs in for itself.
func (s *Sandbox) clientCredentials(t *tokenRequest) (*tokenResponse, *oauthError) {
	if e := s.checkOwnTenant(t.tenant); e != nil {
		return nil, e
	}
	app, e := s.requestedApp(t)
	if e != nil {
		return nil, e
	}
	resource, e := s.resource(t.form)
	if e != nil {
		return nil, e
	}
	proof, e := s.authenticate(t, app)
	if e != nil {
		return nil, e
	}
	token, err := s.appToken(app, resource, proof)
	if err != nil {
		return nil, errTransient()
	}
	return s.newTokenResponse(token), nil
}

func errTransient() *oauthError {
	return newOAuthError(90033, "temporarily_unavailable", "A transient error has occurred. Please try again.")
}

func (s *Sandbox) requestedApp(t *tokenRequest) (*App, *oauthError) {
	id := t.clientID()
	if id == "" {
		return nil, errMissing("client_id")
	}
	if t.basicID != "" && t.basicID != id {
		return nil, newOAuthError(7000110, "invalid_request", "Request is ambiguous, multiple application identifiers found.")
	}
	return s.appNamed(id)
}

func (s *Sandbox) appNamed(id string) (*App, *oauthError) {
	app, ok := s.config.Tenant.app(id)
	if !ok {
		return nil, newOAuthError(700016, "unauthorized_client", "Application with identifier '%s' was not found in the directory '%s'. "+
			"This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. "+
			"You may have sent your authentication request to the wrong tenant.", id, s.config.Tenant.Name)
	}
	return app, nil
}

// The value of appidacr: how an application proved itself.
const (
	byNothing   = "0"
	bySecret    = "1"
	byAssertion = "2"
)

func (s *Sandbox) authenticate(t *tokenRequest, app *App) (string, *oauthError) {
	if t.form.Has("client_assertion") {
		return byAssertion, s.checkAssertion(t, app)
	}
	secret := t.form.Get("client_secret")
	if secret == "" {
		secret = t.basicSecret
	}
	if secret == "" {
		return "", newOAuthError(7000218, "invalid_client", "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.")
	}
	return bySecret, s.checkSecret(app, secret)
}

func (s *Sandbox) checkSecret(app *App, secret string) *oauthError {
	i := slices.IndexFunc(app.Secrets, func(have Secret) bool {
		return subtle.ConstantTimeCompare([]byte(have.Value), []byte(secret)) == 1
	})
	switch {
	case i < 0:
		return newOAuthError(7000215, "invalid_client", "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, "+
			"not the client secret ID, for a secret added to app '%s'.", app.ClientID)
	case !app.Secrets[i].Expires.IsZero() && !s.now().Before(app.Secrets[i].Expires):
		return newOAuthError(7000222, "invalid_client", "The provided client secret keys for app '%s' are expired. "+
			"Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, "+
			"or consider using certificate credentials for added security: https://aka.ms/certCreds.", app.ClientID)
	}
	return nil
}

// The resources that tokens are issued for, by the name that a scope may give them.
const (
	resourceExchange = "https://outlook.office365.com"
	resourceOutlook  = "https://outlook.office.com"
	resourceGraph    = "https://graph.microsoft.com"
	idExchange       = "00000002-0000-0ff1-ce00-000000000000"
	idGraph          = "00000003-0000-0000-c000-000000000000"
)

func knownResources() []string {
	return []string{resourceExchange, resourceOutlook, "https://ps.outlook.com", resourceGraph, idExchange, idGraph}
}

// forExchange reports whether Exchange accepts tokens with this audience.
func forExchange(audience string) bool {
	return slices.Contains([]string{resourceExchange, resourceOutlook, idExchange}, strings.TrimSuffix(audience, "/"))
}

// resource finds the one resource of a scope parameter.
func (s *Sandbox) resource(form map[string][]string) (string, *oauthError) {
	text := strings.Join(form["scope"], " ")
	if text == "" {
		return "", errMissing("scope")
	}
	var resources []string
	for scope := range strings.FieldsSeq(text) {
		if isIdentityScope(scope) {
			continue // MSAL always asks for these
		}
		resource, ok := strings.CutSuffix(scope, "/.default")
		if !ok {
			return "", newOAuthError(1002012, "invalid_scope", "The provided value for scope %s is not valid. Client credential flows must have a scope value "+
				"with /.default suffixed to the resource identifier (application ID URI).", text)
		}
		resources = append(resources, resource)
	}
	return s.oneResource(resources, text)
}

func (s *Sandbox) oneResource(resources []string, text string) (string, *oauthError) {
	if len(resources) != 1 {
		return "", newOAuthError(70011, "invalid_scope", "The provided request must include a 'scope' input parameter. "+
			"The provided value for the input parameter 'scope' is not valid. The scope %s is not valid.", text)
	}
	return resources[0], s.checkResource(resources[0])
}

func (s *Sandbox) checkResource(resource string) *oauthError {
	if !slices.Contains(knownResources(), resource) {
		return newOAuthError(500011, "invalid_resource", "The resource principal named %s was not found in the tenant named %s. "+
			"This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.",
			resource, s.config.Tenant.Name)
	}
	return nil
}
