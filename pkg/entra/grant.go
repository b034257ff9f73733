package entra

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
)

// maxLife bounds the life of a token that an issuer may claim, in seconds: a year.
const maxLife = 366 * 24 * 3600

// grant is a successful response (RFC 6749 section 5.1), with what an application needs of it.
type grant struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type,omitempty"`
	ExpiresIn   int64  `json:"expires_in"`
	scopes      []string
}

// parseGrant reads a token response. Some issuers write numbers as strings. Its errors say what is
// missing and quote nothing of the body: it may hold a token.
func parseGrant(body []byte) (grant, error) {
	var b struct {
		AccessToken string      `json:"access_token"`
		TokenType   string      `json:"token_type"`
		ExpiresIn   json.Number `json:"expires_in"`
		Scope       string      `json:"scope"`
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
	life, err := b.ExpiresIn.Int64()
	if err != nil || life <= 0 || life > maxLife {
		return grant{}, errors.New("no usable expires_in in it")
	}
	return grant{b.AccessToken, b.TokenType, life, strings.Fields(b.Scope)}, nil
}

// granted gives MSAL the parts of the response that it needs and no others: it would refuse a token
// for a scope that other issuers report by another name.
func granted(req *http.Request, g grant) (*http.Response, error) {
	if x, ok := exchangeOf(req.Context()); ok {
		x.scopes = sanitizeAll(g.scopes)
	}
	body, err := json.Marshal(g) //nolint:gosec // for MSAL inside this process
	if err != nil {
		return nil, fail(req.Context(), err)
	}
	return jsonResponse(req, body), nil
}
