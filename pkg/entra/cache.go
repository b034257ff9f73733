package entra

import (
	"context"
	"errors"
	"fmt"
)

// Cache keeps the secrets of one profile between processes. What it keeps is opaque to it and must
// be sealed by it: there are tokens inside.
type Cache interface {
	// Load gives what was saved last, and nothing if nothing was. It takes no lock: Save must be
	// atomic for it.
	Load(ctx context.Context) ([]byte, error)
	// Save replaces everything. It is called with the lock held, if it could be had.
	Save(ctx context.Context, data []byte) error
	// Lock waits for every other process that renews the same profile.
	Lock(ctx context.Context) (unlock func(), err error)
}

// maxCache bounds what is taken over from a cache, in bytes.
const maxCache = 4 << 20

// ErrNotSignedIn says that the cache holds no sign-in of a person for this issuer and client id.
var ErrNotSignedIn = errors.New("nobody is signed in")

// CacheError is a cache that did not do what it was asked. Err is the cache's own error.
type CacheError struct {
	Op  string // load, decode, lock or save
	Err error
}

// Error names the operation and the cause.
func (e *CacheError) Error() string { return fmt.Sprintf("token cache: %s: %v", e.Op, e.Err) }

// Unwrap gives the cause.
func (e *CacheError) Unwrap() error { return e.Err }
