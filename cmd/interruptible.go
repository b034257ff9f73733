package cmd

import (
	"context"
	"io"
)

// interruptible reads until its context ends. Nothing else can end a read of a terminal or a pipe,
// and a person who has pressed Ctrl-C does not want to press Ctrl-D too.
type interruptible struct {
	ctx    context.Context //nolint:containedctx // io.Reader's method carries none
	r      io.Reader
	buffer []byte
}

// Read gives up with the cause of the context; a read that is under way is left behind with its
// buffer, and the process is about to exit.
func (i *interruptible) Read(p []byte) (int, error) {
	type result struct {
		n   int
		err error
	}
	if i.buffer == nil {
		i.buffer = make([]byte, 64<<10)
	}
	into := i.buffer[:min(len(p), len(i.buffer))]
	done := make(chan result, 1)
	go func() {
		n, err := i.r.Read(into)
		done <- result{n, err}
	}()
	select {
	case <-i.ctx.Done():
		i.buffer = nil
		return 0, context.Cause(i.ctx)
	case got := <-done:
		return copy(p, into[:got.n]), got.err
	}
}
