package cmd_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestSignalWhileRelaying ends -bs when the server holds the message and its reply is under way:
// the client must hear so, or its queue sends the message again.
func TestSignalWhileRelaying(t *testing.T) {
	needSignals(t)
	m := newMailer(t)
	for _, s := range signals {
		c := m.call(transfer{recipients: 1})
		c.args = []string{"o365mail", "send", "-bs", "--token-file", m.tokenFile()}
		reached := make(chan struct{}, 8)
		m.on("kept as", func() {
			m.proxy.current.Load().breakAfterRecords(0, silence)
			reached <- struct{}{}
		})
		p := m.command(c)
		p.begin(t, fmt.Sprintf("EHLO me\r\nMAIL FROM:<alerts@contoso.example>\r\nRCPT TO:<ada@contoso.example>\r\nDATA\r\n"+
			"From: alerts@contoso.example\r\nMessage-ID: %s\r\nSubject: x\r\n\r\ntext\r\n.\r\n", c.id))
		<-reached
		p.Process.Signal(s.Signal)
		if err := p.Wait(); err == nil {
			t.Errorf("%v: status 0", s.Signal)
		}
		w := testimony{status: p.ProcessState.ExitCode()}
		m.hear(&w, c)
		heard := p.stdout.String()
		if s.status != killed && (w.status != 76 || w.last() != "uncertain" || !strings.Contains(heard, "do not repeat blindly")) {
			t.Errorf("%v: %v; the client heard %q and the person %q", s.Signal, w, heard, p.stderr.String())
		}
	}
}
