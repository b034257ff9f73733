package submission

import (
	"context"
	"fmt"
	"net"
	"strings"
	"time"
)

// attemptDelay is the head start of an address over the next: RFC 8305 5.
const attemptDelay = 250 * time.Millisecond

// A racer is one attempt to connect.
type racer struct {
	conn net.Conn
	err  error
}

// race connects to the first of the addresses that answers. The next one starts when the one before
// has failed or has had its head start: RFC 8305 5.
func (d *Dialer) race(ctx context.Context, addresses []string) (net.Conn, error) {
	waiting, cancelWait := d.patience(ctx, "no connection to "+strings.Join(addresses, ", "))
	defer cancelWait()
	ctx, cancel := context.WithCancel(waiting)
	defer cancel()
	finish := make(chan racer)
	head := time.NewTimer(0)
	defer head.Stop()
	var failure error
	for started, running := 0, 0; started < len(addresses) || running > 0; {
		select {
		case <-head.C:
			if started == len(addresses) {
				continue
			}
			go d.attempt(ctx, addresses[started], finish)
			started, running = started+1, running+1
			head.Reset(attemptDelay)
		case r := <-finish:
			if r.err == nil {
				return r.conn, nil
			}
			running--
			failure = joinErrors(failure, r.err)
			head.Reset(0)
		case <-ctx.Done():
			return nil, joinErrors(context.Cause(waiting), failure)
		}
	}
	return nil, failure
}

// attempt hands its connection over, or closes it when another has won.
func (d *Dialer) attempt(ctx context.Context, address string, finish chan<- racer) {
	conn, err := d.DialContext(ctx, d.Network, address)
	select {
	case finish <- racer{conn, err}:
	case <-ctx.Done():
		if err == nil {
			_ = conn.Close()
		}
	}
}

// joinErrors joins errors in one line.
func joinErrors(first, second error) error {
	switch {
	case first == nil:
		return second
	case second == nil:
		return first
	}
	return fmt.Errorf("%w; %w", first, second)
}
