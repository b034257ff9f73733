package entra

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// memoryCache is a cache of this process that can be told to fail.
type memoryCache struct {
	mu               sync.Mutex
	data             []byte
	loads, saves     int
	locks            int
	loadErr, saveErr error
	lockErr          error
	arrives          []byte // saved by another process before the load of that number
	arrivesAt        int
	savedWith        error // the context's error at the last save
	turn             chan struct{}
}

func newMemoryCache() *memoryCache { return &memoryCache{turn: make(chan struct{}, 1)} }

func (c *memoryCache) Load(context.Context) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.loads++; c.loads == c.arrivesAt {
		c.data = c.arrives
	}
	return c.data, c.loadErr
}

func (c *memoryCache) Save(ctx context.Context, data []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.saves++
	c.savedWith = ctx.Err()
	if c.saveErr != nil {
		return c.saveErr
	}
	c.data = data
	return nil
}

func (c *memoryCache) Lock(ctx context.Context) (func(), error) {
	c.mu.Lock()
	c.locks++
	err := c.lockErr
	c.mu.Unlock()
	if err != nil {
		return nil, err
	}
	select {
	case c.turn <- struct{}{}:
		return func() { <-c.turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// fileCache is shared by processes, as the real one is.
type fileCache string

func (c fileCache) path() string { return filepath.Join(string(c), "state") }

func (c fileCache) Load(context.Context) ([]byte, error) {
	data, err := os.ReadFile(c.path())
	if os.IsNotExist(err) {
		return nil, nil
	}
	return data, err
}

func (c fileCache) Save(_ context.Context, data []byte) error {
	f, err := os.CreateTemp(string(c), "new")
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), c.path())
}

func (c fileCache) Lock(ctx context.Context) (func(), error) {
	l := flock.New(c.path() + ".lock")
	if _, err := l.TryLockContext(ctx, 5*time.Millisecond); err != nil {
		return nil, err
	}
	return func() { _ = l.Unlock() }, nil
}
