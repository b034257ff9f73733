package sandbox

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// oauthError is a refusal of the token endpoint.
type oauthError struct {
	code     int    // AADSTS number; 0 where there is none
	oauth    string // error (RFC 6749 section 5.2)
	suberror string
	text     string // error_description before the ids, "AADSTS...: ..."
}

// Error is the description.
func (e *oauthError) Error() string { return e.text }

func newOAuthError(code int, oauth, format string, args ...any) *oauthError {
	return &oauthError{code: code, oauth: oauth, text: fmt.Sprintf("AADSTS%d: ", code) + fmt.Sprintf(format, args...)}
}

// status follows RFC 6749 section 5.2, and Entra where it has more.
func (e *oauthError) status() int {
	switch e.oauth {
	case "invalid_client":
		return http.StatusUnauthorized
	case "temporarily_unavailable":
		return http.StatusServiceUnavailable
	default:
		return http.StatusBadRequest
	}
}

// exchange is one request to an endpoint, with the ids that Entra gives it for its support.
type exchange struct {
	id, trace, correlation string
	part                   *part
}

var isGUID = regexp.MustCompile(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`).MatchString

// newExchange numbers a request. The client may choose the correlation id (client-request-id).
func (s *Sandbox) newExchange(r *http.Request) *exchange {
	n := s.exchanges.Add(1)
	x := &exchange{
		id:    fmt.Sprintf("entra-%04d", n),
		trace: s.guid(2 * n), correlation: s.guid(2*n + 1),
		part: s.script.newPart(),
	}
	if id := r.Header.Get("client-request-id"); isGUID(id) {
		x.correlation = strings.ToLower(id)
	}
	s.log(x.id, Client, "%s %s", r.Method, r.URL.Path)
	return x
}

// errorDocument is Entra's JSON form of a refusal.
type errorDocument struct {
	Error         string `json:"error"`
	Description   string `json:"error_description"`
	Codes         []int  `json:"error_codes"`
	Timestamp     string `json:"timestamp"`
	TraceID       string `json:"trace_id"`
	CorrelationID string `json:"correlation_id"`
	URI           string `json:"error_uri,omitempty"`
	Suberror      string `json:"suberror,omitempty"`
	Claims        string `json:"claims,omitempty"`
}

const entraTime = "2006-01-02 15:04:05Z"

func (x *exchange) document(e *oauthError, now time.Time) errorDocument {
	at := now.Format(entraTime)
	d := errorDocument{
		Error:         e.oauth,
		Description:   fmt.Sprintf("%s Trace ID: %s Correlation ID: %s Timestamp: %s", e.text, x.trace, x.correlation, at),
		Codes:         []int{},
		Timestamp:     at,
		TraceID:       x.trace,
		CorrelationID: x.correlation,
		Suberror:      e.suberror,
		Claims:        e.claims(),
	}
	if e.code != 0 {
		d.Codes = append(d.Codes, e.code)
		d.URI = fmt.Sprintf("https://login.microsoftonline.com/error?code=%d", e.code)
	}
	return d
}

// claims is the challenge that comes with a demand of Conditional Access, to be passed on to the
// sign-in page (Microsoft: "Claims challenges, claims requests and client capabilities").
func (e *oauthError) claims() string {
	if e.oauth != "interaction_required" {
		return ""
	}
	return `{"access_token":{"capolids":{"essential":true,"values":["c0a70500-0000-4000-8000-0000000000c1"]}}}`
}

func (s *Sandbox) refuse(w http.ResponseWriter, x *exchange, e *oauthError) {
	s.log(x.id, Server, "%d %s %s", e.status(), e.oauth, e.text)
	x.stamp(w)
	writeJSON(w, e.status(), x.document(e, s.now()))
}

func (x *exchange) stamp(w http.ResponseWriter) {
	w.Header().Set("x-ms-request-id", x.trace)
	w.Header().Set("client-request-id", x.correlation)
}
