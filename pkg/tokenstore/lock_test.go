package tokenstore

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"
)

func TestLockWaits(t *testing.T) {
	s := newStore(t)
	l := locked(t, s)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := s.Lock(ctx)
	if wantError[*LockError](t, err); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the deadline", err)
	}
	other := openStore(t, s.dir, "other", s.holder, false)
	locked(t, other) // of another profile
	l.Unlock()
	l.Unlock()
	locked(t, s)
}

func TestUnlockedIsRefused(t *testing.T) {
	s := newStore(t)
	l := locked(t, s)
	l.Unlock()
	_, err := l.Read(t.Context())
	for name, err := range map[string]error{
		"Read": err, "Write": l.Write(t.Context(), nil), "Replace": l.Replace(t.Context(), nil), "Remove": l.Remove(), "Purge": l.Purge(),
	} {
		if !errors.Is(err, ErrUnlocked) {
			t.Errorf("%s: got %v, want ErrUnlocked", name, err)
		}
	}
}

// TestGoroutines counts up with one Store in many goroutines, while others read.
func TestGoroutines(t *testing.T) {
	s := newStore(t)
	write(t, s, "0")
	var group sync.WaitGroup
	for range 10 {
		group.Go(func() {
			for range 5 {
				if err := count(t.Context(), s); err != nil {
					t.Error(err)
				}
			}
		})
		group.Go(func() {
			for range 50 {
				if _, err := s.Read(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	wantPayload(t, s, "50")
}

// count adds one to the number that is stored, as a renewal replaces a refresh token.
func count(ctx context.Context, s *Store) error {
	l, err := s.Lock(ctx)
	if err != nil {
		return err
	}
	defer l.Unlock()
	payload, err := l.Read(ctx)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(string(payload))
	if err != nil {
		return err
	}
	return l.Write(ctx, []byte(strconv.Itoa(n+1)))
}
