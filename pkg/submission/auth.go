package submission

import (
	"context"
	"strings"
)

// maxInitialLine bounds an AUTH command with initial response, its CRLF included: RFC 4954 4.
const maxInitialLine = 512

// Auth signs in as user. A refusal is an *[Error] with the final reply and, if the server sent one,
// the challenge before it. A long line that the server cannot take is followed by the two-step form
// on the same session, once; after a 535 about the identity nothing is tried again.
func (s *Session) Auth(ctx context.Context, user string, t AccessToken) error {
	if err := s.ready(ctx, StepAuth); err != nil {
		return err
	}
	defer s.link.bind(ctx)()
	response, e := s.response(user, t)
	if e != nil {
		return s.finish(StepAuth, e)
	}
	if !s.inOneLine(response) {
		return s.finish(StepAuth, s.authInSteps(response))
	}
	e = s.authInLine(response)
	if e != nil && s.tooLong(response) && lineRefused(e) && !s.link.dead() {
		e = s.authInSteps(response)
	}
	return s.finish(StepAuth, e)
}

// response is what proves the identity, once the server is known to understand it.
func (s *Session) response(user string, t AccessToken) (string, *Error) {
	if !s.extensions.offersXOAUTH2() {
		return "", s.dialer.fail(StepAuth, Refused, &UnsupportedError{"AUTH " + mechanism})
	}
	token := t.Reveal()
	response, err := xoauth2(user, token)
	if err != nil {
		return "", s.dialer.fail(StepAuth, Refused, err)
	}
	s.link.masks.add(token)
	s.link.masks.add(response)
	return response, nil
}

func (s *Session) inOneLine(response string) bool {
	return s.dialer.InitialResponse || !s.tooLong(response)
}

func (s *Session) tooLong(response string) bool {
	return len("AUTH "+mechanism+" "+response+"\r\n") > maxInitialLine
}

// cannotParse tells a line that was not understood (RFC 5321 4.2.2) from an identity that was refused.
func cannotParse(e *Error) bool {
	if e.Reply == nil {
		return false
	}
	switch e.Reply.Code {
	case 500, 501, 502, 504:
		return true
	}
	return false
}

// lineRefused tells a line that was refused for its length. Postfix cuts a line at its limit and
// tries what is left: its 535 "Invalid base64 data in initial response" (3.7 with Dovecot, observed
// 2026-11) speaks of the line, not of the identity, which it has not seen.
func lineRefused(e *Error) bool {
	if cannotParse(e) {
		return true
	}
	return e.Reply != nil && e.Reply.Code == 535 && e.Challenge == "" &&
		strings.Contains(strings.ToLower(strings.Join(e.Reply.Lines, " ")), "base64")
}

func (s *Session) authInLine(response string) *Error {
	const command = "AUTH " + mechanism + " "
	return s.authResult(s.ask(command+response, command+redacted))
}

func (s *Session) authInSteps(response string) *Error {
	const command = "AUTH " + mechanism
	reply, err := s.ask(command, command)
	if e := s.judge(StepAuth, reply, err, 334); e != nil {
		return e
	}
	return s.authResult(s.ask(response, redacted))
}

// authResult reads the outcome. A challenge at this place is the first half of a refusal: it is
// answered by an empty line, and the reply to that is the second half.
func (s *Session) authResult(reply Reply, err error) *Error {
	if err != nil || reply.Code != 334 {
		return s.judge(StepAuth, reply, err, 235)
	}
	challenge := s.challenge(reply)
	reply, err = s.ask("", "")
	e := s.judge(StepAuth, reply, err, nothing)
	e.Challenge = challenge
	return e
}
