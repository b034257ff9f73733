package cmd_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/o365mail/o365mail/cmd"
	"github.com/o365mail/o365mail/pkg/sandbox"
)

// A testimony is what the four witnesses of a call of send tell about its message.
type testimony struct {
	status int      // the exit status; killed after SIGKILL
	state  string   // in the JSON receipt
	logged []string // the states of its lines in the log
	stored int      // copies that the server holds
}

// killed stands for the exit status of a process that could not give one.
const killed = -1

// String is for failures.
func (w testimony) String() string {
	return fmt.Sprintf("status %d, state %q, log %q, %d stored", w.status, w.state, w.logged, w.stored)
}

// contradiction tells how the witnesses disagree; it is empty when they do not. Of the end states,
// what matters most: nothing that the server holds is ever called safe to repeat, and nothing that
// it does not hold is called accepted.
func (w testimony) contradiction() string {
	submitting := slices.Contains(w.logged, "submitting")
	last := ""
	if n := len(w.logged); n > 0 {
		last = w.logged[n-1]
	}
	want, known := map[int]string{
		0: "accepted", 75: "deferred", 130: "deferred", 143: "deferred", 76: "uncertain", killed: "",
	}[w.status]
	switch {
	case !known:
		return "a status that no end of a connection and no signal has"
	case w.stored > 1:
		return "stored twice"
	case !submitting && (w.stored > 0 || w.state == "uncertain"):
		return "no line in the log precedes the terminator"
	case w.status == killed:
		return cmp.Or(unless(w.stored == 0 || last == "submitting", "stored, and the log does not tell that it may be"),
			unless(w.state == "" && (last == "" || last == "submitting"), "an end after the end"))
	case w.state != want || last != want:
		return "status, state and log differ"
	case want == "accepted" && w.stored == 0:
		return "accepted, and the server does not hold it"
	case want == "deferred" && w.stored > 0:
		return "safe to repeat, and the server holds it"
	}
	return ""
}

func unless(ok bool, text string) string {
	if ok {
		return ""
	}
	return text
}

func TestContradiction(t *testing.T) {
	for _, w := range []testimony{
		{0, "accepted", []string{"submitting", "accepted"}, 0},
		{0, "accepted", []string{"accepted"}, 1},
		{0, "accepted", []string{"submitting", "accepted"}, 2},
		{0, "accepted", []string{"submitting"}, 1},
		{75, "deferred", []string{"submitting", "deferred"}, 1},
		{75, "deferred", []string{"deferred"}, 1},
		{75, "uncertain", []string{"submitting", "deferred"}, 0},
		{75, "refused", []string{"refused"}, 0},
		{76, "uncertain", []string{"uncertain"}, 0},
		{76, "uncertain", []string{"submitting", "deferred"}, 0},
		{76, "deferred", []string{"submitting", "uncertain"}, 0},
		{69, "refused", []string{"refused"}, 0},
		{130, "deferred", []string{"submitting", "deferred"}, 1},
		{killed, "", nil, 1},
		{killed, "", []string{"submitting", "deferred"}, 1},
		{killed, "", []string{"deferred"}, 0},
	} {
		if w.contradiction() == "" {
			t.Errorf("%v: not noticed", w)
		}
	}
	for _, w := range []testimony{
		{0, "accepted", []string{"submitting", "accepted"}, 1},
		{75, "deferred", []string{"deferred"}, 0},
		{75, "deferred", []string{"submitting", "deferred"}, 0},
		{76, "uncertain", []string{"submitting", "uncertain"}, 0},
		{76, "uncertain", []string{"submitting", "uncertain"}, 1},
		{143, "deferred", []string{"deferred"}, 0},
		{killed, "", nil, 0},
		{killed, "", []string{"submitting"}, 1},
		{killed, "", []string{"submitting"}, 0},
	} {
		if why := w.contradiction(); why != "" {
			t.Errorf("%v: %s", w, why)
		}
	}
}

