package sandbox

import (
	"fmt"
	"net"
	"strings"
)

// Replies that several commands share, as Exchange words them.
const (
	replyBadSequence  = "503 5.5.1 Bad sequence of commands"
	replyNeedHello    = "503 5.5.2 Send hello first"
	replyNeedMail     = "503 5.5.2 Need mail command"
	replyNeedRcpt     = "503 5.5.2 Need rcpt command"
	replyArguments    = "501 5.5.4 Invalid arguments"
	replyUnrecognized = "500 5.3.3 Unrecognized command"
	replyTooLarge     = "552 5.3.4 Message size exceeds fixed maximum message size"
	replyResources    = "452 4.3.1 Insufficient system resources (TSTE)"
	replyNoMechanism  = "504 5.7.4 Unrecognized authentication type"
	replyPipelining   = "503 5.5.0 Improper use of SMTP command pipelining"
)

// command serves a verb. It reports whether the session goes on.
type command struct {
	step step // at which the connection may be interrupted instead; empty is none
	run  func(c *session, argument string) bool
}

// commandFor finds the command of a verb, as far as this session knows it.
func (c *session) commandFor(verb string) (command, bool) {
	switch verb {
	case "EHLO":
		return command{c.helloStep(), (*session).ehlo}, true
	case "HELO":
		return command{c.helloStep(), (*session).helo}, true
	case "STARTTLS":
		return command{stepSTARTTLS, (*session).startTLS}, !c.part.plays("tls.no-starttls")
	case "AUTH":
		return command{stepAuth, (*session).auth}, true
	case "MAIL":
		return command{stepMail, (*session).mail}, true
	case "RCPT":
		return command{stepRcpt, (*session).rcpt}, true
	case "DATA":
		return command{stepData, (*session).data}, true
	case "BDAT":
		return command{"", (*session).bdat}, c.offered.chunking
	default:
		return c.plainCommand(verb)
	}
}

// plainCommand finds the commands that change nothing but the transaction.
func (c *session) plainCommand(verb string) (command, bool) {
	switch verb {
	case "RSET":
		return command{"", (*session).rset}, true
	case "NOOP":
		return command{"", func(c *session, _ string) bool { return c.reply("250 2.0.0 OK") }}, true
	case "VRFY":
		return command{"", func(c *session, _ string) bool { return c.reply("252 2.1.5 Cannot VRFY user") }}, true
	case "HELP":
		return command{"", func(c *session, _ string) bool {
			return c.reply("214-This server supports the following commands:", "214 HELO EHLO STARTTLS RCPT DATA RSET MAIL QUIT HELP AUTH BDAT")
		}}, true
	case "QUIT":
		return command{"", (*session).quit}, true
	}
	return command{}, false
}

func (c *session) helloStep() step {
	if c.tls != nil {
		return stepEHLOTLS
	}
	return stepEHLO
}

func splitVerb(line string) (verb, argument string) {
	verb, argument, _ = strings.Cut(line, " ")
	return strings.ToUpper(verb), strings.TrimRight(argument, " ")
}

func (c *session) serveCommand() bool {
	line, err := c.readLine()
	if err != nil {
		return c.complain(err)
	}
	verb, argument := splitVerb(line)
	c.logCommand(verb, line)
	if c.hello != "" && !c.offered.pipelining && c.r.Buffered() > 0 {
		_ = c.reply(replyPipelining)
		return false
	}
	if verb == "AUTH" && len(line)+len("\r\n") > 512 { // RFC 4954 section 4
		if c.playsFault("smtp.long-auth-dropped") {
			return false
		}
		if c.playsFault("smtp.long-auth-refused") {
			return c.reply(replyLongAuth)
		}
	}
	command, known := c.commandFor(verb)
	if !known {
		return c.reply(replyUnrecognized)
	}
	if command.step != "" && c.interrupted(command.step) {
		return false
	}
	return command.run(c, argument)
}

// logCommand logs a line without what an AUTH command proves itself with.
func (c *session) logCommand(verb, line string) {
	if fields := strings.Fields(line); verb == "AUTH" && len(fields) > 2 {
		line = fmt.Sprintf("%s %s [%d octets]", fields[0], fields[1], len(line)-len(fields[0])-len(fields[1])-2)
	}
	c.log(c.id, Client, "%s", line)
}

