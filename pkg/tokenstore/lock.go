package tokenstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// lockPoll is the time between two attempts to get a lock.
const lockPoll = 10 * time.Millisecond

// ErrUnlocked says that a Locked was used after Unlock.
var ErrUnlocked = errors.New("the lock of the profile is not held")

// LockError is a lock that could not be had: another process held it until the context ended, or
// the file system has no locks.
type LockError struct {
	Path string
	Err  error
}

// Error names the lock file and the cause.
func (e *LockError) Error() string { return fmt.Sprintf("lock %s: %v", e.Path, e.Err) }

// Unwrap gives the cause, such as context.DeadlineExceeded.
func (e *LockError) Unwrap() error { return e.Err }

// Locked is the sealed file while no other process can change it. Its methods are for one goroutine.
type Locked struct {
	store  *Store
	folder *os.Root
	lock   *flock.Flock
}

// Lock waits until this process alone may change the file; the context bounds the wait. It excludes
// other goroutines too, the same Store's included. The operating system frees the lock when the
// process ends, however that happens; the lock file stays, empty, since removing it would let two
// processes hold it. Its errors are *LockError, *UnsafeError for the folder, and those of making it.
func (s *Store) Lock(ctx context.Context) (*Locked, error) {
	folder, err := makeFolder(s.dir)
	if err != nil {
		return nil, err
	}
	lock, err := takeLock(ctx, s.dir, escape(s.profile)+lockEnding)
	if err != nil {
		_ = folder.Close()
		return nil, err
	}
	return &Locked{s, folder, lock}, nil
}

func takeLock(ctx context.Context, dir, name string) (*flock.Flock, error) {
	path := filepath.Join(dir, name)
	lock := flock.New(path, flock.SetFlag(lockFlags), flock.SetPermissions(0o600))
	switch ok, err := lock.TryLockContext(ctx, lockPoll); {
	case ok:
		return lock, nil
	case ctx.Err() != nil:
		return nil, &LockError{path, context.Cause(ctx)}
	default:
		return nil, &LockError{path, denied(path, err)}
	}
}

// Unlock lets others in. It may be called twice.
func (l *Locked) Unlock() {
	_ = l.lock.Unlock()
	_ = l.folder.Close()
}

// Read is Store.Read under the lock.
func (l *Locked) Read(ctx context.Context) ([]byte, error) {
	payload, _, err := l.read(ctx)
	return payload, err
}

// read sets a damaged file aside, and tells which key the file is sealed with.
func (l *Locked) read(ctx context.Context) ([]byte, key, error) {
	if !l.lock.Locked() {
		return nil, key{}, ErrUnlocked
	}
	payload, k, err := l.store.readFrom(ctx, l.folder)
	if damaged, ok := errors.AsType[*DamagedError](err); ok {
		damaged.Aside, _ = l.store.setAside(l.folder, damagedMark) // the damage is the news
	}
	return payload, k, err
}