// A mailer calls the program again and again, with one sandbox behind one proxy.
type mailer struct {
	t     testing.TB
	box   *sandbox.Sandbox
	proxy *cutProxy
	token string // file
	dir   string
	calls int
	ended chan struct{}       // one for each session that the server ended
	watch func(sandbox.Event) // sees every event of the server; nil is nobody
}

func newMailer(t testing.TB, faults ...string) *mailer {
	t.Helper()
	m := &mailer{t: t, dir: t.TempDir(), ended: make(chan struct{}, 64)}
	var err error
	m.box, err = sandbox.Start(t.Context(), sandbox.Config{
		Dir: filepath.Join(m.dir, "sandbox"), Faults: faults, Log: m.see,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.box.Close() })
	m.proxy = startCutProxy(t, m.box.SMTPAddr())
	token, err := m.box.UserToken(sandbox.Ada)
	if err != nil {
		t.Fatal(err)
	}
	m.token = filepath.Join(m.dir, "token")
	if err := os.WriteFile(m.token, []byte(token), 0o600); err != nil {
		t.Fatal(err)
	}
	return m
}

func (m *mailer) see(e sandbox.Event) {
	if e.Text == "end of the session" {
		m.ended <- struct{}{}
	}
	if m.watch != nil {
		m.watch(e)
	}
}

// A transfer is a way in which a message can travel.
type transfer struct {
	chunking   bool
	recipients int
}

// String is the name of a subtest.
func (x transfer) String() string {
	return fmt.Sprintf("%s to %d", map[bool]string{false: "DATA", true: "BDAT"}[x.chunking], x.recipients)
}

// transfers are those that the engine treats differently: a message for one recipient has its
// whole opening in one flight.
var transfers = []transfer{{false, 1}, {false, 3}, {true, 1}, {true, 3}}

// A call is one run of the program, with a message and a state folder of its own.
type call struct {
	args  []string
	env   map[string]string
	id    string // Message-ID
	state string // folder
}

func (m *mailer) call(x transfer) call {
	m.calls++
	c := call{
		env: m.box.Settings(), state: filepath.Join(m.dir, fmt.Sprint("state", m.calls)),
		id: fmt.Sprintf("<call-%06d@contoso.example>", m.calls),
	}
	c.env["O365MAIL_SMTP_PORT"] = m.proxy.port()
	c.env["O365MAIL_SMTP_CHUNKING"] = fmt.Sprint(x.chunking)
	c.env["XDG_STATE_HOME"] = c.state
	c.env["XDG_CONFIG_HOME"] = filepath.Join(m.dir, "config")
	c.env["HOME"] = m.dir
	c.args = []string{"o365mail", "send", "--json", "--token-file", m.token, "--message-id", c.id, "-s", "Cut"}
	for i := range x.recipients {
		c.args = append(c.args, fmt.Sprintf("to%d@contoso.example", i))
	}
	return c
}

// within runs the call inside this process and hears the witnesses when the server is done.
func (m *mailer) within(ctx context.Context, c call) (testimony, *carriage, string) {
	var stdout, stderr bytes.Buffer
	status := cmd.Main(ctx, cmd.Process{
		Args: c.args, Getenv: func(name string) string { return c.env[name] }, Environ: func() []string { return nil },
		Stdin: strings.NewReader("The text.\n.\nIts end.\n"), Stdout: &stdout, Stderr: &stderr,
		Version: "test", Now: time.Now,
	})
	carried := m.settle()
	return m.witnesses(c, status, stdout.Bytes()), carried, stderr.String()
}

// settle waits until the connection and the session on it have ended.
func (m *mailer) settle() *carriage {
	m.t.Helper()
	limit := time.After(time.Minute)
	var c *carriage
	select {
	case c = <-m.proxy.carried:
	case <-limit:
		panic("the connection did not end")
	}
	select {
	case <-m.ended:
	case <-limit:
		panic("the session did not end")
	}
	return c
}

