package sandbox

import (
	"crypto/subtle"
	"net/http"
	"time"
)

const (
	// ActionsRequestToken is the bearer token of ACTIONS_ID_TOKEN_REQUEST_TOKEN. It protects nothing.
	ActionsRequestToken = "sandbox-actions-request-token-0000000001"
	// actionsTokenLife is what GitHub gives.
	actionsTokenLife = 5 * time.Minute
	// actionsAudience is what a token is for when the request does not say.
	actionsAudience = "https://github.com/contoso"
)

// actionsEndpoint issues the token of a workflow's job as GitHub Actions does (GitHub: "OpenID
// Connect reference"), in the name of FederatedIssuer, which AppClientID trusts.
func (s *Sandbox) actionsEndpoint(w http.ResponseWriter, r *http.Request) {
	x := s.newExchange(r)
	if _, done := s.playAt(place{stage: stageActions}, w, r, x); done {
		return
	}
	const bearer = "Bearer " + ActionsRequestToken
	switch {
	case r.Method != http.MethodGet:
		s.refuseActions(w, x, http.StatusMethodNotAllowed, "Only GET is allowed")
	case subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte(bearer)) != 1:
		s.refuseActions(w, x, http.StatusUnauthorized, "Unable to validate the token")
	default:
		s.issueActionsToken(w, r, x)
	}
}

func (s *Sandbox) issueActionsToken(w http.ResponseWriter, r *http.Request, x *exchange) {
	audience := r.URL.Query().Get("audience")
	if audience == "" {
		audience = actionsAudience
	}
	now := s.now()
	token, err := s.keys.ci.sign(claims{
		"iss": FederatedIssuer, "sub": FederatedSubject, "aud": audience, "jti": s.guid(s.exchanges.Add(1)),
		"repository": "contoso/alerts", "ref": "refs/heads/main", "event_name": "push",
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(actionsTokenLife).Unix(),
	})
	if err != nil || len(token) > maxJWT {
		s.refuseActions(w, x, http.StatusBadRequest, "The token could not be made")
		return
	}
	s.log(x.id, Server, "200 workflow token for %s", audience)
	writeJSON(w, http.StatusOK, map[string]any{"count": 1, "value": token})
}

func (s *Sandbox) refuseActions(w http.ResponseWriter, x *exchange, status int, message string) {
	s.log(x.id, Server, "%d %s", status, message)
	writeJSON(w, status, map[string]string{"message": message})
}
