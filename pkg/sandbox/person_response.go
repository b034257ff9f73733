package sandbox

import (
	"encoding/base64"
	"encoding/json"
	"time"
)

// personResponse is the token response to an application that acts for a person. The id_token
// answers a nonce.
func (s *Sandbox) personResponse(t *tokenRequest, c consent, proof, nonce string) (*tokenResponse, *oauthError) {
	granted := c.scope
	if s.script.chosen(faultFewerScopes) {
		granted = granted.fewer()
	}
	token, err := s.personToken(c.user, c.app, proof, granted.resource, granted.permissions)
	if err != nil {
		return nil, errTransient()
	}
	r := s.newTokenResponse(token)
	r.Scope = granted.String()
	if granted.offline {
		r.RefreshToken = s.newRefreshToken(c)
	}
	if s.script.chosen(faultAnonymous) {
		return r, nil
	}
	if t.form.Get("client_info") == "1" {
		r.ClientInfo = s.clientInfo(c.user)
	}
	if granted.openID {
		if r.IDToken, err = s.idToken(c.user, c.app, nonce); err != nil {
			return nil, errTransient()
		}
	}
	return r, nil
}

// clientInfo names the home account: MSAL keeps its accounts by it.
func (s *Sandbox) clientInfo(user *User) string {
	data, err := json.Marshal(map[string]string{"uid": user.ID, "utid": s.config.Tenant.ID})
	if err != nil {
		panic(err) // two strings
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

// idTokenLife is what Entra's id_tokens have.
const idTokenLife = time.Hour

// idToken says who signed in (OpenID Connect Core 1.0 section 2, with the claims of v2.0).
func (s *Sandbox) idToken(user *User, app *App, nonce string) (string, error) {
	now := s.now()
	c := claims{
		"aud": app.ClientID, "iss": s.origin() + "/" + s.config.Tenant.ID + "/v2.0", "ver": "2.0",
		"iat": now.Add(-tokenBackdate).Unix(), "nbf": now.Add(-tokenBackdate).Unix(), "exp": now.Add(idTokenLife).Unix(),
		"tid": s.config.Tenant.ID, "oid": user.ID, "sub": s.opaque("sub "+user.ID+app.ClientID, 43),
		"name": user.Name, "preferred_username": user.UPN,
		"rh": "1.AX0A" + s.opaque("rh"+user.ID, 40), "uti": s.opaque("uti"+user.ID, 16),
	}
	if nonce != "" {
		c["nonce"] = nonce
	}
	return s.keys.token.sign(c)
}

// proofOf says how an application proves itself when it acts for a person: a public client need not
// and must not.
func (s *Sandbox) proofOf(t *tokenRequest, app *App) (string, *oauthError) {
	hasProof := t.form.Get("client_secret") != "" || t.basicSecret != "" || t.form.Has("client_assertion")
	switch {
	case !app.Public:
		return s.authenticate(t, app)
	case hasProof:
		return "", newOAuthError(700025, "invalid_request", "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.")
	default:
		return byNothing, nil
	}
}
