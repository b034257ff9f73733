package sandbox

import (
	"cmp"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"time"
)

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" // RFC 7523 section 2.2

// checkAssertion verifies a client_assertion: one that the application signed with its certificate,
// or the token of an issuer that the application trusts.
func (s *Sandbox) checkAssertion(t *tokenRequest, app *App) *oauthError {
	switch t.form.Get("client_assertion_type") {
	case "":
		return errMissing("client_assertion_type")
	case assertionType:
	default:
		return newOAuthError(90013, "invalid_request", "Invalid input received from the user: client_assertion_type.")
	}
	token, err := parseJWT(t.form.Get("client_assertion"))
	if err != nil {
		return newOAuthError(50027, "invalid_request", "JWT token is invalid or malformed.")
	}
	for _, name := range []string{"iss", "sub", "aud", "exp"} {
		if _, ok := token.claims[name]; !ok {
			return newOAuthError(90014, "invalid_request", "The required field '%s' is missing from the credential. "+
				"Ensure that you have all the necessary parameters for the login request.", name)
		}
	}
	if e := s.checkValidity(token.claims); e != nil {
		return e
	}
	if issuer := token.claims.text("iss"); strings.HasPrefix(issuer, "https://") {
		return s.checkFederated(token, app)
	}
	return s.checkSigned(token, app)
}

// clockTolerance is what Entra and Exchange allow clocks to differ (the usual five minutes of
// Microsoft's token libraries).
const clockTolerance = 5 * time.Minute

func (s *Sandbox) checkValidity(c claims) *oauthError {
	const form = "2006-01-02T15:04:05.0000000Z"
	now := s.now()
	from, _ := c.moment("nbf")
	until, ok := c.moment("exp")
	if ok && now.Before(until.Add(clockTolerance)) && !now.Add(clockTolerance).Before(from) {
		return nil
	}
	return newOAuthError(700024, "invalid_client", "Client assertion is not within its valid time range. Current time: %s, assertion valid from %s, expiry time of assertion %s.",
		now.Format(form), from.Format(form), until.Format(form))
}

// checkSigned checks what an application signed itself (Microsoft identity platform, "Application
// authentication certificate credentials").
func (s *Sandbox) checkSigned(token *jwt, app *App) *oauthError {
	if !strings.EqualFold(token.claims.text("iss"), app.ClientID) || !strings.EqualFold(token.claims.text("sub"), app.ClientID) {
		return newOAuthError(700021, "invalid_client", "Client assertion application identifier doesn't match 'client_id' parameter.")
	}
	if token.claims.text("jti") == "" {
		return newOAuthError(90014, "invalid_request", "The required field 'jti' is missing from the credential. "+
			"Ensure that you have all the necessary parameters for the login request.")
	}
	if !s.addressed(token.claims.list("aud")) {
		return newOAuthError(700023, "invalid_client", "Client assertion audience claim does not match Realm issuer.")
	}
	cert, e := signingCertificate(token, app)
	if e != nil {
		return e
	}
	key, ok := cert.PublicKey.(*rsa.PublicKey)
	if !ok || !token.verify(key) {
		return newOAuthError(700027, "invalid_client", "Client assertion contains an invalid signature. "+
			"[Reason - The provided signature value did not match the expected signature value.]")
	}
	return nil
}

// addressed reports whether an audience names this token endpoint. Tenant and host may go by any of
// their names.
func (s *Sandbox) addressed(audience []string) bool {
	return slices.ContainsFunc(audience, func(a string) bool {
		u, err := url.Parse(a)
		if err != nil || u.Scheme != "https" || cmp.Or(u.Port(), "443") != s.entraPort() {
			return false
		}
		tenant, ok := strings.CutSuffix(strings.TrimPrefix(u.Path, "/"), "/oauth2/v2.0/token")
		return ok && s.config.Tenant.named(tenant)
	})
}

// signingCertificate finds the certificate that the header of an assertion names.
func signingCertificate(token *jwt, app *App) (*x509.Certificate, *oauthError) {
	algorithm, sha256, sha1 := token.header.text("alg"), token.header.text("x5t#S256"), token.header.text("x5t")
	switch {
	case algorithm == "HS256":
		return nil, newOAuthError(5002738, "invalid_client", "Invalid JWT token. 'HS256' is not a supported signature algorithm.")
	case algorithm != "PS256" && algorithm != "RS256":
		return nil, newOAuthError(5002730, "invalid_client", "Invalid JWT token. Unsupported signature algorithm '%s'.", algorithm)
	case sha256 == "" && sha1 == "":
		return nil, newOAuthError(5002723, "invalid_client", "Invalid JWT token. No certificate SHA-1 thumbprint, certificate SHA-256 thumbprint, nor keyId specified in token header.")
	}
	i := slices.IndexFunc(app.Certificates, func(c *x509.Certificate) bool {
		return sha256 != "" && thumbprintText(sha256) == thumbprintSHA256(c) || sha256 == "" && thumbprintText(sha1) == thumbprintSHA1(c)
	})
	if i < 0 {
		return nil, newOAuthError(700027, "invalid_client", "Client assertion contains an invalid signature. [Reason - The key was not found.]")
	}
	return app.Certificates[i], nil
}

// thumbprintText brings a thumbprint into base64url: MSAL for Go writes standard base64.
func thumbprintText(s string) string {
	if raw, err := base64.StdEncoding.DecodeString(s); err == nil {
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	return s
}

// checkFederated checks the token of an outside issuer (workload identity federation). The sandbox
// holds the key of one issuer only, FederatedIssuer.
func (s *Sandbox) checkFederated(token *jwt, app *App) *oauthError {
	const hint = "Please check your federated identity credential Subject, Audience and Issuer against the presented assertion."
	issuer, subject, audience := token.claims.text("iss"), token.claims.text("sub"), token.claims.list("aud")
	trusted := slices.DeleteFunc(slices.Clone(app.Federated), func(f FederatedCredential) bool { return f.Issuer != issuer })
	switch {
	case len(trusted) == 0:
		return newOAuthError(700211, "invalid_client", "No matching federated identity record found for presented assertion issuer '%s'. %s", issuer, hint)
	case token.header.text("kid") != s.keys.ci.kid || token.header.text("alg") != "RS256":
		return newOAuthError(5000811, "invalid_client", "Unable to verify token signature. The signing key identifier does not match any valid registered keys.")
	case !token.verify(&s.keys.ci.key.PublicKey):
		return newOAuthError(900384, "invalid_client", "JWT token failed signature validation.")
	case !slices.ContainsFunc(trusted, func(f FederatedCredential) bool { return slices.Contains(audience, f.Audience) }):
		return newOAuthError(700212, "invalid_client", "No matching federated identity record found for presented assertion audience '%s'. %s", strings.Join(audience, " "), hint)
	case !slices.ContainsFunc(trusted, func(f FederatedCredential) bool { return f.Subject == subject && slices.Contains(audience, f.Audience) }):
		return newOAuthError(700213, "invalid_client", "No matching federated identity record found for presented assertion subject '%s'. %s", subject, hint)
	}
	return nil
}
