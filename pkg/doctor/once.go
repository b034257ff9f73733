package doctor

import (
	"context"
	"sync"
)

// once is a value that is found on first use. Whoever asks first finds it; others wait for that, as
// long as their contexts last.
type once[T any] struct {
	find func(context.Context) T

	mu    sync.Mutex
	done  chan struct{} // nil until somebody asks
	value T
	panic any
}

// get gives the value, or the zero value when ctx ends before somebody else has found it. A panic of
// find is everybody's who asks.
func (o *once[T]) get(ctx context.Context) T {
	o.mu.Lock()
	if o.done == nil {
		o.done = make(chan struct{})
		o.mu.Unlock()
		o.fill(ctx)
	} else {
		o.mu.Unlock()
	}
	select {
	case <-o.done:
	case <-ctx.Done():
		var none T
		return none
	}
	if o.panic != nil {
		panic(o.panic)
	}
	return o.value
}

func (o *once[T]) fill(ctx context.Context) {
	defer close(o.done)
	defer func() { o.panic = recover() }()
	o.value = o.find(ctx)
}

// known gives the value if it has been found.
func (o *once[T]) known() (T, bool) {
	o.mu.Lock()
	done := o.done
	o.mu.Unlock()
	var none T
	if done == nil {
		return none, false
	}
	select {
	case <-done:
		return o.value, o.panic == nil
	default:
		return none, false
	}
}
