package cmd_test

import (
	"bufio"
	"io"
	"runtime"
	"strings"
	"testing"
)

// TestSignalAfterStore ends the process when the server holds the message and its reply is under
// way: to repeat the call would double the message.
func TestSignalAfterStore(t *testing.T) {
	needSignals(t)
	for _, x := range []transfer{{recipients: 1}, {chunking: true, recipients: 1}} {
		m := newMailer(t)
		for _, s := range signals {
			w := m.interrupt(m.call(x), s.Signal, "kept as", func() {
				m.proxy.current.Load().breakAfterRecords(0, silence)
			})
			want := 76
			if s.status == killed {
				want = killed
			}
			if why := w.contradiction(); why != "" || w.status != want || w.stored != 1 {
				t.Errorf("%v, %v: %v %s; want status %d and 1 stored", x, s.Signal, w, why, want)
			}
		}
	}
}

// TestSignalWhileReading ends the process while it waits for the rest of its input.
func TestSignalWhileReading(t *testing.T) {
	needSignals(t)
	m := newMailer(t)
	for _, s := range signals {
		c := m.call(transfer{recipients: 1})
		p := m.command(c)
		p.begin(t, strings.Repeat("text\n", 200<<10)) // more than a pipe holds: it is being read
		p.Process.Signal(s.Signal)
		if w := m.end(c, p); w.status != s.status || len(w.logged) != 0 || w.stored != 0 {
			t.Errorf("%v: %v, want status %d and nothing else: %s", s.Signal, w, s.status, p.stderr.String())
		}
	}
}

// TestSignalInPause ends the process between two attempts.
func TestSignalInPause(t *testing.T) {
	needSignals(t)
	m := newMailer(t, "net.reset-mail")
	for _, s := range signals {
		c := m.call(transfer{recipients: 1})
		c.args = append(c.args, "--retry-for", "24h")
		p := m.command(c)
		p.Stderr = nil
		stderr, err := p.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		p.begin(t, c.body)
		p.stdin.Close()
		for talk := bufio.NewScanner(stderr); talk.Scan() && !strings.Contains(talk.Text(), "trying again"); {
		}
		p.Process.Signal(s.Signal)
		io.Copy(io.Discard, stderr)
		w := m.end(c, p)
		if w.status != s.status || w.last() != "deferred" || w.stored != 0 {
			t.Errorf("%v: %v, want status %d after a deferred attempt", s.Signal, w, s.status)
		}
	}
}

// TestServerLeavesAfterAcceptance loses the connection right behind the reply that accepts. The
// message is the server's, and how the session ends changes nothing.
func TestServerLeavesAfterAcceptance(t *testing.T) {
	for _, x := range []transfer{{recipients: 1}, {chunking: true, recipients: 1}} {
		m := newMailer(t)
		for _, e := range []ending{reset, halfClose, silence} {
			if e == reset && runtime.GOOS != "linux" {
				continue // elsewhere RST takes away what has arrived and was not read yet
			}
			m.on("kept as", func() { m.proxy.current.Load().breakAfterRecords(1, e) })
			w, _, said := m.run(m.call(x))
			if why := w.contradiction(); why != "" || w.status != 0 {
				t.Errorf("%v, %v behind the last reply: %v %s; want status 0: %s", x, e, w, why, said)
			}
		}
	}
}

// TestServerIgnoresQuit would last as long as the server is silent, an hour, if the program waited
// for its answer.
func TestServerIgnoresQuit(t *testing.T) {
	m := newMailer(t, "smtp.no-quit-reply")
	asked := make(chan struct{}, 1)
	m.on("fault smtp.no-quit-reply", func() { asked <- struct{}{} })
	c := m.call(transfer{recipients: 1})
	c.args = append(c.args, "--timeout", "1h")
	w, _, said := m.run(c)
	if why := w.contradiction(); why != "" || w.status != 0 {
		t.Errorf("%v %s; want status 0: %s", w, why, said)
	}
	select {
	case <-asked:
	default:
		t.Error("the server got no QUIT")
	}
}
