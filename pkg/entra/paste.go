package entra

import (
	"context"
	"net/url"
	"strings"
)

// pasteRedirect is an address at which nothing listens on the machine of the browser: the page does
// not load, and its address has the code. Entra ignores the port of a registered http://localhost.
const pasteRedirect = "http://localhost"

const (
	maxPasted  = 64 << 10
	pasteTries = 5
)

// Paste signs in with a browser on another machine: ask gives the address to the person and takes
// back the one at which the browser ended. When that is not the right one, ask is called again
// with ErrNotTheAddress, a few times. Its errors are those of DeviceCode.
func (l *Login) Paste(ctx context.Context, ask func(ctx context.Context, address string, again error) (string, error)) (SignIn, error) {
	r := l.authorization(pasteRedirect, modeQuery)
	query, err := r.pasted(ctx, ask)
	if err != nil {
		return SignIn{}, &SignInError{StepAuthorize, err}
	}
	code, err := r.code(query)
	if err != nil {
		return SignIn{}, err
	}
	return l.redeem(ctx, r, code)
}

func (r authorization) pasted(ctx context.Context, ask func(context.Context, string, error) (string, error)) (url.Values, error) {
	ctx, cancel := context.WithTimeout(ctx, signInLimit)
	defer cancel()
	var again error
	for range pasteTries {
		text, err := ask(ctx, r.address, again)
		switch {
		case ctx.Err() != nil:
			return nil, overdue(ctx)
		case err != nil:
			return nil, err
		}
		if query := parsePasted(text); r.answers(query) {
			return query, nil
		}
		again = ErrNotTheAddress
	}
	return nil, again
}

// parsePasted reads an address, or only the part of it behind the question mark. Terminals and
// mail programs wrap long lines.
func parsePasted(text string) url.Values {
	if len(text) > maxPasted {
		return nil
	}
	text = strings.Trim(strings.Join(strings.Fields(text), ""), `"'<>`)
	if _, query, ok := strings.Cut(text, "?"); ok {
		text = query
	}
	text, _, _ = strings.Cut(text, "#")
	query, err := url.ParseQuery(text)
	if err != nil {
		return nil
	}
	return query
}
