package entra

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"time"
)

// state is what a Cache keeps: the refresh token in MSAL's cache, and our own record of the access
// tokens, so that a valid one is found without MSAL.
type state struct {
	Version  int             `json:"version"`
	Revision int64           `json:"revision"` // grows with each save, so that the newer of two is known
	Account  *signedIn       `json:"account,omitempty"`
	MSAL     json.RawMessage `json:"msal,omitempty"`
	Tokens   []record        `json:"tokens,omitempty"`
	Wait     *wait           `json:"wait,omitempty"`
}

// signedIn is a person's account with what its refresh token is good for.
type signedIn struct {
	Account
	Host     string `json:"host"`
	ClientID string `json:"client_id"`
	SignIn   string `json:"sign_in"` // random: which of the person's sign-ins it was
}

// record is an access token.
type record struct {
	For     string    `json:"for"`    // issuer, client, identity and scope
	Secret  string    `json:"secret"` // sealed by the cache
	Got     time.Time `json:"got"`
	Expires time.Time `json:"expires"`
	Renew   time.Time `json:"renew,omitzero"` // when to renew although it is valid
	Scopes  []string  `json:"scopes,omitempty"`
}

const (
	stateVersion = 1
	maxRecords   = 16
	clockDrift   = time.Minute
)

// errState quotes nothing of the content.
var errState = errors.New("not a state of this program, or of a later one")

func decodeState(data []byte) (state, error) {
	var s state
	if len(bytes.TrimSpace(data)) == 0 {
		return state{Version: stateVersion}, nil
	}
	if len(data) > maxCache || json.Unmarshal(data, &s) != nil || s.Version != stateVersion {
		return state{Version: stateVersion}, errState
	}
	return s, nil
}

// follows reports whether s came from old by renewals that old does not have.
func (s state) follows(old state) bool {
	return s.signIn() == old.signIn() && s.Revision > old.Revision
}

func (s state) signIn() string {
	if s.Account == nil {
		return ""
	}
	return s.Account.SignIn
}

// LastToken is the token that a Cache got last, valid or not: its claims can be read without any
// request.
func LastToken(cache []byte) (Token, bool) {
	s, err := decodeState(cache)
	if err != nil || len(s.Tokens) == 0 {
		return Token{}, false
	}
	return s.Tokens[0].token(), true
}

func (s state) encode() ([]byte, error) { return json.Marshal(s) }

// token finds the access token of a purpose; the zero record is none.
func (s state) token(purpose string) record {
	for _, r := range s.Tokens {
		if r.For == purpose && isBearer(r.Secret) {
			return r
		}
	}
	return record{}
}

// put takes the record in place of the one of the same purpose and drops what has expired.
func (s *state) put(r record) {
	kept := slices.DeleteFunc(slices.Clone(s.Tokens), func(old record) bool { return old.For == r.For || !r.Got.Before(old.Expires) })
	s.Tokens = append([]record{r}, kept[:min(len(kept), maxRecords-1)]...)
}

// lives reports whether the token is valid for the time to come. A token from the future was dated
// by a clock that was wrong: nothing that it says of its end can be believed.
func (r record) lives(now time.Time, atLeast time.Duration) bool {
	return r.Secret != "" && !now.Before(r.Got.Add(-clockDrift)) && r.Expires.Sub(now) > 0 && r.Expires.Sub(now) >= atLeast
}

// due reports whether the issuer wants the token renewed before its end (refresh_in).
func (r record) due(now time.Time) bool { return !r.Renew.IsZero() && !now.Before(r.Renew) }

func (r record) token() Token { return Token{r.Secret, r.Expires, r.Scopes} }
