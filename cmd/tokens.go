package cmd

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/profile"
)

// tokenVariable holds an access token got elsewhere.
const tokenVariable = "O365MAIL_ACCESS_TOKEN"

// maxTokenFile bounds a token file, in bytes.
const maxTokenFile = 64 << 10

// tokens gives the access tokens of an account: one got elsewhere, which outranks the profile's
// own and is used as it is, or those of a source that signs in when it has to.
type tokens struct {
	fixed    *entra.Token
	source   func() (*entra.Source, error) // made on first use, then the same
	remember func(entra.Token)
	refused  func(error)   // told that no token was had
	limit    time.Duration // of one request

	mu   sync.Mutex
	last entra.Token
	kept bool // the last one had been given out before
}

// tokens decides where the account's tokens come from.
func (d *deps) tokens(a *account, file string) (*tokens, error) {
	t := &tokens{remember: d.remember, refused: func(err error) { d.recordRefused(a, err); d.notify(a, err) }, limit: d.global.timeout, source: sync.OnceValues(func() (*entra.Source, error) { return d.source(a) })}
	text, origin := d.Getenv(tokenVariable), profile.Origin{Layer: profile.EnvironmentLayer, Name: tokenVariable}
	if file != "" {
		var err error
		origin = profile.Origin{Layer: profile.FlagLayer, Name: "token-file"}
		if text, err = d.readTokenFile(file); err != nil {
			return nil, err
		}
	}
	if text == "" {
		return t, nil
	}
	token, err := entra.ParseToken(text)
	if err != nil || strings.ContainsAny(text, `"'{}`) { // a whole answer of Entra, or quotes
		return nil, &profile.ValueError{Key: "access token", Want: "a token on one line: the value of access_token only, without JSON or quotes", Origin: origin}
	}
	t.fixed = &token
	return t, nil
}

// check reports whether tokens can be asked for at all; it asks nobody.
func (t *tokens) check() error {
	if t.fixed != nil {
		return nil
	}
	_, err := t.source()
	return err
}

// get gives a valid token, a kept one if there is one.
func (t *tokens) get(ctx context.Context) (entra.Token, error) {
	if t.fixed != nil {
		t.remember(*t.fixed)
		return *t.fixed, nil
	}
	source, err := t.source()
	if err != nil {
		return entra.Token{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, t.limit)
	defer cancel()
	return t.note(source.Token(ctx))
}

// renewable reports whether the last token was a kept one, so that a fresh one may do better.
func (t *tokens) renewable() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.kept
}

// renew gives a fresh token.
func (t *tokens) renew(ctx context.Context) (entra.Token, error) {
	source, err := t.source()
	if err != nil {
		return entra.Token{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, t.limit)
	defer cancel()
	return t.note(source.Fresh(ctx))
}

func (t *tokens) note(token entra.Token, err error) (entra.Token, error) {
	if err != nil {
		t.refused(err)
		return token, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = token.Reveal() == t.last.Reveal()
	t.last = token
	t.remember(token)
	return token, nil
}

func (d *deps) readTokenFile(file string) (string, error) {
	in := d.input
	if file != "-" {
		f, err := os.Open(file) //nolint:gosec // the caller's own setting
		if err != nil {
			return "", noInputError{fmt.Errorf("token file: %w", err)}
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, maxTokenFile+1))
	if err != nil {
		return "", noInputError{fmt.Errorf("token file: %w", err)}
	}
	switch n := len(text); {
	case n == 0:
		return "", noInputError{fmt.Errorf("token file %s is empty", nameOf(file))}
	case n > maxTokenFile:
		return "", noInputError{fmt.Errorf("token file %s is larger than %d KiB, which no token is", nameOf(file), maxTokenFile>>10)}
	}
	return string(text), nil
}

// source is what signs in: with the credential in the environment, which outranks a stored one
// and leaves nothing behind, or with what login stored.
func (d *deps) source(a *account) (*entra.Source, error) {
	if a.Credential.Flow == "" && a.Name != "" {
		return d.sourceFromStore(a)
	}
	if err := a.CheckSignIn(); err != nil {
		return nil, err
	}
	config := d.entraConfig(a)
	var err error
	if config.Credential, err = d.credential(a.Profile); err != nil {
		return nil, err
	}
	return entra.NewSource(config)
}

// entraConfig is how this account's issuer is reached.
func (d *deps) entraConfig(a *account) entra.Config {
	proxy, _ := d.proxies(a.Proxy)
	return entra.Config{
		Authority: a.Authority, ClientID: a.ClientID, Scope: a.Scope,
		MinLife: max(a.MinTokenLife(), d.minValidity), RootCAs: a.trust.pool, DialContext: a.trust.dial, Proxy: forRequest(proxy), Now: d.Now,
		Report: func(e entra.Event) { d.recordRenewal(a, e) },
	}
}
