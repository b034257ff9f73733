package cmd

import (
	"errors"
	"fmt"
	"strings"

	"github.com/o365mail/o365mail/pkg/explain"
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
	return f
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
