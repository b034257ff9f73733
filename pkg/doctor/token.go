package doctor

import (
	"context"
	"strings"
	"time"

	"github.com/o365mail/o365mail/pkg/entra"
)

// tokenResult is the token of the run, or why there is none.
type tokenResult struct {
	token   entra.Token
	claims  entra.Claims
	claimed bool // the token can be read
	err     error
}

// findToken asks as any sending would. An application's kept token says nothing of its secret any
// more, so that a new one is asked for; a person's refresh token is not spent for that.
func (x *examination) findToken(ctx context.Context) *tokenResult {
	ctx, cancel := context.WithTimeout(ctx, x.wait())
	defer cancel()
	t := read(x.Tokens.Get(ctx))
	if t.err == nil && x.Tokens.Fresh != nil && x.Profile.Flow.AppOnly() && t.old(x.Now()) {
		return read(x.Tokens.Fresh(ctx))
	}
	return t
}

func read(token entra.Token, err error) *tokenResult {
	t := &tokenResult{token: token, err: err}
	if err != nil {
		return t
	}
	claims, err := token.Claims()
	t.claims, t.claimed = claims, err == nil
	return t
}

// fresh is how old a token may be to count as one that was issued for this run. Entra lets a token
// begin five minutes before its issue.
const fresh = 10 * time.Minute

// old tells a token that was not issued for this run.
func (t *tokenResult) old(now time.Time) bool {
	return t.claimed && now.Sub(t.claims.IssuedAt) > fresh
}

// isApp tells an application's token from a person's.
func (t *tokenResult) isApp() bool { return t.claims.AppOnly() }

// isEntras tells whether Entra issued the token, in any cloud: others name nothing as Entra does.
func (t *tokenResult) isEntras() bool {
	for _, issuer := range []string{"https://sts.windows.net/", "https://sts.chinacloudapi.cn/", "https://login.microsoftonline.", "https://login.partner.microsoftonline.cn/"} {
		if strings.HasPrefix(t.claims.Issuer, issuer) {
			return true
		}
	}
	return false
}

// until is when the token ends; zero when nobody says.
func (t *tokenResult) until() time.Time {
	if t.claimed && !t.claims.Expires.IsZero() {
		return t.claims.Expires
	}
	return t.token.ExpiresOn
}
