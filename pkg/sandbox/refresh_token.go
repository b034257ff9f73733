package sandbox

import (
	"cmp"
	"strings"
	"time"
)

const (
	// refreshTokenIdle is how long a refresh token may rest (Microsoft: "Refresh tokens").
	refreshTokenIdle   = 90 * 24 * time.Hour
	refreshTokenLength = 1200 // octets, about what Entra's have
)

// RefreshToken issues the refresh token of a person who consented to scopes for PublicClientID;
// SMTP.Send of outlook.office.com, when none are given. It is a secret of the sandbox only. It fails
// for a upn that is no user of the tenant, for scopes that the sandbox does not know, and where the
// tenant has no such application.
func (s *Sandbox) RefreshToken(upn string, scopes ...string) (string, error) {
	user, ok := s.config.Tenant.user(upn)
	if !ok {
		return "", errNoUser(upn)
	}
	app, e := s.appNamed(PublicClientID)
	if e != nil {
		return "", e
	}
	text := resourceOutlook + "/" + scopeSend
	if len(scopes) > 0 {
		text = strings.Join(scopes, " ")
	}
	scope, e := s.readDelegatedScope(text, app)
	if e != nil {
		return "", e
	}
	scope.openID, scope.offline = true, true
	return s.newRefreshToken(consent{user, app, scope}), nil
}

func (s *Sandbox) newRefreshToken(c consent) string {
	token := s.opaqueToken("1.AX0A", refreshTokenLength)
	s.ledger.addRefreshToken(token, &refreshToken{consent: c, issued: s.now(), lastUse: s.now()})
	return token
}

// refreshToken is RFC 6749 section 6. Each use brings a new token; the old one stays good, as at
// Entra, unless entra.single-use is played.
func (s *Sandbox) refreshToken(t *tokenRequest) (*tokenResponse, *oauthError) {
	app, e := s.requestedApp(t)
	if e != nil {
		return nil, e
	}
	proof, e := s.proofOf(t, app)
	if e != nil {
		return nil, e
	}
	token := t.form.Get("refresh_token")
	if token == "" {
		return nil, errMissing("refresh_token")
	}
	asked, e := s.askedAgain(t, app)
	if e != nil {
		return nil, e
	}
	granted, e := s.consentOf(token, app)
	if e != nil {
		return nil, e
	}
	granted.scope = cmp.Or(asked, granted.scope).lasting(!s.script.chosen(faultNoRotation)) // whether asked for or not
	return s.personResponse(t, granted, proof, "")
}

// consentOf finds what a refresh token stands for, and uses it up where it works once only.
func (s *Sandbox) consentOf(token string, app *App) (granted consent, e *oauthError) {
	s.ledger.refreshToken(token, func(r *refreshToken) {
		switch {
		case r == nil || r.app != app || r.used && s.script.chosen(faultSingleUse):
			e = errBadGrant()
		case s.now().Sub(r.lastUse) >= refreshTokenIdle:
			e = newOAuthError(700082, "invalid_grant", "The refresh token has expired due to inactivity. The token was issued on %s and was inactive for 90.00:00:00.",
				r.issued.Format("2006-01-02T15:04:05.0000000Z"))
		default:
			r.used, r.lastUse, granted = true, s.now(), r.consent
		}
	})
	return granted, e
}

func errBadGrant() *oauthError {
	e := newOAuthError(70000, "invalid_grant", "The provided value for the input parameter 'refresh_token' or 'assertion' is not valid.")
	e.suberror = "bad_token"
	return e
}
