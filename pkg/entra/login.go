package entra

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"
)

// What can end a sign-in without the issuer's saying so.
var (
	ErrNobodySignedIn = errors.New("the time for the sign-in ran out")
	ErrCodeExpired    = errors.New("the code expired before anybody entered it")
	ErrNotTheAddress  = errors.New("not the address of this sign-in: it has no code, or another state")
)

// SignInError is a sign-in that did not come to its end. Err is one of the errors above, the end of
// the caller's context, or what the caller's own function returned.
type SignInError struct {
	Step string // StepAuthorize or StepDeviceCode
	Err  error
}

// Error names the step and the cause.
func (e *SignInError) Error() string { return fmt.Sprintf("%s: %v", e.Step, e.Err) }

// Unwrap gives the cause.
func (e *SignInError) Unwrap() error { return e.Err }

// signInLimit is how long a person may take.
const signInLimit = 15 * time.Minute

// Login signs a person in and leaves the refresh token in Config.Cache, where a Source with the
// credential SignedIn finds it. Authority may be that of organizations or common; the Account has
// the tenant to use from then on. A person may take a quarter of an hour, during which no lock is held.
type Login struct {
	Hint   string // whom to propose; without it the person chooses an account
	Prompt string // OpenID Connect's prompt; empty means select_account when there is no Hint
	Claims string // the challenge of an *Error, to be met by this sign-in

	config Config
	person person
}

// SignIn is the result of a Login.
type SignIn struct {
	Account Account
	Token   Token
}

// NewLogin checks the configuration and makes no request. Its error is a *ConfigError.
func NewLogin(c Config) (*Login, error) {
	c = c.withDefaults()
	p, err := newPerson(c, NewTransport(c))
	if err != nil {
		return nil, err
	}
	return &Login{config: c, person: p}, nil
}

// DeviceCode signs in on another device: show tells the person where to enter which code. Polling
// goes on over network errors until the code expires. Its errors are those of Token and
// *SignInError; a *CacheError comes with a result, which then is in memory only.
func (l *Login) DeviceCode(ctx context.Context, show func(DeviceCode) error) (SignIn, error) {
	kept := &contract{}
	x := &exchange{person: true}
	client, err := l.person.client(l.person.authority, kept)
	if err != nil {
		return SignIn{}, err
	}
	ctx = x.context(ctx)
	code, err := client.AcquireTokenByDeviceCode(ctx, l.person.scopes(), l.deviceOptions()...)
	if err = x.result(ctx, l.person.host(), err); err != nil {
		return SignIn{}, err
	}
	if err := show(x.device.DeviceCode); err != nil {
		return SignIn{}, &SignInError{StepDeviceCode, err}
	}
	_, err = code.AuthenticationResult(ctx)
	if x.err == nil && (errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)) {
		return SignIn{}, &SignInError{StepDeviceCode, fmt.Errorf("before the first poll: %w", err)}
	}
	return l.finish(ctx, x, kept, err)
}

func (l *Login) deviceOptions() []public.AcquireByDeviceCodeOption {
	if l.Claims == "" {
		return nil
	}
	return []public.AcquireByDeviceCodeOption{public.WithClaims(l.Claims)}
}

// redeem turns an authorization code into tokens.
func (l *Login) redeem(ctx context.Context, r authorization, code string) (SignIn, error) {
	kept := &contract{}
	x := &exchange{person: true}
	client, err := l.person.client(l.person.authority, kept)
	if err != nil {
		return SignIn{}, err
	}
	options := []public.AcquireByAuthCodeOption{public.WithChallenge(r.verifier)}
	if l.Claims != "" {
		options = append(options, public.WithClaims(l.Claims))
	}
	ctx, cancel := context.WithTimeout(x.context(ctx), renewLimit)
	defer cancel()
	_, err = client.AcquireTokenByAuthCode(ctx, code, r.redirect, l.person.scopes(), options...)
	return l.finish(ctx, x, kept, err)
}

// finish saves what the sign-in brought, in place of whatever was there for the profile.
func (l *Login) finish(ctx context.Context, x *exchange, kept *contract, err error) (SignIn, error) {
	if err = x.result(ctx, l.person.host(), err); err != nil {
		return SignIn{}, err
	}
	s := state{
		Version: stateVersion, MSAL: kept.data,
		Account: &signedIn{x.account, l.person.host(), l.config.ClientID, random()},
	}
	r := x.grant.record(l.person.purpose(&s))
	s.put(r)
	return SignIn{x.account, r.token()}, l.save(context.WithoutCancel(ctx), s)
}

// save does not look at what was there: when that cannot be read, a new sign-in is the cure.
func (l *Login) save(ctx context.Context, s state) error {
	ctx, cancel := context.WithTimeout(ctx, lockLimit)
	defer cancel()
	unlock, err := l.config.Cache.Lock(ctx)
	if err != nil {
		return &CacheError{"lock", err}
	}
	defer unlock()
	return saveState(ctx, l.config.Cache, s)
}
