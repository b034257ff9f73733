package entra

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"
)

// ErrOpaque says that a token is not a JWT. It may be valid all the same: those of personal
// accounts are opaque.
var ErrOpaque = errors.New("the token is not a JWT")

// Claims are what a token says of itself. Nothing is verified: they serve diagnosis, never a
// decision to trust. Names are those of Entra's v1.0 tokens, with the v2.0 name where it differs.
type Claims struct {
	Issuer    string    // iss
	Audience  []string  // aud
	TenantID  string    // tid
	ObjectID  string    // oid: the user, or the service principal of an application
	AppID     string    // appid, azp
	User      string    // upn, preferred_username, unique_name; empty for an application
	Scopes    []string  // scp: delegated permissions
	Roles     []string  // roles: application permissions
	IDType    string    // idtyp: app for an application
	Version   string    // ver
	IssuedAt  time.Time // iat
	NotBefore time.Time // nbf
	Expires   time.Time // exp
}

// AppOnly tells the token of an application that acts for itself from a person's.
func (c Claims) AppOnly() bool { return c.IDType == "app" || c.User == "" && len(c.Scopes) == 0 }

// Claims decodes the payload of the token without verifying it. Its error is ErrOpaque.
func (t Token) Claims() (Claims, error) {
	parts := strings.Split(t.secret, ".")
	if len(parts) != 3 || len(t.secret) > maxToken {
		return Claims{}, ErrOpaque
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return Claims{}, ErrOpaque
	}
	var p claimsPayload
	if err := json.Unmarshal(payload, &p); err != nil {
		return Claims{}, ErrOpaque
	}
	return p.claims(), nil
}

type claimsPayload struct {
	Iss               string
	Aud               oneOrMany
	Tid               string
	Oid               string
	Appid             string
	Azp               string
	Upn               string
	PreferredUsername string `json:"preferred_username"`
	UniqueName        string `json:"unique_name"`
	Scp               string
	Roles             oneOrMany
	Idtyp             string
	Ver               string
	Iat               float64
	Nbf               float64
	Exp               float64
}

func (p claimsPayload) claims() Claims {
	return Claims{
		Issuer:    sanitize(p.Iss, maxClaim),
		Audience:  sanitizeAll(p.Aud),
		TenantID:  sanitize(p.Tid, maxClaim),
		ObjectID:  sanitize(p.Oid, maxClaim),
		AppID:     sanitize(first(p.Appid, p.Azp), maxClaim),
		User:      sanitize(first(p.Upn, p.PreferredUsername, p.UniqueName), maxClaim),
		Scopes:    sanitizeAll(strings.Fields(p.Scp)),
		Roles:     sanitizeAll(p.Roles),
		IDType:    sanitize(p.Idtyp, maxClaim),
		Version:   sanitize(p.Ver, maxClaim),
		IssuedAt:  numericDate(p.Iat),
		NotBefore: numericDate(p.Nbf),
		Expires:   numericDate(p.Exp),
	}
}

// oneOrMany is a string or a list of strings: RFC 7519 section 4.1.3 allows both for aud.
type oneOrMany []string

// UnmarshalJSON accepts both forms.
func (m *oneOrMany) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*m = oneOrMany{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(m))
}

// numericDate is that of RFC 7519 section 2. What no clock shows counts as absent.
func numericDate(seconds float64) time.Time {
	const year10000 = 253402300800
	if seconds <= 0 || seconds >= year10000 {
		return time.Time{}
	}
	return time.Unix(int64(seconds), 0).UTC()
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

func sanitizeAll(texts []string) []string {
	var all []string
	for _, t := range texts[:min(len(texts), maxClaims)] {
		all = append(all, sanitize(t, maxClaim))
	}
	return all
}
