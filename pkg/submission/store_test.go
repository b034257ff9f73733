package submission

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// storing is an honest server: it says what it does, and *stored tells what it did.
func storing(tb testing.TB, stored *bool) func(net.Conn) {
	tb.Helper()
	return func(conn net.Conn) {
		defer conn.Close()
		s := &script{t: tb, conn: conn, tls: serverTLS()}
		s.reader = bufio.NewReader(conn)
		_, _ = io.WriteString(s.conn, "220 mail.test\r\n")
		for {
			line, err := s.reader.ReadString('\n')
			if err != nil {
				return
			}
			if !storingReply(s, strings.ToUpper(line), stored) {
				return
			}
		}
	}
}

func storingReply(s *script, line string, stored *bool) bool {
	reply := "250 ok\r\n"
	var size int64
	switch _, _ = fmt.Sscanf(line, "BDAT %d", &size); {
	case strings.HasPrefix(line, "EHLO"):
		reply = "250-mail.test\r\n250-PIPELINING\r\n250-CHUNKING\r\n250-STARTTLS\r\n250 AUTH XOAUTH2\r\n"
	case strings.HasPrefix(line, "STARTTLS"):
		_, _ = io.WriteString(s.conn, "220 go\r\n")
		conn := tls.Server(s.conn, s.tls)
		s.conn, s.reader = conn, bufio.NewReader(conn)
		return conn.Handshake() == nil
	case strings.HasPrefix(line, "AUTH"):
		reply = "235 ok\r\n"
	case strings.HasPrefix(line, "DATA"):
		_, _ = io.WriteString(s.conn, "354 go\r\n")
		for text := ""; text != ".\r\n"; {
			var err error
			if text, err = s.reader.ReadString('\n'); err != nil {
				return false
			}
		}
		*stored = true
	case strings.HasPrefix(line, "BDAT"):
		if _, err := io.CopyN(io.Discard, s.reader, size); err != nil {
			return false
		}
		*stored = *stored || strings.Contains(line, "LAST")
	case strings.HasPrefix(line, "QUIT"):
		return false
	}
	_, err := io.WriteString(s.conn, reply)
	return err == nil
}

// cutting ends a connection once a number of octets has gone through it in one direction.
type cutting struct {
	*memoryConn
	armed *bool
	left  *int
	up    bool
}

func (c *cutting) Write(p []byte) (int, error) {
	if !*c.armed || !c.up {
		return c.memoryConn.Write(p)
	}
	n := min(len(p), *c.left)
	*c.left -= n
	if n < len(p) {
		_, _ = c.memoryConn.Write(p[:n])
		_ = c.Close()
		return n, net.ErrClosed
	}
	return c.memoryConn.Write(p)
}

func (c *cutting) Read(p []byte) (int, error) {
	if *c.armed && !c.up {
		if *c.left == 0 {
			_ = c.Close()
			return 0, io.EOF
		}
		p = p[:min(len(p), *c.left)]
	}
	n, err := c.memoryConn.Read(p)
	if *c.armed && !c.up {
		*c.left -= n
	}
	return n, err
}

// TestCutEverywhere cuts the connection after every octet of a submission in either direction. What is
// claimed must agree with what the server did: nothing stored may be called deferred or refused, and
// nothing lost may be called accepted; uncertain is allowed only once the end had begun.
func TestCutEverywhere(t *testing.T) {
	for _, chunks := range []bool{false, true} {
		for _, up := range []bool{false, true} {
			for octets := 0; ; octets++ {
				if state := cutAfter(t, octets, up, chunks); state == Accepted {
					break
				}
				if octets > 4000 {
					t.Fatal("the submission has no end")
				}
			}
		}
	}
}

func cutAfter(t *testing.T, octets int, up, chunks bool) (state State) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		stored, hooked, armed := false, false, false
		d := scripted(t)
		d.Chunking = chunks
		d.Trace = &Trace{BeforeTerminator: func() error {
			hooked = true
			return nil
		}}
		d.DialContext = func(_ context.Context, _, _ string) (net.Conn, error) {
			client, server := memoryLink(0, 0)
			go storing(t, &stored)(server)
			return &cutting{client, &armed, &octets, up}, nil
		}
		s := mustOpen(t, d)
		armed = true
		before := octets
		receipt, err := s.Submit(t.Context(), toBob().Envelope, smallMessage)
		armed = false
		s.Close()
		synctest.Wait()
		state = receipt.State
		switch {
		case state == Accepted && (!stored || err != nil),
			state == Deferred && stored,
			state == Refused,
			state == Uncertain && !hooked:
			t.Errorf("cut after %d octets (up: %v, chunks: %v): %s, stored: %v, hook called: %v: %v", before, up, chunks, state, stored, hooked, err)
		}
	})
	return state
}

// TestTranscript is all that a trace shows.
func TestTranscript(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got strings.Builder
		d := scripted(t, session("PIPELINING")+opening1+"S: 250-2.1.0 a\nS: 250 2.1.0 b\nS: 250 ok\nS: 354 go\n"+smallOnWire+"SLEEP 1s\nS: 250 done\n")
		d.Trace = &Trace{Line: func(direction byte, text string) { fmt.Fprintf(&got, "%c %s\n", direction, text) }}
		s := mustOpen(t, d)
		if _, err := s.Submit(t.Context(), toBob().Envelope, smallMessage); err != nil {
			t.Fatal(err)
		}
		s.Close()
		want := `< 220 mail.test ESMTP
> EHLO client.test
< 250-mail.test
< 250-PIPELINING
< 250 STARTTLS
> STARTTLS
< 220 2.0.0 go on
> EHLO client.test
< 250-mail.test
< 250-PIPELINING
< 250-ENHANCEDSTATUSCODES
< 250 AUTH LOGIN XOAUTH2
> AUTH XOAUTH2 REDACTED
< 235 2.7.0 Authentication successful
> MAIL FROM:<ada@contoso.example>
> RCPT TO:<bob@contoso.example>
> DATA
< 250-2.1.0 a
< 250 2.1.0 b
< 250 ok
< 354 go
> [30 octets of content]
> .
< 250 done
> QUIT
`
		if got.String() != want {
			t.Errorf("got\n%s\nwant\n%s", got.String(), want)
		}
	})
}

// BenchmarkSubmitEach sends 200 messages over one session at a round trip of 20 ms, in real time.
func BenchmarkSubmitEach(b *testing.B) {
	const n = 200
	for name, chunks := range map[string]bool{"DATA": false, "BDAT": true} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				took := submitMany(b, n, chunks)
				b.ReportMetric(took.Seconds(), "s/200")
				b.ReportMetric(float64(took)/float64(rtt)/n, "trips/message")
			}
		})
	}
}

func submitMany(b *testing.B, n int, chunks bool) time.Duration {
	b.Helper()
	stored := false
	d := &Dialer{Host: serverAddress, RootCAs: serverIdentity().roots, LocalName: "client.test", Chunking: chunks}
	d.DialContext = func(context.Context, string, string) (net.Conn, error) {
		client, server := memoryLink(rtt/2, 0)
		go storing(b, &stored)(server)
		return client, nil
	}
	s, err := d.Open(b.Context(), ada(shortToken))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	start := time.Now()
	for _, err := range s.SubmitEach(b.Context(), repeat(n, toBob())) {
		if err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(start)
}
