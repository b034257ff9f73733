package cmd

import (
	"errors"
	"fmt"
	"strings"

	"github.com/o365mail/o365mail/pkg/explain"
	"github.com/o365mail/o365mail/pkg/message"
	"github.com/o365mail/o365mail/pkg/submission"
)

// describeSubmission is for a session that ended before the message was accepted.
func (d *deps) describeSubmission(err error) *failure {
	var e *submission.Error
	if !errors.As(err, &e) {
		return nil
	}
	if e.Reply != nil {
		return d.serverRefused(e)
	}
	f := &failure{exit: exitTemporary, code: "net.broken", what: "send", step: string(e.Step), why: e.Error(), try: "repeat the call; nothing was sent"}
	if e.State == submission.Refused {
		f.set(exitUnavailable, "protocol", "")
	}
	f.fromTransport(e.Err)
	f.fromCheck(e.Err)
	return f
}

// fromCheck is for what was refused before or instead of the server.
func (f *failure) fromCheck(err error) {
	var (
		size        *submission.SizeError
		unsupported *submission.UnsupportedError
		content     *submission.ContentError
		address     *submission.AddressError
		attachment  *message.AttachmentError
		proxy       *submission.ProxyError
	)
	switch {
	case errors.As(err, &size):
		f.set(exitData, "message-too-large", "send a link instead of the attachment, or split the message")
	case errors.As(err, &unsupported):
		f.unsupported(unsupported.Extension)
	case errors.As(err, &content):
		f.set(exitData, "message", "correct the message at that line")
	case errors.As(err, &address):
		f.set(exitData, "address", "correct the address")
	case errors.Is(err, submission.ErrDSN):
		f.set(exitUsage, "usage", "o365mail send --help")
	case errors.As(err, &attachment):
		f.set(exitIO, "attachment", "attach a copy that nobody changes meanwhile; nothing was sent")
	case errors.As(err, &proxy):
		f.set(exitUnavailable, "net.proxy", "check the proxy's address, name and password")
	case errors.Is(err, submission.ErrToken):
		f.set(exitNoPermission, "token", "give the access token itself, without quotes or line breaks")
	}
}

// unsupported tells what the message needs from what we need.
func (f *failure) unsupported(extension string) {
	switch extension {
	case "8BITMIME", "SMTPUTF8":
		f.set(exitData, "message-needs-"+strings.ToLower(extension), "encode the message (quoted-printable, ASCII addresses) before it is sent")
	case "STARTTLS":
		f.set(exitUnavailable, "tls.no-starttls", "check host and port: submission is port 587; something on the way may remove STARTTLS")
	case "DSN":
		f.set(exitUnavailable, "smtp.no-dsn", "leave out --dsn, --dsn-return and --envelope-id")
	default:
		f.set(exitUnavailable, "smtp.no-xoauth2", "check --smtp-host: this server does not offer OAuth2 sign-in here")
	}
}

// serverRefused lets the knowledge base decide, and the digits where it knows nothing.
func (d *deps) serverRefused(e *submission.Error) *failure {
	stage := string(e.Step)
	outcome := explain.ReplyOutcome(e.Reply.Code, stage)
	f := &failure{
		code: fmt.Sprintf("smtp-%d", e.Reply.Code), what: "send", step: stage,
		why: refusalWhy(e), server: serverWords(e),
	}
	if m, ok := explain.New().Match(e.Reply.String()); ok {
		d.known(f, m.Entry)
		outcome = m.Entry.Outcome(stage)
	}
	f.exit = outcome.Exit
	return f
}

func refusalWhy(e *submission.Error) string {
	if e.Recipient != "" {
		return fmt.Sprintf("%s refused the recipient %s", e.Host, e.Recipient)
	}
	return fmt.Sprintf("%s refused at step %s", e.Host, e.Step)
}

// serverWords are both halves of a refusal: the challenge of XOAUTH2 if there was one, and the
// final reply.
func serverWords(e *submission.Error) string {
	if e.Challenge == "" {
		return e.Reply.String()
	}
	return strings.Join([]string{"334 " + e.Challenge, e.Reply.String()}, " / ")
}

// uncertain tells the truth about a message whose terminator was sent and never answered.
// RFC 1047: the server may have accepted it; sending it again would double it.
func (d *deps) uncertain(e *submission.Error) *failure {
	return &failure{
		exit: exitUncertain, code: "uncertain", what: "send", step: string(e.Step),
		why: fmt.Sprintf("the connection to %s ended before it answered to the whole message: it may have been accepted (%v)", e.Host, e.Err),
		try: "look for the Message-ID in Sent Items, or Get-MessageTraceV2, before sending it again",
	}
}
