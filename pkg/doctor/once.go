package doctor

import (
	"context"
	"sync"
)

// once is a value that is found on first use. Whoever asks first finds it; others wait for that, as
// long as their contexts last.
type once[T any] struct {
	find func(context.Context) T
	turn turn
}

// get gives the value, or the zero value when ctx ends before somebody else has found it. A panic of
// find is everybody's who asks.
func (o *once[T]) get(ctx context.Context) T {
	value, _ := o.turn.get(ctx, func(ctx context.Context) any { return o.find(ctx) }).(T)
	return value
}

// known gives the value if it has been found.
func (o *once[T]) known() (T, bool) {
	value, ok := o.turn.known().(T)
	return value, ok
}

// turn is what of once does not depend on the type.
type turn struct {
	mu    sync.Mutex
	done  chan struct{} // nil until somebody asks
	value any
	panic any
}

func (t *turn) get(ctx context.Context, find func(context.Context) any) any {
	t.mu.Lock()
	if t.done == nil {
		t.done = make(chan struct{})
		t.mu.Unlock()
		t.fill(ctx, find)
	} else {
		t.mu.Unlock()
	}
	select {
	case <-t.done:
	case <-ctx.Done():
		return nil
	}
	if t.panic != nil {
		panic(t.panic)
	}
	return t.value
}

func (t *turn) fill(ctx context.Context, find func(context.Context) any) {
	defer close(t.done)
	defer func() { t.panic = recover() }()
	t.value = find(ctx)
}

func (t *turn) known() any {
	t.mu.Lock()
	done := t.done
	t.mu.Unlock()
	select {
	case <-done: // a nil one never comes
		return t.value
	default:
		return nil
	}
}
