package doctor

import (
	"context"
	"errors"

	"github.com/o365mail/o365mail/pkg/tokenstore"
)

// storeless is the answer where nothing is kept.
func storeless() *Finding {
	return skip("nothing is kept for this set-up: token or credential are given with each call")
}

// storeKey asks the holder for the key; none is made.
func (x *examination) storeKey(ctx context.Context) *Finding {
	if x.Store == nil {
		return storeless()
	}
	holder := fact("holder", x.Store.Holder().String())
	id, err := x.Store.CheckKey(ctx)
	if err == nil {
		return seen("", holder, fact("key_id", id.String()))
	}
	if key, ok := errors.AsType[*tokenstore.KeyError](err); ok && key.Reason == tokenstore.KeyAbsent && errors.Is(x.Store.Check(ctx), tokenstore.ErrNoTokens) {
		return x.fail("store.missing", "there is neither a key nor a stored sign-in", holder)
	}
	return x.storeFailure(err, holder)
}

// storePermissions and storeOpen share one look, which leaves a damaged file where it is.
func (x *examination) storePermissions(ctx context.Context) *Finding {
	if x.Store == nil {
		return storeless()
	}
	path := fact("file", x.Store.Path())
	err := x.Store.Check(ctx)
	unsafe, ok := errors.AsType[*tokenstore.UnsafeError](err)
	if !ok || errors.As(err, new(*tokenstore.KeyError)) { // the key is another check's
		return seen("", path)
	}
	return x.storeFailure(unsafe, path)
}

func (x *examination) storeOpen(ctx context.Context) *Finding {
	if x.Store == nil {
		return storeless()
	}
	path := fact("file", x.Store.Path())
	if err := x.Store.Check(ctx); err != nil {
		return x.storeFailure(err, path)
	}
	return seen("", path)
}

func storeCode(err error) string {
	if key, ok := errors.AsType[*tokenstore.KeyError](err); ok {
		return keyCode(key)
	}
	switch {
	case errors.Is(err, tokenstore.ErrNoTokens):
		return "store.missing"
	case errors.As(err, new(*tokenstore.DamagedError)):
		return "store.damaged"
	case errors.As(err, new(*tokenstore.OtherKeyError)):
		return "store.other-key"
	case errors.As(err, new(*tokenstore.VersionError)):
		return "store.version"
	case errors.As(err, new(*tokenstore.UnsafeError)):
		return "store.unsafe"
	case errors.As(err, new(*tokenstore.LockError)):
		return "store.locked"
	}
	return "store.unreadable"
}

func keyCode(e *tokenstore.KeyError) string {
	if e.Reason == tokenstore.KeyUnsafe {
		return "store.unsafe"
	}
	return "store.key"
}

// cron judges by what holds the key, or proves it when that was asked.
func (x *examination) cron(ctx context.Context) *Finding {
	if x.Silent != nil {
		if err := x.Silent(ctx); err != nil {
			return x.fail("cron.unreachable", err.Error())
		}
		return seen("proved: a token was had in cron's environment")
	}
	switch {
	case x.Tokens.Given:
		return skip("the token was given to this call; --as-cron proves what a job gets")
	case x.Store == nil:
		return skip("the credential is in the environment of this call; --as-cron proves what a job gets")
	case x.Store.Holder().Kind == tokenstore.KeyFile:
		return seen("the key is in a file, which a job of the same user can read")
	case x.Store.Holder().Kind == tokenstore.Keychain:
		return skip("the keychain answers a job only while its user is logged in; --as-cron proves what it gets now")
	}
	return skip("the job has to be given the key as this call was; --as-cron proves it")
}
