package migrate

import (
	"context"
	"io"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
)

// largest is the default of Options.MaxSize.
const largest = 1 << 30

// Scan reads everything below the roots, files or folders, and judges what sends mail through
// Microsoft 365. A root that does not exist is an error; whatever else cannot be read is listed
// in the result. The same tree gives the same result.
func Scan(ctx context.Context, roots []string, o Options) (*Result, error) {
	s := newScanner(o)
	if err := s.setRoots(roots); err != nil {
		return nil, err
	}
	items := make(chan item, 256) // so that a worker need not be woken for every small file
	var workers sync.WaitGroup
	for range s.jobs() {
		workers.Go(func() {
			for it := range items {
				if ctx.Err() == nil {
					s.file(ctx, it)
				}
			}
		})
	}
	err := s.walk(ctx, items)
	close(items)
	workers.Wait()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	return s.result(), nil
}

// ScanReader judges one text, for input that is no file: name is what its kind is told by.
func ScanReader(ctx context.Context, name string, r io.Reader, o Options) (*Result, error) {
	s := newScanner(o)
	err := s.stream(ctx, &source{path: name, name: filepath.ToSlash(name), place: filepath.Base(name)}, r)
	if err != nil {
		return nil, err
	}
	return s.result(), ctx.Err()
}

// scanner is one scan. Its workers meet in the three lists and the counters only.
type scanner struct {
	o     Options
	roots []root

	mu       sync.Mutex
	findings []Finding
	unread   []Unread
	allowed  int

	files, bytes atomic.Int64
	buffers      sync.Pool
}

func newScanner(o Options) *scanner {
	if o.MaxSize <= 0 {
		o.MaxSize = largest
	}
	s := &scanner{o: o}
	s.buffers.New = func() any { b := make([]byte, windowSize); return &b }
	return s
}

// jobs is bounded, for each worker holds a window of text or two.
func (s *scanner) jobs() int {
	if s.o.Jobs > 0 {
		return min(s.o.Jobs, 64)
	}
	return min(runtime.GOMAXPROCS(0), 8)
}

func (s *scanner) add(found []Finding, allowed int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.findings = append(s.findings, found...)
	s.allowed += allowed
}

func (s *scanner) skip(path, why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unread = append(s.unread, Unread{Path: path, Why: why})
}

// count tells the progress now and then.
func (s *scanner) count(bytes int64) {
	files := s.files.Add(1)
	total := s.bytes.Add(bytes)
	if s.o.Progress != nil && files%64 == 1 {
		s.o.Progress(files, total)
	}
}

// result puts what the workers found in order and takes out what two of them found.
func (s *scanner) result() *Result {
	r := Join(&Result{Findings: s.findings, Unread: s.unread})
	r.Findings = withoutRepeats(r.Findings)
	r.count()
	r.Summary.Files, r.Summary.Bytes = int(s.files.Load()), s.bytes.Load()
	r.Summary.Allowed, r.Summary.Unread = s.allowed, len(r.Unread)
	return &r
}

// withoutRepeats drops a finding that was also made from another file: a map that its main file
// names, a window that overlaps another.
func withoutRepeats(all []Finding) []Finding {
	kept := all[:0]
	for i, f := range all {
		if i > 0 && len(kept) > 0 {
			if last := kept[len(kept)-1]; last.Path == f.Path && last.Line == f.Line && last.Rule == f.Rule && last.Mailbox == f.Mailbox {
				continue
			}
		}
		kept = append(kept, f)
	}
	return kept
}
