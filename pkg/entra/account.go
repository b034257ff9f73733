package entra

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
)

// Account is the person who signed in, as the issuer's id_token says. Its signature is not
// verified: it came over TLS from the issuer itself (OpenID Connect Core section 3.1.3.7, 6).
type Account struct {
	Username      string `json:"username"`        // preferred_username, upn or email
	TenantID      string `json:"tenant_id"`       // tid; empty if the issuer is not Entra
	ObjectID      string `json:"object_id"`       // oid
	HomeAccountID string `json:"home_account_id"` // uid.utid of client_info, else sub
}

var errIDToken = errors.New("no usable id_token in it")

// accountFrom reads an id_token and Entra's client_info.
func accountFrom(idToken, clientInfo string) (Account, error) {
	var claims struct {
		Sub, Oid, Tid, Upn, Email string
		PreferredUsername         string `json:"preferred_username"`
	}
	parts := strings.Split(idToken, ".")
	if len(parts) != 3 || len(idToken) > maxToken || decodeJSON(parts[1], &claims) != nil {
		return Account{}, errIDToken
	}
	var info struct{ UID, UTID string }
	_ = decodeJSON(clientInfo, &info) // optional: issuers other than Entra have none
	home := claims.Sub
	if info.UID != "" {
		home = strings.TrimSuffix(info.UID+"."+info.UTID, ".")
	}
	a := Account{
		Username:      sanitize(first(claims.PreferredUsername, claims.Upn, claims.Email), maxClaim),
		ObjectID:      sanitize(claims.Oid, maxClaim),
		HomeAccountID: sanitize(home, maxClaim),
	}
	if isGUID(claims.Tid) {
		a.TenantID = claims.Tid
	}
	if a.HomeAccountID == "" {
		return Account{}, errIDToken
	}
	return a, nil
}

func decodeJSON(segment string, into any) error {
	data, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(segment, "="))
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}

// idToken says of the account what MSAL needs, and nothing that it could stumble over: an id_token
// that MSAL cannot read would cost the refresh token that came with it.
func (a Account) idToken() string {
	payload, _ := json.Marshal(map[string]string{ // strings always marshal
		"sub": a.HomeAccountID, "oid": a.ObjectID, "tid": a.TenantID, "preferred_username": a.Username,
	})
	return "e30." + base64.RawURLEncoding.EncodeToString(payload) + "."
}