func (m *mailer) witnesses(c call, status int, stdout []byte) testimony {
	w := testimony{status: status, logged: logged(m.t, c)}
	var receipt struct{ State string }
	if len(stdout) > 0 {
		if err := json.Unmarshal(stdout, &receipt); err != nil {
			m.t.Errorf("the receipt %q: %v", stdout, err)
		}
	}
	w.state = receipt.State
	for _, kept := range m.box.Messages() {
		if kept.MessageID == c.id {
			w.stored++
		}
	}
	return w
}

// logged are the states in the log's lines about the message of a call.
func logged(t testing.TB, c call) []string {
	data, err := os.ReadFile(filepath.Join(c.state, "o365mail", "log.jsonl"))
	if err != nil && !os.IsNotExist(err) {
		t.Error(err)
	}
	var states []string
	for line := range strings.Lines(string(data)) {
		var e struct {
			State     string `json:"state"`
			MessageID string `json:"message_id"`
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Errorf("line of the log %q: %v", line, err)
		}
		if e.MessageID == c.id {
			states = append(states, e.State)
		}
	}
	return states
}

// A point is one place of the walk.
type point struct {
	transfer
	cut
}

// TestEveryCutPoint breaks the connection behind each octet of a session, in both directions.
func TestEveryCutPoint(t *testing.T) {
	walkers := make([]*mailer, runtime.GOMAXPROCS(0)+1)
	for i := range walkers {
		walkers[i] = newMailer(t)
	}
	points := make(chan point, 1<<16)
	for _, x := range transfers {
		sendPoints(points, walkers[0], x)
	}
	close(points)
	var group sync.WaitGroup
	ends := &tally{counts: map[point]map[string]int{}}
	for _, m := range walkers {
		group.Go(func() {
			for p := range points {
				ends.add(p, m.walk(p))
			}
		})
	}
	group.Wait()
	ends.check(t)
}

// beyond is how far behind the end of the recorded session the walk goes: signatures and dates vary
// in length.
const beyond = 16

// sendPoints names the places at which a session that was recorded can be broken.
func sendPoints(points chan<- point, m *mailer, x transfer) {
	m.proxy.plan.Store(&uncut)
	w, whole, said := m.within(m.t.Context(), m.call(x))
	if w.status != 0 {
		m.t.Fatalf("%v: %v %s", x, w, said)
	}
	for _, d := range []direction{toServer, toClient} {
		m.t.Logf("%v %v: %d octets in %d records", x, d, whole.passed[d].Len(), len(boundaries(whole.passed[d].Bytes())))
		for n := range int64(whole.passed[d].Len() + beyond) {
			for _, e := range []ending{reset, halfClose} {
				points <- point{x, cut{d, n, e}}
			}
		}
	}
}

// walk breaks one session.
func (m *mailer) walk(p point) testimony {
	m.proxy.plan.Store(&p.cut)
	c := m.call(p.transfer)
	w, _, said := m.within(m.t.Context(), c)
	if why := w.contradiction(); why != "" {
		m.t.Errorf("%v, %v after %d octets %v: %s: %v\n%s", p.transfer, p.ending, p.after, p.direction, why, w, said)
	}
	os.RemoveAll(c.state)
	return w
}

// A tally counts how sessions end.
type tally struct {
	mu     sync.Mutex
	counts map[point]map[string]int // by point without its place
}

func (y *tally) add(p point, w testimony) {
	y.mu.Lock()
	defer y.mu.Unlock()
	p.after = 0
	if y.counts[p] == nil {
		y.counts[p] = map[string]int{}
	}
	y.counts[p][fmt.Sprintf("%s, %d stored", w.state, w.stored)]++
}

func (y *tally) check(t *testing.T) {
	for p, n := range y.counts {
		t.Logf("%v %v %v: %v", p.transfer, p.direction, p.ending, n)
	}
}
