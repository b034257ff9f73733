package submission

import (
	"bufio"
	"context"
	"net"
	"sync"
	"time"
)

const (
	// writeSize bounds one write, so that the deadline of each bounds how long the server may
	// stop reading.
	writeSize = 64 << 10
	// lastWords is how long a server that broke off a write may take to say why.
	lastWords = time.Second
)

// A link carries the conversation: replies in, octets out, each with a deadline. One goroutine may read
// while another writes.
type link struct {
	raw     net.Conn // closed to interrupt everything
	conn    net.Conn // raw, or TLS over it
	reader  *bufio.Reader
	timeout time.Duration // of each write
	masks   secrets

	readErr  error // of the first read that failed; none is tried after it
	writeErr error

	mu     sync.Mutex
	wait   time.Duration // for the reply being read, 0 if none is
	least  time.Duration // bounds wait from below
	cause  error         // why it was ended
	closed bool
}

func newLink(conn net.Conn, timeout time.Duration) *link {
	l := &link{raw: conn, timeout: timeout}
	l.use(conn)
	return l
}

// use goes on over conn. What had been read ahead is forgotten.
func (l *link) use(conn net.Conn) {
	l.conn = conn
	l.reader = bufio.NewReaderSize(conn, maxReplyLine)
}

// bind makes the end of ctx the end of the connection, until release.
func (l *link) bind(ctx context.Context) (release func() bool) {
	return context.AfterFunc(ctx, func() { l.end(context.Cause(ctx)) })
}

// end closes the connection for a cause, which explains what fails from now on.
func (l *link) end(cause error) {
	l.mu.Lock()
	if l.cause == nil {
		l.cause = cause
	}
	l.mu.Unlock()
	l.close()
}

// close ends the connection at once, without ceremony: what is being written may never be read.
func (l *link) close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	_ = l.raw.Close()
}

func (l *link) dead() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closed
}

// explain finds the first cause of a failure: the end of the context makes reads and writes fail,
// and a failed write makes reads fail.
func (l *link) explain(err error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.cause != nil:
		return l.cause
	case l.writeErr != nil:
		return l.writeErr
	}
	return err
}

// readReply waits for the whole of a reply. A write that makes progress meanwhile starts the wait
// anew, since the server cannot answer to what it has not got.
func (l *link) readReply(wait time.Duration) (Reply, error) {
	if l.readErr != nil {
		return Reply{}, l.readErr
	}
	l.await(wait)
	defer l.await(0)
	var reply Reply
	reply, l.readErr = readReply(l.reader, &l.masks)
	return reply, l.readErr
}

func (l *link) await(wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wait = wait
	switch {
	case wait > 0 && l.writeErr != nil:
		l.wait = min(wait, lastWords)
	case wait > 0:
		l.wait = max(wait, l.least)
	}
	l.rearm()
}

// waitAtLeast makes the replies that are outstanding worth a longer wait: behind a whole message they
// cannot come before all of it has arrived.
func (l *link) waitAtLeast(wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.least = wait
	if l.wait > 0 {
		l.wait = max(l.wait, wait)
	}
	l.rearm()
}

// rearm starts the wait for a reply anew, with mu held.
func (l *link) rearm() {
	if l.wait > 0 {
		_ = l.conn.SetReadDeadline(time.Now().Add(l.wait)) // fails on a closed connection, as the read will
	}
}

// write sends p. After a failure the server gets a moment to have its last words read.
func (l *link) write(p []byte) error {
	for len(p) > 0 && l.writeErr == nil {
		n := min(len(p), writeSize)
		_ = l.conn.SetWriteDeadline(time.Now().Add(l.timeout)) // fails on a closed connection, as the write will
		if _, err := l.conn.Write(p[:n]); err != nil {
			l.broken(err)
			break
		}
		p = p[n:]
		l.progress()
	}
	return l.writeErr
}

func (l *link) progress() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rearm()
}

func (l *link) broken(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.writeErr, l.least = err, 0
	l.wait = min(l.wait, lastWords)
	l.rearm()
}
