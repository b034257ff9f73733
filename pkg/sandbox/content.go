package sandbox

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
)

// data is RFC 5321 section 4.1.1.4.
func (c *session) data(argument string) bool {
	if reply, ok := c.playRefusal(stageData, early); ok {
		return c.reply(reply)
	}
	switch {
	case argument != "":
		return c.reply(replyArguments)
	case c.tx == nil:
		return c.reply(replyNeedMail)
	case c.tx.chunked || c.tx.binary:
		return c.reply(replyBadSequence)
	case len(c.tx.to) == 0:
		return c.reply(replyNeedRcpt)
	}
	spool, err := c.store.newSpool(c.offered.size)
	if err != nil {
		return c.reply(replyResources)
	}
	c.tx.spool = spool
	if !c.reply("354 Start mail input; end with <CRLF>.<CRLF>") || !c.firstOctet() {
		return false
	}
	if err := c.readDotted(spool); err != nil {
		return c.complain(err)
	}
	return c.endOfMessage()
}

// firstOctet waits for the message to begin. It is false when a fault ends the session there.
func (c *session) firstOctet() bool {
	_ = c.conn.SetReadDeadline(time.Now().Add(idleTime))
	if _, err := c.r.Peek(1); err != nil {
		return c.complain(err)
	}
	return !c.interrupted(stepContent)
}

// readDotted copies lines up to the one that is a lone dot, and takes the first of two dots away.
// Only CRLF ends a line: everything else is content, so that nothing can be smuggled.
func (c *session) readDotted(w io.Writer) error {
	lineStart, wasCR := true, false
	for {
		_ = c.conn.SetReadDeadline(time.Now().Add(idleTime))
		piece, err := c.r.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
		endsLine := bytes.HasSuffix(piece, []byte("\r\n")) || wasCR && len(piece) == 1 && piece[0] == '\n'
		wasCR = piece[len(piece)-1] == '\r'
		if lineStart && piece[0] == '.' {
			if string(piece) == ".\r\n" {
				return nil
			}
			piece = piece[1:]
		}
		lineStart = endsLine
		_, _ = w.Write(piece) // a spool keeps its errors for the end
	}
}

// bdat is RFC 3030 section 2. The octets of a chunk come whatever is thought of the command.
func (c *session) bdat(argument string) bool {
	number, last, hasLast := strings.Cut(argument, " ")
	size, err := strconv.ParseUint(number, 10, 62)
	if err != nil || hasLast && !strings.EqualFold(last, "LAST") {
		_ = c.reply(replyArguments)
		return false // what follows may be the chunk
	}
	if refusal := c.beginChunk(); refusal != "" {
		return c.readChunk(io.Discard, int64(size)) && c.refuseChunk(refusal)
	}
	if !c.tx.chunked && c.interrupted(stepData) {
		return false
	}
	c.tx.chunked = true
	switch {
	case size > 0 && !c.firstOctet(), !c.readChunk(c.tx.spool, int64(size)):
		return false
	case hasLast:
		return c.endOfMessage()
	default:
		return c.reply("250 2.6.0 CHUNK received OK, " + number + " octets")
	}
}

// beginChunk makes ready for the octets. A reply is a refusal.
func (c *session) beginChunk() string {
	if reply, ok := c.playRefusal(stageData, early); ok {
		return reply
	}
	switch {
	case c.tx == nil:
		return replyNeedMail
	case len(c.tx.to) == 0:
		return replyNeedRcpt
	case c.tx.chunksGone:
		return replyBadSequence
	case c.tx.spool != nil:
		return ""
	}
	spool, err := c.store.newSpool(c.offered.size)
	if err != nil {
		return replyResources
	}
	c.tx.spool = spool
	return ""
}

// refuseChunk makes the transaction useless until RSET, as RFC 3030 section 2 wants.
func (c *session) refuseChunk(reply string) bool {
	if c.tx != nil {
		c.tx.chunked, c.tx.chunksGone = true, true
	}
	return c.reply(reply)
}

// readChunk reports whether all of the chunk came.
func (c *session) readChunk(w io.Writer, size int64) bool {
	buffer := make([]byte, min(size, readBufferSize))
	for size > 0 {
		_ = c.conn.SetReadDeadline(time.Now().Add(idleTime))
		n, err := c.r.Read(buffer[:min(size, int64(len(buffer)))])
		size -= int64(n)
		_, _ = w.Write(buffer[:n]) // a spool keeps its errors for the end
		if err != nil && size > 0 {
			return c.complain(err)
		}
	}
	return true
}

// endOfMessage decides about a message that came whole.
func (c *session) endOfMessage() bool {
	c.log(c.id, Client, "[message of %d octets]", c.tx.spool.size)
	if c.interrupted(stepReply) {
		return false
	}
	if c.playsFault("smtp.lost-before-store") {
		return false
	}
	reply, ok := c.playRefusal(stageData, late)
	if !ok {
		reply = c.judge(c.tx.spool)
	}
	accepted := reply == ""
	if accepted {
		reply, accepted = c.keep()
	}
	c.discard()
	if accepted && c.playsFault("smtp.lost-after-dot") {
		return false
	}
	return c.reply(reply)
}

// keep puts the message into the store and gives the reply that says so, or that it could not.
func (c *session) keep() (reply string, ok bool) {
	message, err := c.store.keep(c.tx.spool, c.message())
	if err != nil {
		c.log(c.id, Service, "message not kept: %v", err)
		return replyResources, false
	}
	c.log(c.id, Service, "kept as %s", message.File)
	return "250 2.0.0 OK " + message.MessageID + hostnameSuffix, true
}
