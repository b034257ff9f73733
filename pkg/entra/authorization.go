package entra

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/url"
	"regexp"
	"strings"
)

// authorization is one request to the authorization endpoint (RFC 6749 section 4.1.1) with its
// proof key (RFC 7636).
type authorization struct {
	state, verifier string
	redirect        string
	address         string
}

// Response modes (OAuth 2.0 Multiple Response Type Encoding Practices; OAuth 2.0 Form Post Response Mode).
const (
	modeForm  = "form_post" // keeps the code out of the browser's history
	modeQuery = "query"     // shows the code in the address
)

// authorization makes the address where a person signs in.
func (l *Login) authorization(redirect, mode string) authorization {
	r := authorization{state: random(), verifier: random(), redirect: redirect}
	challenge := sha256.Sum256([]byte(r.verifier))
	query := url.Values{
		"client_id":             {l.config.ClientID},
		"response_type":         {"code"},
		"response_mode":         {mode},
		"redirect_uri":          {redirect},
		"scope":                 {strings.Join(append(l.person.scopes(), openIDScopes[:]...), " ")},
		"state":                 {r.state},
		"code_challenge":        {base64.RawURLEncoding.EncodeToString(challenge[:])},
		"code_challenge_method": {"S256"},
	}
	prompt := l.Prompt
	if prompt == "" && l.Hint == "" {
		prompt = "select_account"
	}
	for name, value := range map[string]string{"login_hint": l.Hint, "prompt": prompt, "claims": l.Claims} {
		if value != "" {
			query.Set(name, value)
		}
	}
	r.address = l.person.authority.authorize() + "?" + query.Encode()
	return r
}

// random is 256 bits: as much as RFC 7636 section 7.1 wants of a verifier.
func random() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// answers reports whether the parameters are the issuer's answer to this request: whoever does not
// know the state is not believed, whatever he says.
func (r authorization) answers(query url.Values) bool {
	state := query.Get("state")
	return subtle.ConstantTimeCompare([]byte(state), []byte(r.state)) == 1 && (query.Get("error") != "" || isBearer(query.Get("code")))
}

// code takes the code from an answer, or the refusal.
func (r authorization) code(query url.Values) (string, error) {
	if query.Get("error") == "" {
		return query.Get("code"), nil
	}
	clean := func(field string, limit int) string {
		return sanitize(scrub(query.Get(field), []string{r.state, r.verifier}), limit)
	}
	e := &Error{
		Step:        StepAuthorize,
		Code:        clean("error", maxCode),
		Suberror:    clean("error_subcode", maxCode),
		Description: clean("error_description", maxDescription),
		Claims:      clean("claims", maxChallenge),
	}
	e.AADSTS = aadsts(nil, e.Description)
	e.TraceID, e.CorrelationID = idOf("Trace ID", e.Description), idOf("Correlation ID", e.Description)
	return "", e
}

// idOf finds an id in the text of Entra's errors: an answer of the authorization endpoint has it
// nowhere else.
func idOf(name, description string) string {
	_, rest, _ := strings.Cut(description, name+": ")
	return regexp.MustCompile(`^[0-9A-Za-z-]{0,64}`).FindString(rest)
}
