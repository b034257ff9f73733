package sandbox

import (
	"slices"
	"strings"
)

// The delegated permissions on Exchange by which mail is sent and fetched.
const (
	scopeIMAP = "IMAP.AccessAsUser.All"
	scopePOP  = "POP.AccessAsUser.All"
)

// delegatedScope is a scope parameter that has been read: permissions of one resource, and what is
// asked about the person.
type delegatedScope struct {
	resource    string
	permissions []string // without the resource
	defaults    bool     // asked for by .default
	openID      bool     // an id_token is wanted
	offline     bool     // a refresh token is wanted
}

// isIdentityScope tells the scopes of OpenID Connect, which belong to no resource.
func isIdentityScope(scope string) bool {
	return slices.Contains([]string{"openid", "profile", "email", "offline_access"}, scope)
}

func delegatedPermissions(resource string) []string {
	if resource == resourceGraph || resource == idGraph {
		return []string{"User.Read", "Mail.Send", scopeSend, scopeIMAP, scopePOP}
	}
	return []string{scopeSend, scopeIMAP, scopePOP, "Mail.Send"}
}

// readDelegatedScope reads what an application wants to do for a person. A permission without a
// resource is one of Microsoft Graph.
func (s *Sandbox) readDelegatedScope(text string, app *App) (*delegatedScope, *oauthError) {
	d := &delegatedScope{}
	for scope := range strings.FieldsSeq(text) {
		switch {
		case scope == "openid":
			d.openID = true
		case scope == "offline_access":
			d.offline = true
		case !isIdentityScope(scope):
			if e := s.addPermission(d, scope, app); e != nil {
				return nil, e
			}
		}
	}
	switch {
	case text == "":
		return nil, errMissing("scope")
	case d.resource == "": // who the person is, and nothing more
		d.resource = resourceGraph
	}
	return d, nil
}

// askedAgain reads the scope of a token request; nil is as before. MSAL asks for an id_token only here.
func (s *Sandbox) askedAgain(t *tokenRequest, app *App) (*delegatedScope, *oauthError) {
	text := t.form.Get("scope")
	if text == "" {
		return nil, nil
	}
	return s.readDelegatedScope(text, app)
}

// within reports whether nothing is asked for but what has been granted.
func (d *delegatedScope) within(granted *delegatedScope) bool {
	return len(d.permissions) == 0 || d.resource == granted.resource &&
		!slices.ContainsFunc(d.permissions, func(p string) bool { return !slices.Contains(granted.permissions, p) })
}

// lasting is the scope with or without a refresh token.
func (d *delegatedScope) lasting(offline bool) *delegatedScope {
	c := *d
	c.offline = offline
	return &c
}

func (s *Sandbox) addPermission(d *delegatedScope, scope string, app *App) *oauthError {
	resource, permission := resourceGraph, scope
	if i := strings.LastIndex(scope, "/"); i >= 0 {
		resource, permission = strings.TrimSuffix(scope[:i], "/"), scope[i+1:]
	}
	if e := s.checkResource(resource); e != nil {
		return e
	}
	if d.resource != "" && d.resource != resource {
		return newOAuthError(28000, "invalid_scope", "Provided value for the input parameter scope is not valid because it contains more than one resource.")
	}
	d.resource = resource
	if permission == ".default" {
		return d.addDefaults(app)
	}
	known := delegatedPermissions(resource)
	i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, permission) })
	if i < 0 {
		return newOAuthError(650053, "invalid_client", "The application '%s' asked for scope '%s' that doesn't exist on the resource '%s'. "+
			"Contact the app vendor.", app.Name, permission, resource)
	}
	d.add(known[i])
	return nil
}

func (d *delegatedScope) addDefaults(app *App) *oauthError {
	if !forExchange(d.resource) || len(app.Delegated) == 0 {
		return newOAuthError(650056, "invalid_request", "Misconfigured application. This could be due to one of the following: "+
			"the client has not listed any permissions for '%s' in the requested permissions in the client's application registration.", d.resource)
	}
	d.defaults = true
	for _, p := range app.Delegated {
		d.add(p)
	}
	return nil
}

func (d *delegatedScope) add(permission string) {
	if !slices.Contains(d.permissions, permission) {
		d.permissions = append(d.permissions, permission)
	}
}

// String is the scope of a token response.
func (d *delegatedScope) String() string {
	var all []string
	for _, p := range d.permissions {
		all = append(all, d.resource+"/"+p)
	}
	if d.defaults {
		all = append(all, d.resource+"/.default")
	}
	return strings.Join(all, " ")
}

// fewer is the scope without its last permission, if it has several.
func (d *delegatedScope) fewer() *delegatedScope {
	less := *d
	if n := len(d.permissions); n > 1 {
		less.permissions, less.defaults = slices.Clone(d.permissions[:n-1]), false
	}
	return &less
}
