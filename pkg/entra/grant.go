package entra

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// maxLife bounds the life of a token that an issuer may claim, in seconds: a year.
const maxLife = 366 * 24 * 3600

// grant is a successful response (RFC 6749 section 5.1).
type grant struct {
	access, refresh     string
	idToken, clientInfo string
	life, refreshIn     time.Duration // refreshIn is zero if the issuer did not say
	scopes              []string
	asked               time.Time // when the request was made
}

// duration reads a number of seconds, which some issuers write as a string.
func duration(seconds json.Number) (time.Duration, bool) {
	n, err := seconds.Int64()
	if err != nil || n <= 0 || n > maxLife {
		return 0, false
	}
	return time.Duration(n) * time.Second, true
}

// parseGrant reads a token response. Its errors say what is missing and quote nothing of the body:
// it may hold a token.
func parseGrant(body []byte) (grant, error) {
	var b struct {
		AccessToken  string      `json:"access_token"`
		RefreshToken string      `json:"refresh_token"`
		IDToken      string      `json:"id_token"`
		ClientInfo   string      `json:"client_info"`
		TokenType    string      `json:"token_type"`
		ExpiresIn    json.Number `json:"expires_in"`
		RefreshIn    any         `json:"refresh_in"` // not worth a refusal
		Scope        string      `json:"scope"`
	}
	if json.Unmarshal(body, &b) != nil {
		return grant{}, errors.New("not the JSON of a token response")
	}
	if !isBearer(b.AccessToken) {
		return grant{}, errors.New("no access_token in it")
	}
	if b.TokenType != "" && !strings.EqualFold(b.TokenType, "Bearer") {
		return grant{}, errors.New("the token_type is not Bearer")
	}
	life, ok := duration(b.ExpiresIn)
	if !ok {
		return grant{}, errors.New("no usable expires_in in it")
	}
	g := grant{
		access: b.AccessToken, refresh: b.RefreshToken, idToken: b.IDToken, clientInfo: b.ClientInfo,
		life: life, scopes: sanitizeAll(strings.Fields(b.Scope)),
	}
	g.refreshIn, _ = duration(json.Number(fmt.Sprint(b.RefreshIn)))
	return g, nil
}

// person checks what a person's tokens need to be renewed later, and tells whose they are. The
// answer to a renewal may lack it: the account is known and the old refresh token stays.
func (g grant) person(known Account) (Account, error) {
	if g.refresh != "" && !isBearer(g.refresh) {
		return Account{}, errors.New("an unusable refresh_token in it")
	}
	if known != (Account{}) {
		return known, nil
	}
	if g.refresh == "" {
		return Account{}, errors.New("no refresh_token in it")
	}
	return accountFrom(g.idToken, g.clientInfo)
}

// forMSAL gives the parts of the response that MSAL needs and no others: it would refuse a token
// for a scope that other issuers report by another name.
func (g grant) forMSAL(x *exchange) ([]byte, error) {
	body := map[string]any{"token_type": "Bearer", "access_token": g.access, "expires_in": int64(g.life / time.Second)}
	if x.person {
		body["id_token"] = x.account.idToken()
		body["refresh_token"] = g.refresh
	}
	return json.Marshal(body)
}

// record is what is kept of the access token.
func (g grant) record(purpose string) record {
	r := record{For: purpose, Secret: g.access, Got: g.asked, Expires: g.asked.Add(g.life), Scopes: g.scopes}
	if g.refreshIn > 0 && g.refreshIn < g.life {
		r.Renew = g.asked.Add(g.refreshIn)
	}
	return r
}
