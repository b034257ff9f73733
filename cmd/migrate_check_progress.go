package cmd

import (
	"fmt"
	"sync"
	"time"
)

// progressEvery is how often the line on a terminal changes.
const progressEvery = 100 * time.Millisecond

// scanProgress is one line on a terminal that is written over; elsewhere nothing.
type scanProgress struct {
	talk talk
	now  func() time.Time
	on   bool

	mu    sync.Mutex
	last  time.Time
	shown bool
}

func (m *migration) newProgress() *scanProgress {
	return &scanProgress{talk: m.talk, now: m.Now, on: isTerminal(m.Stderr) && !m.talk.quiet, last: m.Now()}
}

// show may be called from any goroutine.
func (p *scanProgress) show(files, bytes int64) {
	if !p.on {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := p.now(); now.Sub(p.last) >= progressEvery {
		p.last, p.shown = now, true
		_, _ = fmt.Fprintf(p.talk.stderr, "\r\x1b[Ksearched %d files, %d MB", files, bytes>>20)
	}
}

// end takes the line away.
func (p *scanProgress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		_, _ = fmt.Fprint(p.talk.stderr, "\r\x1b[K")
	}
}
