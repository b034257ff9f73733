package submission

import (
	"context"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
)

// lines is content of a number of octets, made while it is written.
type lines struct {
	octets int
	watch  func()
}

func (l lines) WriteTo(w io.Writer) (int64, error) {
	piece := []byte(strings.Repeat(strings.Repeat("QUJD", 19)+"\r\n", 400))
	written := int64(0)
	for written < int64(l.octets) {
		n, err := w.Write(piece)
		written += int64(n)
		if err != nil {
			return written, err
		}
		l.watch()
	}
	return written, nil
}

// TestMemoryIsFlat watches the heap while a large message goes out.
func TestMemoryIsFlat(t *testing.T) {
	const limit = 16 << 20
	for _, chunks := range []bool{false, true} {
		stored := false
		d := served(t, nil)
		d.Chunking = chunks
		d.DialContext = func(context.Context, string, string) (net.Conn, error) {
			client, server := memoryLink(0, writeSize)
			go storing(t, &stored)(server)
			return client, nil
		}
		s := mustOpen(t, d)
		runtime.GC()
		var peak uint64
		watch := func() {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
		}
		if _, err := s.Submit(t.Context(), toBob().Envelope, lines{64 << 20, watch}); err != nil {
			t.Error(err)
		}
		s.Close()
		if peak > limit {
			t.Errorf("chunks %v: the heap grew to %d octets, want at most %d", chunks, peak, limit)
		}
	}
}

// TestOverTCP uses nothing but defaults, on a real connection.
func TestOverTCP(t *testing.T) {
	s := openOnLoopback(t, false)
	receipt, err := s.Submit(t.Context(), toBob().Envelope, lines{1 << 20, func() {}})
	if err != nil || receipt.State != Accepted || receipt.Bytes < 1<<20 {
		t.Errorf("got %v, %v, want it accepted", receipt, err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

// BenchmarkLargeMessage sends 25 MB over TLS on loopback, to a server in the same process.
func BenchmarkLargeMessage(b *testing.B) {
	const size = 25 << 20
	for name, chunks := range map[string]bool{"DATA": false, "BDAT": true} {
		b.Run(name, func(b *testing.B) {
			s := openOnLoopback(b, chunks)
			defer s.Close()
			b.SetBytes(size)
			for b.Loop() {
				if _, err := s.Submit(b.Context(), toBob().Envelope, lines{size, func() {}}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func openOnLoopback(tb testing.TB, chunks bool) *Session {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer listener.Close()
	stored := false
	go func() {
		if conn, err := listener.Accept(); err == nil {
			storing(tb, &stored)(conn)
		}
	}()
	port := listener.Addr().(*net.TCPAddr).Port
	d := &Dialer{Host: "127.0.0.1", Port: port, RootCAs: serverIdentity().roots, Chunking: chunks}
	s, err := d.Open(tb.Context(), ada(shortToken))
	if err != nil {
		tb.Fatal(err)
	}
	return s
}
