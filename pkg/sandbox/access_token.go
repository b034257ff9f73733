package sandbox

import (
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

const (
	roleSendAsApp = "SMTP.SendAsApp"
	scopeSend     = "SMTP.Send"
	// tokenLife is the shortest life that Entra gives an access token; it draws 60 to 90 minutes.
	tokenLife = time.Hour
	// tokenBackdate is how far before its issue Entra lets a token begin.
	tokenBackdate = 5 * time.Minute
)

// issuer is the v1.0 form, which Exchange's tokens carry.
func (s *Sandbox) issuer() string { return "https://sts.windows.net/" + s.config.Tenant.ID + "/" }

// appToken issues an access token to an application.
func (s *Sandbox) appToken(app *App, resource, proof string) (string, error) {
	c := s.commonClaims(resource)
	c["appid"], c["app_displayname"], c["appidacr"] = app.ClientID, app.Name, proof
	c["idtyp"] = "app"
	c["idp"] = s.issuer()
	c["oid"], c["sub"] = app.ObjectID, app.ObjectID
	if forExchange(resource) && len(app.Roles) > 0 {
		c["roles"] = app.Roles
	}
	return s.keys.token.sign(c)
}

// UserToken issues the access token of a person who consented to scopes, SMTP.Send when none are
// given. It is a secret of the sandbox only. It fails for a upn that is no user of the tenant.
func (s *Sandbox) UserToken(upn string, scopes ...string) (string, error) {
	user, ok := s.config.Tenant.user(upn)
	if !ok {
		return "", errNoUser(upn)
	}
	if len(scopes) == 0 {
		scopes = []string{scopeSend}
	}
	return s.personToken(user, &App{ClientID: PublicClientID, Name: "o365mail"}, byNothing, resourceOutlook, scopes)
}

// UnknownUserError names somebody whom the tenant does not have.
type UnknownUserError struct{ UPN string }

// Error quotes the name.
func (e *UnknownUserError) Error() string { return fmt.Sprintf("no user %q in the tenant", e.UPN) }

func errNoUser(upn string) error { return &UnknownUserError{upn} }

// personToken issues an access token to an application that acts for a person.
func (s *Sandbox) personToken(user *User, app *App, proof, resource string, permissions []string) (string, error) {
	c := s.commonClaims(resource)
	c["appid"], c["app_displayname"], c["appidacr"] = app.ClientID, app.Name, proof
	c["idtyp"] = "user"
	c["name"], c["upn"], c["unique_name"] = user.Name, user.UPN, user.UPN
	c["oid"], c["sub"], c["puid"] = user.ID, s.opaque("sub "+user.ID, 32), "10032000C0A70500"
	c["amr"], c["ipaddr"] = []string{"pwd", "mfa"}, "127.0.0.1"
	c["scp"] = strings.Join(permissions, " ")
	c["sid"] = s.guid(s.exchanges.Add(1))
	return s.keys.token.sign(c)
}

// commonClaims are those of every access token, with the opaque ones that make Entra's tokens as
// long as they are.
func (s *Sandbox) commonClaims(audience string) claims {
	n := fmt.Sprint("token ", s.exchanges.Load())
	from := s.now().Add(-tokenBackdate)
	return claims{
		"aud": audience, "iss": s.issuer(), "tid": s.config.Tenant.ID, "ver": "1.0",
		"iat": from.Unix(), "nbf": from.Unix(), "exp": s.now().Add(s.config.TokenLife).Unix(),
		"aio":                  "k2" + s.opaque("aio"+n, 48),
		"rh":                   "1.AX0A" + s.opaque("rh"+n, 40),
		"uti":                  s.opaque("uti"+n, 16),
		"wids":                 []string{"0997a1d0-0d1d-4acb-b408-d5ca73121e90"},
		"xms_act_fct":          "3 9",
		"xms_ftd":              s.opaque("ftd"+n, 64),
		"xms_idrel":            "7 2",
		"xms_pftexp":           s.now().Add(s.config.TokenLife + 24*time.Hour).Unix(),
		"xms_rd":               "0.42LlYBJi9BIS4WDg4uIVEnjgOe_g0b2Mk3ZtZeZkAIkaAQA",
		"xms_sub_fct":          "3 9",
		"xms_tenant_encrypted": s.opaque("te"+n, 330),
		"xms_tnt_fct":          "3 14",
	}
}

// opaque makes text of n octets, which looks drawn at random and follows from a seed.
func (s *Sandbox) opaque(seed string, n int) string {
	var text string
	for i := 0; len(text) < n; i++ {
		sum := sha512.Sum512(fmt.Append(nil, seed, i, s.config.Tenant.ID))
		text += base64.RawURLEncoding.EncodeToString(sum[:])
	}
	return text[:n]
}
