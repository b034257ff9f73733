package sandbox

import (
	"cmp"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
)

// authorizationCode is the grant of RFC 6749 section 4.1.3, with the verifier of RFC 7636.
func (s *Sandbox) authorizationCode(t *tokenRequest) (*tokenResponse, *oauthError) {
	app, e := s.requestedApp(t)
	if e != nil {
		return nil, e
	}
	proof, e := s.proofOf(t, app)
	if e != nil {
		return nil, e
	}
	for _, name := range []string{"code", "redirect_uri"} {
		if t.form.Get(name) == "" {
			return nil, errMissing(name)
		}
	}
	asked, e := s.askedAgain(t, app)
	if e != nil {
		return nil, e
	}
	var granted consent
	var nonce string
	s.ledger.code(t.form.Get("code"), func(c *authorizationCode) {
		if e = s.checkCode(t, app, asked, c); e == nil {
			c.redeemed, granted, nonce = true, c.consent, c.nonce
		}
	})
	if e != nil {
		return nil, e
	}
	granted.scope = cmp.Or(asked, granted.scope)
	return s.personResponse(t, granted, proof, nonce)
}

func (s *Sandbox) checkCode(t *tokenRequest, app *App, asked *delegatedScope, c *authorizationCode) *oauthError {
	switch {
	case c == nil || c.app != app:
		return errBadGrant()
	case c.redeemed:
		return newOAuthError(54005, "invalid_grant", "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.")
	case !s.now().Before(c.expires):
		return newOAuthError(70008, "invalid_grant", "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.")
	case c.redirect != t.form.Get("redirect_uri"):
		return newOAuthError(500112, "invalid_client", "The reply address '%s' does not match the reply address '%s' provided when requesting Authorization code.",
			printable(t.form.Get("redirect_uri")), c.redirect)
	case asked != nil && !asked.within(c.scope):
		return newOAuthError(28002, "invalid_scope", "Provided value for the input parameter scope '%s' is not valid when requesting an access token. "+
			"Please specify a valid scope.", printable(t.form.Get("scope")))
	}
	return checkVerifier(c.challenge, t.form.Get("code_verifier"))
}

func checkVerifier(challenge, verifier string) *oauthError {
	sum := sha256.Sum256([]byte(verifier))
	made := base64.RawURLEncoding.EncodeToString(sum[:])
	switch {
	case challenge == "":
		return nil // of an application with a secret
	case verifier == "":
		return errMissing("code_verifier")
	case len(verifier) < 43 || len(verifier) > 128 || subtle.ConstantTimeCompare([]byte(made), []byte(challenge)) != 1:
		return newOAuthError(501481, "invalid_grant", "The Code_Verifier does not match the code_challenge supplied in the authorization request.")
	}
	return nil
}
