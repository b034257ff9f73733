package entra

import (
	"context"
	"errors"
	"net/url"
)

// Browser signs in with a browser on this machine: open is called with the address, in a goroutine
// of its own since some browsers keep their caller waiting; its error ends the sign-in, as does
// ctx. Its context is ctx itself: the browser must live to show the last page. Its errors are those
// of DeviceCode.
func (l *Login) Browser(ctx context.Context, open func(ctx context.Context, address string) error) (SignIn, error) {
	b, err := listen(ctx)
	if err != nil {
		return SignIn{}, &SignInError{StepAuthorize, err}
	}
	r := l.authorization(b.redirect(), modeForm)
	b.serve(r)
	query, err := b.await(ctx, open)
	closed := make(chan struct{})
	go func() { defer close(closed); b.close() }() // while the code is redeemed
	defer func() { <-closed }()
	if err != nil {
		return SignIn{}, &SignInError{StepAuthorize, err}
	}
	code, err := r.code(query)
	if err != nil {
		return SignIn{}, err
	}
	return l.redeem(ctx, r, code)
}

func (b *loopback) await(ctx context.Context, open func(context.Context, string) error) (url.Values, error) {
	opening, failed := ctx, make(chan error, 1)
	go func() {
		if err := open(opening, b.request.address); err != nil {
			failed <- err
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, signInLimit)
	defer cancel()
	select {
	case query := <-b.answer:
		return query, nil
	case err := <-failed:
		return nil, err
	case <-ctx.Done():
		return nil, overdue(ctx)
	}
}

// overdue calls every deadline by its meaning for the person, the caller's as well.
func overdue(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return ErrNobodySignedIn
	}
	return ctx.Err()
}
