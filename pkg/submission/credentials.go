package submission

import (
	"context"
	"encoding/base64"
	"strings"
	"unicode"
)

// mechanism is the only one that we speak.
const mechanism = "XOAUTH2"

// redacted stands where a secret would.
const redacted = "REDACTED"

// Credentials say who signs in. Token is called once for each [Dialer.Open], while the connection is
// being made.
type Credentials struct {
	User  string // the mailbox
	Token func(context.Context) (AccessToken, error)
}

// An AccessToken gives away its text only when asked for it, so that it cannot be printed by mistake.
type AccessToken interface {
	Reveal() string
}

// xoauth2 is the response of the mechanism, in base64. Microsoft describes it in "Authenticate an IMAP, POP
// or SMTP connection using OAuth", section "SASL XOAUTH2".
func xoauth2(user, token string) (string, error) {
	if user == "" || token == "" || strings.ContainsFunc(user+token, unicode.IsControl) {
		return "", ErrToken
	}
	return base64.StdEncoding.EncodeToString([]byte("user=" + user + "\x01auth=Bearer " + token + "\x01\x01")), nil
}
