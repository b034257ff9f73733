package explain

import (
	"slices"
	"strings"
)

// TokenError is a refusal of the token endpoint, as RFC 6749 section 5.2 and Entra write it.
type TokenError struct {
	Codes       []string // AADSTS numbers in the order of the message
	OAuthError  string   // field error
	Suberror    string   // field suberror
	Description string   // field error_description
	Status      int      // HTTP status
}

// MatchToken finds the entry for a refusal: by its numbers, of which the last is usually the cause,
// else by suberror, else by the name or text of an error that has no number.
func (b *Base) MatchToken(t TokenError) (*Entry, bool) {
	for _, code := range slices.Backward(t.Codes) {
		if e, ok := b.tokenEntry(func(e *Entry) bool { return slices.Contains(e.Codes, code) }); ok {
			return e, true
		}
	}
	if t.Suberror != "" {
		if e, ok := b.tokenEntry(func(e *Entry) bool { return e.Suberror == t.Suberror }); ok {
			return e, true
		}
	}
	return b.tokenEntry(func(e *Entry) bool {
		return len(e.Codes) == 0 && (e.Sample == t.OAuthError || strings.Contains(t.Description, e.Sample))
	})
}

func (b *Base) tokenEntry(fits func(*Entry) bool) (*Entry, bool) {
	entries := b.entra()
	for i := range entries {
		if fits(&entries[i]) {
			return &entries[i], true
		}
	}
	return nil, false
}

// Outcome decides what follows from a refusal that no entry knows: the OAuth error if it is one of
// RFC 6749, else the HTTP status.
func (t TokenError) Outcome() Outcome {
	switch t.OAuthError {
	case "temporarily_unavailable", "server_error", "slow_down":
		return temporary()
	case "invalid_request", "invalid_scope", "unsupported_grant_type", "invalid_resource":
		return permanent(exitConfiguration)
	}
	if t.OAuthError == "" && (t.Status == 429 || t.Status >= 500) {
		return temporary()
	}
	return permanent(exitNoPermission)
}
