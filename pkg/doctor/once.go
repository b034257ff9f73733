package doctor

import (
	"context"
	"sync"
)

// once is a value that is found on first use. Whoever asks first finds it; others wait for that, as
// long as their contexts last.
type once[T any] struct {
	find func(context.Context) T
	none T // stands for it while it has not been found
	slot slot
}

// get gives the value, or none when ctx ends before somebody else has found it. A panic of
// find is everybody's who asks.
func (o *once[T]) get(ctx context.Context) T {
	if value, ok := o.slot.get(ctx, func(ctx context.Context) any { return o.find(ctx) }).(T); ok {
		return value
	}
	return o.none
}

// known gives the value if it has been found.
func (o *once[T]) known() (T, bool) {
	value, ok := o.slot.known().(T)
	return value, ok
}

// slot is what of once does not depend on the type.
type slot struct {
	mu    sync.Mutex
	done  chan struct{} // nil until somebody asks
	value any
	panic any
}

func (s *slot) get(ctx context.Context, find func(context.Context) any) any {
	s.mu.Lock()
	if s.done == nil {
		s.done = make(chan struct{})
		s.mu.Unlock()
		s.fill(ctx, find)
	} else {
		s.mu.Unlock()
	}
	select {
	case <-s.done:
	case <-ctx.Done():
		if s.known() == nil { // both may be so
			return nil
		}
	}
	if s.panic != nil {
		panic(s.panic)
	}
	return s.value
}

func (s *slot) fill(ctx context.Context, find func(context.Context) any) {
	defer close(s.done)
	defer func() { s.panic = recover() }()
	s.value = find(ctx)
}

func (s *slot) known() any {
	s.mu.Lock()
	done := s.done
	s.mu.Unlock()
	select {
	case <-done: // a nil one never comes
		return s.value
	default:
		return nil
	}
}
