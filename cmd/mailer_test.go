package cmd_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/o365mail/o365mail/cmd"
	"github.com/o365mail/o365mail/pkg/sandbox"
)

// A mailer calls the program again and again, with one sandbox behind one proxy.
type mailer struct {
	t     *testing.T
	dir   string
	box   *sandbox.Sandbox
	proxy *cutProxy
	calls int
	ended chan struct{} // one for each session that the server has ended

	mu    sync.Mutex
	watch func(sandbox.Event) // sees what the server does before the client can; nil is nobody
}

func newMailer(t *testing.T, faults ...string) *mailer {
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
	token, err := m.box.UserToken(sandbox.Ada) // whoever gets one asks Entra for none
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(m.tokenFile(), []byte(token), 0o600); err != nil {
		t.Fatal(err)
	}
	return m
}

func (m *mailer) tokenFile() string { return filepath.Join(m.dir, "token") }
func (m *mailer) logFile() string   { return filepath.Join(m.dir, "state", "o365mail", "log.jsonl") }

func (m *mailer) see(e sandbox.Event) {
	if e.Text == "end of the session" {
		m.ended <- struct{}{}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.watch != nil {
		m.watch(e)
	}
}

// on calls f before the server goes on from an event that contains text.
func (m *mailer) on(text string, f func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.watch = func(e sandbox.Event) {
		if strings.Contains(e.Text, text) {
			f()
		}
	}
}

// A transfer is a way in which a message can travel.
type transfer struct {
	chunking   bool
	recipients int
	octets     int // of the text, at least
}

// String is the name of a subtest.
func (x transfer) String() string {
	return fmt.Sprintf("%s-to-%d-of-%d", map[bool]string{false: "DATA", true: "BDAT"}[x.chunking], x.recipients, x.octets)
}

// body is the text of the message: lines, one of which a server could take for the end.
func (x transfer) body() string {
	const line = "A line of the message.\n"
	return line + ".\n" + strings.Repeat(line, x.octets/len(line))
}

// A call is one run of the program.
type call struct {
	args []string
	env  map[string]string
	body string
	id   string // Message-ID
}

func (m *mailer) call(x transfer) call {
	m.calls++
	c := call{env: m.box.Settings(), body: x.body(), id: fmt.Sprintf("<call-%06d@contoso.example>", m.calls)}
	c.env["O365MAIL_SMTP_PORT"] = m.proxy.port()
	c.env["O365MAIL_SMTP_CHUNKING"] = fmt.Sprint(x.chunking)
	c.env["XDG_STATE_HOME"] = filepath.Join(m.dir, "state")
	c.env["XDG_CONFIG_HOME"] = filepath.Join(m.dir, "config")
	c.env["HOME"] = m.dir
	c.args = []string{"o365mail", "send", "--json", "--token-file", m.tokenFile(), "--message-id", c.id, "-s", "A message"}
	for i := range x.recipients {
		c.args = append(c.args, fmt.Sprintf("to%d@contoso.example", i))
	}
	return c
}

// run calls the program inside this process, waits until the server is done, and hears the
// witnesses. What the program said is for failures.
func (m *mailer) run(c call) (w testimony, carried *carriage, said string) {
	m.t.Helper()
	var stdout, stderr bytes.Buffer
	w.status = cmd.Main(m.t.Context(), cmd.Process{
		Args: c.args, Getenv: func(name string) string { return c.env[name] }, Environ: func() []string { return nil },
		Stdin: strings.NewReader(c.body), Stdout: &stdout, Stderr: &stderr, Version: "test", Now: time.Now,
	})
	limit := time.After(time.Minute)
	select {
	case carried = <-m.proxy.carried:
	case <-limit:
		m.t.Errorf("the program ended and its connection did not: %s", &stderr)
		return w, nil, ""
	}
	select {
	case <-m.ended:
	case <-limit:
		m.t.Errorf("the connection ended and the server's session did not")
	}
	w.state = stateOf(m.t, stdout.Bytes())
	m.hear(&w, c)
	return w, carried, stderr.String()
}

// hear asks the log and the store.
func (m *mailer) hear(w *testimony, c call) {
	w.logged = logged(m.t, m.logFile(), c.id)
	for _, kept := range m.box.Messages() {
		if kept.MessageID == c.id {
			w.stored++
		}
	}
}
