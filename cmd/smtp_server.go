package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/o365mail/o365mail/pkg/submission"
)

// stdioIdle is how long -bs waits for the next command. RFC 5321 4.5.3.2.7 wants five minutes.
const stdioIdle = 5 * time.Minute

// maxRecipients is the most that an administrator can allow one message in Exchange Online.
// https://learn.microsoft.com/powershell/module/exchange/set-mailbox (RecipientLimits)
const maxRecipients = 1000

// serveSMTP speaks SMTP on stdin and stdout (-bs), for programs that will never learn OAuth: each
// message is handed over before its 250 is given, so there is no queue that could lose it.
func (s *sending) serveSMTP(ctx context.Context) error {
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &relaySession{ctx: ctx, sending: s}, nil
	}))
	server.Domain = "localhost"
	server.MaxRecipients = maxRecipients
	server.MaxMessageBytes = maxInput
	server.EnableSMTPUTF8 = true
	server.EnableDSN = true
	server.ReadTimeout = stdioIdle
	server.WriteTimeout = stdioIdle
	server.ErrorLog = log.New(io.Discard, "", 0)
	conn := newStdio(s.input, s.Stdin, s.Stdout)
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if err := server.Serve(&oneConnection{conn: conn}); !errors.Is(err, io.EOF) {
		return fmt.Errorf("smtp on stdin: %w", err)
	}
	// A message can be under way: its client has to hear what became of it, and so has the log.
	_ = server.Shutdown(context.WithoutCancel(ctx))
	return s.relayed(ctx)
}

// relayed is how a dialog ends: its client has heard what became of each message. That one may
// have been accepted outranks a signal.
func (s *sending) relayed(ctx context.Context) error {
	switch {
	case ctx.Err() == nil:
		return nil
	case s.relayedUncertain != nil:
		s.relayedUncertain.print(s.talk)
		return reported{exitUncertain}
	}
	return context.Cause(ctx)
}

// relaySession is one client's dialog.
type relaySession struct {
	ctx     context.Context //nolint:containedctx // go-smtp's callbacks carry none
	sending *sending
	from    string
	to      []string
	dsn     submission.DSN
}

// Mail notes the reverse-path.
func (r *relaySession) Mail(from string, o *smtp.MailOptions) error {
	r.from, r.to = from, nil
	r.dsn = submission.DSN{Return: string(o.Return), EnvelopeID: o.EnvelopeID}
	return nil
}

// Rcpt notes a recipient; local ones go through the aliases.
func (r *relaySession) Rcpt(to string, o *smtp.RcptOptions) error {
	addresses, err := r.sending.localRecipients([]string{to})
	if err != nil {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: err.Error()}
	}
	r.to = append(r.to, addresses...)
	for _, n := range o.Notify {
		r.dsn.Notify = append(r.dsn.Notify, string(n))
	}
	return nil
}

// Data hands the message over and answers with what became of it.
func (r *relaySession) Data(body io.Reader) error {
	sp, err := readSpool(body)
	if err != nil {
		return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 3, 1}, Message: err.Error()}
	}
	defer func() { _ = sp.Close() }()
	return r.sending.relay(r.ctx, sp, r.from, r.to, r.dsn)
}

// Reset forgets the transaction.
func (r *relaySession) Reset() { r.from, r.to, r.dsn = "", nil, submission.DSN{} }

// Logout ends the dialog.
func (r *relaySession) Logout() error { return nil }

// relay answers an SMTP client: the server's own reply where there is one. An uncertain message
// is answered with a permanent code, since a client's queue would send it again after a 4yz.
func (s *sending) relay(ctx context.Context, sp *spool, from string, to []string, dsn submission.DSN) error {
	m, e, err := s.relayMessage(sp, from, to)
	if err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: s.describe(ctx, err).why}
	}
	defer func() { _ = m.Close() }()
	e.DSN = dsn
	o := s.deliver(ctx, m.Message, e)
	switch o.state {
	case submission.Accepted:
		return &smtp.SMTPError{Code: 250, EnhancedCode: smtp.EnhancedCode{2, 0, 0}, Message: "accepted by " + o.receipt.Host}
	case submission.Deferred:
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: o.failure.line()}
	case submission.Uncertain:
		s.relayedUncertain = o.failure
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 3, 0}, Message: "may have been accepted, do not repeat blindly: " + o.failure.line()}
	case submission.Refused:
	}
	return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 0, 0}, Message: o.failure.line()}
}

// oneConnection is a listener that has one connection and ends when that is closed.
type oneConnection struct {
	conn  *stdio
	given bool
}

// Accept returns the connection, then waits until it is closed.
func (l *oneConnection) Accept() (net.Conn, error) {
	if !l.given {
		l.given = true
		return l.conn, nil
	}
	<-l.conn.closed
	return nil, io.EOF
}

// Close closes the connection.
func (l *oneConnection) Close() error { return l.conn.Close() }

// Addr is a name for logs.
func (l *oneConnection) Addr() net.Addr { return l.conn.LocalAddr() }