func (c *session) rset(string) bool {
	c.discard()
	return c.reply("250 2.0.0 Resetting")
}

func (c *session) quit(string) bool {
	if c.playsFault("smtp.no-quit-reply") {
		c.silence()
		return false
	}
	_ = c.reply("221 2.0.0 Service closing transmission channel")
	return false
}

// extensions are what EHLO offered; a server does not take what it did not offer.
type extensions struct {
	size                                              int64
	pipelining, dsn, eightBit, chunking, utf8, xoauth bool
}

func (c *session) extensions() extensions {
	changed := c.tls != nil && c.part.plays("smtp.caps-change")
	e := extensions{
		size:       serverSize,
		pipelining: !changed && !c.part.plays("smtp.no-pipelining"),
		dsn:        !c.part.plays("smtp.no-dsn"),
		eightBit:   !c.part.plays("smtp.no-8bitmime"),
		chunking:   !changed && !c.part.plays("smtp.no-chunking"),
		utf8:       !changed && !c.part.plays("smtp.no-smtputf8"),
		xoauth:     c.tls != nil && !c.part.plays("smtp.no-xoauth2"),
	}
	if changed || c.part.plays("smtp.small-size") {
		e.size = smallSize
	}
	return e
}

// ehlo offers the extensions in the order that smtp.office365.com has them in.
func (c *session) ehlo(name string) bool {
	if refusal := c.sayHello(name); refusal != "" {
		return c.reply(refusal)
	}
	c.offered = c.extensions()
	lines := []string{c.helloLine()}
	offer := func(offered bool, keyword string) {
		if offered {
			lines = append(lines, keyword)
		}
	}
	offer(true, fmt.Sprintf("SIZE %d", c.offered.size))
	offer(c.offered.pipelining, "PIPELINING")
	offer(c.offered.dsn, "DSN")
	offer(true, "ENHANCEDSTATUSCODES")
	offer(c.tls == nil && !c.part.plays("tls.no-starttls"), "STARTTLS")
	offer(c.tls != nil && c.offered.xoauth, "AUTH LOGIN XOAUTH2")
	offer(c.tls != nil && !c.offered.xoauth, "AUTH LOGIN")
	offer(c.offered.eightBit, "8BITMIME")
	offer(c.offered.chunking && c.offered.eightBit, "BINARYMIME")
	offer(c.offered.chunking, "CHUNKING")
	offer(c.offered.utf8, "SMTPUTF8")
	if c.playsFault("smtp.huge-reply") {
		lines = append(lines, "X-HUGE "+strings.Repeat("A", hugeReplyBytes))
	}
	return c.reply(multiline("250", lines)...)
}

func multiline(code string, lines []string) []string {
	all := make([]string, len(lines))
	for i, l := range lines {
		all[i] = code + "-" + l
	}
	last := len(lines) - 1
	all[last] = code + " " + lines[last]
	return all
}

func (c *session) helo(name string) bool {
	if refusal := c.sayHello(name); refusal != "" {
		return c.reply(refusal)
	}
	c.offered = extensions{size: serverSize}
	return c.reply("250 " + c.helloLine())
}

// sayHello checks the name of EHLO or HELO and begins anew. A reply is a refusal.
func (c *session) sayHello(name string) (refusal string) {
	if reply, ok := c.playRefusal(stageEHLO, late); ok {
		return reply
	}
	if !isDomain(name) && !isAddressLiteral(name) {
		return "501 5.5.4 Invalid domain name" + c.trailer()
	}
	c.discard()
	c.hello = name
	return ""
}

func (c *session) helloLine() string {
	host, _, _ := net.SplitHostPort(c.raw.RemoteAddr().String()) // always host:port on TCP
	return fmt.Sprintf("%s Hello [%s]", serverName, host)
}

// trailer is what support asks for: host, time and session.
func (c *session) trailer() string {
	return fmt.Sprintf(" [%s %s %s]", serverName, c.now().Format("2006-01-02T15:04:05.000Z"), c.id)
}
