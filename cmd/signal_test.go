package cmd_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/o365mail/o365mail/pkg/sandbox"
)

// signals are those that end a process, with the statuses that tell the shell so.
var signals = []struct {
	syscall.Signal
	status int
}{
	{syscall.SIGINT, 130},
	{syscall.SIGTERM, 143},
	{syscall.SIGKILL, killed},
}

func needSignals(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("a process of Windows gets no signals")
	}
}

// A process is the real program, started as a shell would.
type process struct {
	*exec.Cmd
	stdin          io.WriteCloser
	stdout, stderr bytes.Buffer
}

// command makes a call ready to run; it ends with the test at the latest.
func (m *mailer) command(c call) *process {
	m.t.Helper()
	p := &process{Cmd: exec.CommandContext(m.t.Context(), c.args[0], c.args[1:]...)}
	p.Env = []string{"TMPDIR=" + m.dir}
	for name, value := range c.env {
		p.Env = append(p.Env, name+"="+value)
	}
	p.Stdout, p.Stderr = &p.stdout, &p.stderr
	var err error
	if p.stdin, err = p.StdinPipe(); err != nil {
		m.t.Fatal(err)
	}
	return p
}

// begin starts the process and gives it the first part of its input.
func (p *process) begin(t *testing.T, input string) {
	t.Helper()
	err := p.Start()
	if err == nil {
		_, err = io.WriteString(p.stdin, input)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// end waits for the end of the process, and asks the log and the store.
func (m *mailer) end(c call, p *process) testimony {
	m.t.Helper()
	stuck := time.AfterFunc(time.Minute, func() { p.Process.Signal(syscall.SIGABRT) })
	defer stuck.Stop()
	var exit *exec.ExitError
	if err := p.Wait(); err != nil && !errors.As(err, &exit) {
		m.t.Fatal(err)
	}
	w := testimony{status: p.ProcessState.ExitCode(), state: stateOf(m.t, p.stdout.Bytes())}
	if status, ok := p.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() && status.Signal() != syscall.SIGKILL {
		m.t.Errorf("ended by signal %v", status.Signal())
	}
	m.hear(&w, c)
	return w
}

// A place of a session at which a fault of the sandbox holds the program.
type place struct {
	fault string
	transfer
}

// places are all at which the server can fall silent. Before MAIL both transfers are the same.
func placesOfSilence() []place {
	places := []place{{"entra.silent", transfers[0]}}
	for _, f := range sandbox.Faults() {
		if f.ID != "net.silent" && !strings.HasPrefix(f.ID, "net.hang-") {
			continue
		}
		places = append(places, place{f.ID, transfer{recipients: 1}})
		if slices.Contains([]string{"mail", "rcpt", "data"}, f.Stage) {
			places = append(places, place{f.ID, transfer{chunking: true, recipients: 1}}, place{f.ID, transfer{chunking: true, recipients: 3}})
		}
	}
	return places
}

// terminated tells whether the end of the message has been written when the server falls silent.
// With BDAT the message travels behind the commands, and only its end is sure to be or not to be.
func (p place) terminated() (yes, sure bool) {
	switch p.fault {
	case "net.hang-reply":
		return true, true
	case "net.hang-content":
		return false, true
	case "net.hang-data":
		return false, !p.chunking
	case "net.hang-mail", "net.hang-rcpt":
		return false, !p.chunking || p.recipients > 1
	}
	return false, true
}

// TestSignalAtEveryStep ends the process while it waits for the server.
func TestSignalAtEveryStep(t *testing.T) {
	needSignals(t)
	for _, p := range placesOfSilence() {
		t.Run(p.fault+"/"+p.String(), func(t *testing.T) {
			t.Parallel()
			m := newMailer(t, p.fault)
			for _, s := range signals {
				c := m.callAt(p)
				w := m.interrupt(c, s.Signal, "fault "+p.fault, func() {})
				p.check(t, w, s.Signal, s.status)
			}
		})
	}
}

// callAt makes a call that a fault holds where it says.
func (m *mailer) callAt(p place) call {
	c := m.call(p.transfer)
	c.env["O365MAIL_SMTP_PORT"] = m.box.Settings()["O365MAIL_SMTP_PORT"] // no proxy, whose buffers would take more
	switch p.fault {
	case "entra.silent":
		c.args = slices.DeleteFunc(c.args, func(a string) bool { return a == "--token-file" || a == m.tokenFile() })
	case "net.hang-content":
		c.args = append(c.args, "--attach", m.attachment())
	}
	return c
}

// attachment is a file larger than all buffers between two processes.
func (m *mailer) attachment() string {
	file := filepath.Join(m.dir, "attachment")
	err := os.WriteFile(file, nil, 0o600)
	if err == nil {
		err = os.Truncate(file, 32<<20)
	}
	if err != nil {
		m.t.Fatal(err)
	}
	return file
}

// interrupt sends a signal when the server has logged an event. What is to happen before the server
// goes on is in then.
func (m *mailer) interrupt(c call, s syscall.Signal, event string, then func()) testimony {
	m.t.Helper()
	reached := make(chan struct{}, 8)
	m.on(event, func() {
		then()
		reached <- struct{}{}
	})
	p := m.command(c)
	p.begin(m.t, c.body)
	p.stdin.Close()
	select {
	case <-reached:
	case <-time.After(time.Minute):
		m.t.Errorf("%q never happened", event)
	}
	p.Process.Signal(s)
	return m.end(c, p)
}

func (p place) check(t *testing.T, w testimony, s syscall.Signal, status int) {
	t.Helper()
	if why := w.contradiction(); why != "" {
		t.Errorf("%v: %s: %v", s, why, w)
	}
	yes, sure := p.terminated()
	if yes && status != killed {
		status = 76
	}
	if w.status != status && (sure || w.status != 76) {
		t.Errorf("%v: %v, want status %d", s, w, status)
	}
	if sure && yes != slices.Contains(w.logged, "submitting") {
		t.Errorf("%v: %v; is the line submitting to be there: %v", s, w, yes)
	}
	if w.stored != 0 {
		t.Errorf("%v: %v, although the server kept nothing", s, w)
	}
}
