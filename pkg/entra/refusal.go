package entra

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Error is a refusal by the issuer, in its own words (RFC 6749 section 5.2 and Entra's additions).
// Secrets, control characters and excess length have been removed.
type Error struct {
	Step          string   // StepToken, StepAuthorize, StepDeviceCode, ...
	Code          string   // error, such as invalid_client
	Suberror      string   // suberror
	AADSTS        []string // numbers without the letters; the last is usually the cause
	Description   string   // error_description
	TraceID       string   // trace_id, for Microsoft's support
	CorrelationID string   // correlation_id, as in the sign-in log
	Claims        string   // claims: the challenge of Conditional Access, JSON
	Status        int      // HTTP status
	RetryAfter    time.Duration
}

// Error gives the code and the description.
func (e *Error) Error() string {
	text := fmt.Sprintf("%s refused: %s", e.Step, e.Code)
	if e.Description != "" {
		text += ": " + e.Description
	}
	return text
}

// refusalBody is an error as Entra writes it. Fields of the wrong type are ignored one by one:
// half an error is worth more than none.
type refusalBody map[string]json.RawMessage

func (b refusalBody) text(field string) string {
	var s string
	if json.Unmarshal(b[field], &s) != nil {
		return ""
	}
	return s
}

// refusal reads an OAuth error; ok is false for a body that is none.
func (a answer) refusal() (*Error, bool) {
	var b refusalBody
	isJSON := json.Unmarshal(a.body, &b) == nil
	if !isJSON || b.text("error") == "" {
		return nil, false
	}
	clean := func(field string, limit int) string { return sanitize(scrub(b.text(field), a.secrets), limit) }
	e := &Error{
		Step:          a.step,
		Code:          clean("error", maxCode),
		Suberror:      clean("suberror", maxCode),
		Description:   clean("error_description", maxDescription),
		TraceID:       clean("trace_id", maxCode),
		CorrelationID: clean("correlation_id", maxCode),
		Claims:        clean("claims", maxChallenge),
		Status:        a.response.StatusCode,
		RetryAfter:    retryAfter(a.response.Header, a.at),
	}
	e.AADSTS = aadsts(b["error_codes"], e.Description)
	return e, true
}

// aadsts lists the numbers of the field, then those of the text in their order, so that the last is
// the one that the text ends with.
func aadsts(field json.RawMessage, description string) []string {
	var inText, codes []string
	for _, found := range regexp.MustCompile(`AADSTS(\d{4,9})`).FindAllStringSubmatch(description, -1) {
		if !slices.Contains(inText, found[1]) {
			inText = append(inText, found[1])
		}
	}
	var numbers []int64
	_ = json.Unmarshal(field, &numbers) // absent or malformed: the text alone counts
	for _, n := range numbers[:min(len(numbers), maxClaims)] {
		if code := strconv.FormatInt(n, 10); !slices.Contains(inText, code) {
			codes = append(codes, code)
		}
	}
	return append(codes, inText...)
}

// maxRetryAfter bounds what a server may ask us to wait.
const maxRetryAfter = 24 * time.Hour

// retryAfter reads Retry-After, seconds or a date (RFC 9110 section 10.2.3).
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return min(time.Duration(seconds)*time.Second, maxRetryAfter)
	}
	at, err := http.ParseTime(text)
	if err != nil || at.Before(now) {
		return 0
	}
	return min(at.Sub(now), maxRetryAfter)
}

// ResponseError is an answer that is neither what was asked for nor an OAuth error: a captive
// portal, a proxy's page, a redirect, a broken server. Its body is not kept.
type ResponseError struct {
	Step        string
	Host        string
	Status      int
	ContentType string
	Reason      string
	RetryAfter  time.Duration
}

// Error says what the answer was instead.
func (e *ResponseError) Error() string {
	return fmt.Sprintf("%s: unusable answer of %s: %s (status %d, content type %q)", e.Step, e.Host, e.Reason, e.Status, e.ContentType)
}
