package cmd

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"strings"

	"github.com/o365mail/o365mail/pkg/submission"
)

// stopSteps are the values of --stop-after, in the order of the session.
func stopSteps() []string { return []string{"connect", "tls", "auth", "mail", "rcpt"} }

// probeDocument is `send --stop-after STEP --json`.
type probeDocument struct {
	Schema     int                 `json:"schema"`
	State      string              `json:"state"` // stopped: the step was reached, nothing was sent
	Step       string              `json:"step"`
	Host       string              `json:"host"`
	Greeting   string              `json:"greeting"`
	Extensions []string            `json:"extensions"`
	TLS        string              `json:"tls,omitempty"`
	Recipients []recipientDocument `json:"recipients"`
	Steps      []stepDocument      `json:"steps"`
}

// probe goes as far as --stop-after says, and sends nothing.
func (s *sending) probe(ctx context.Context, e submission.Envelope) error {
	o := &outcome{}
	session, recipients, err := s.reach(ctx, o, e)
	if session != nil {
		defer func() { _ = session.Close() }()
	}
	if err != nil {
		return during{"stop after " + s.options.stopAfter, err}
	}
	doc := probeDocument{
		Schema: 1, State: "stopped", Step: s.options.stopAfter, Host: s.account.SMTP.Host,
		Greeting: session.Greeting().String(), Extensions: session.Extensions().Keywords(), TLS: tlsVersion(session),
		Recipients: recipientDocuments(recipients), Steps: stepDocuments(o.steps),
	}
	if s.global.json {
		return writeJSON(s.Stdout, doc)
	}
	return writeProbe(s.Stdout, doc)
}

// reach performs the steps one by one; the session is returned with an error too.
func (s *sending) reach(ctx context.Context, o *outcome, e submission.Envelope) (*submission.Session, []submission.RecipientResult, error) {
	dialer := s.dialer(o, nil)
	last := s.options.stopAfter
	if last != "connect" && last != "tls" {
		return s.reachEnvelope(ctx, dialer, e)
	}
	session, err := dialer.Connect(ctx)
	if err != nil || last == "connect" {
		return session, nil, err
	}
	return session, nil, session.StartTLS(ctx)
}

func (s *sending) reachEnvelope(ctx context.Context, dialer *submission.Dialer, e submission.Envelope) (*submission.Session, []submission.RecipientResult, error) {
	session, err := s.open(ctx, dialer)
	if err != nil || s.options.stopAfter == "auth" {
		return session, nil, err
	}
	recipients, err := session.Probe(ctx, e, s.options.stopAfter == "rcpt")
	return session, recipients, err
}

func tlsVersion(s *submission.Session) string {
	state := s.TLSState()
	if state == nil {
		return ""
	}
	return tls.VersionName(state.Version) + " " + tls.CipherSuiteName(state.CipherSuite)
}

func writeProbe(w io.Writer, d probeDocument) error {
	var b strings.Builder
	fmt.Fprintf(&b, "stopped after %s at %s; nothing was sent\n", d.Step, d.Host)
	fmt.Fprintf(&b, "  greeting    %s\n", d.Greeting)
	fmt.Fprintf(&b, "  extensions  %s\n", strings.Join(d.Extensions, ", "))
	if d.TLS != "" {
		fmt.Fprintf(&b, "  tls         %s\n", d.TLS)
	}
	for _, r := range d.Recipients {
		fmt.Fprintf(&b, "  to          %s (%s)\n", r.Address, r.Reply)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("print the result: %w", err)
	}
	return nil
}
