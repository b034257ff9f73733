package submission

import "time"

// A flight reads the replies to commands that are written without waiting for them. It reads while
// they are written: a server that is not read from may stop reading, and both would wait for ever.
type flight struct {
	link    *link
	trace   *Trace
	waits   chan time.Duration // one for each reply to come
	answers chan answer
	pending int
}

type answer struct {
	reply Reply
	err   error
}

// launch starts a flight of at most capacity replies outstanding at a time.
func (l *link) launch(capacity int, trace *Trace) *flight {
	f := &flight{
		link: l, trace: trace,
		waits: make(chan time.Duration, capacity), answers: make(chan answer, capacity),
	}
	go f.read()
	return f
}

func (f *flight) read() {
	defer close(f.answers)
	for wait := range f.waits {
		reply, err := f.link.readReply(wait)
		f.answers <- answer{reply, err}
	}
}

// expect announces a reply. It is called before the command is written.
func (f *flight) expect(wait time.Duration) {
	f.pending++
	f.waits <- wait
}

// receive gives the next reply.
func (f *flight) receive() (Reply, error) {
	f.pending--
	a := <-f.answers
	if a.err == nil {
		f.trace.reply(a.reply)
	}
	return a.reply, a.err
}

// arrived tells whether receive would return at once.
func (f *flight) arrived() bool { return len(f.answers) > 0 }

// land ends the flight. The connection cannot be used for anything else while replies are
// outstanding, so that it is closed then.
func (f *flight) land() {
	close(f.waits)
	if f.pending > 0 {
		f.link.close()
	}
	for range f.answers { // waits for the reader to end
	}
}
