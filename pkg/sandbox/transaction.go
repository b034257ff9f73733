package sandbox

import (
	"slices"
	"strconv"
	"strings"
)

// transaction is a message on its way, from MAIL on.
type transaction struct {
	from       string // empty for <>
	to         []string
	seen       int // RCPT commands, refused ones included
	binary     bool
	utf8       bool
	spool      *spool
	chunked    bool
	chunksGone bool // a chunk was refused: so are the others
}

// discard gives up the transaction.
func (c *session) discard() {
	if c.tx != nil && c.tx.spool != nil {
		c.tx.spool.discard()
	}
	c.tx = nil
}

func (c *session) mail(argument string) bool {
	if reply, ok := c.playRefusal(stageMail, late); ok {
		return c.reply(reply)
	}
	switch {
	case c.hello == "":
		return c.reply(replyNeedHello)
	case c.sender == nil:
		return c.reply(c.replyNotAuthenticated())
	case c.tx != nil:
		return c.reply("503 5.5.2 Sender already specified")
	case c.playsFault("smtp.escape-reply"):
		return c.reply(replyEscape)
	}
	path, parameters, ok := splitPath(argument, "FROM:")
	if !ok {
		return c.reply(replyArguments)
	}
	tx := &transaction{from: path}
	if refusal := c.mailParameters(tx, parameters); refusal != "" {
		return c.reply(refusal)
	}
	if _, _, valid := splitAddress(path, tx.utf8); !valid && path != "" {
		return c.reply("501 5.1.7 Invalid address")
	}
	c.tx = tx
	return c.reply("250 2.1.0 Sender OK")
}

// replyNotAuthenticated repeats the refused AUTH, if there was one.
func (c *session) replyNotAuthenticated() string {
	reply := "530 5.7.57 Client not authenticated to send mail."
	if c.refusal != "" {
		return reply + " Error: " + c.refusal
	}
	return reply + c.trailer()
}

// splitPath takes FROM:<path> or TO:<path> apart from its parameters. Blanks after the colon are
// no part of the syntax, but clients send them and servers take them.
func splitPath(argument, keyword string) (path string, parameters []string, ok bool) {
	if len(argument) < len(keyword) || !strings.EqualFold(argument[:len(keyword)], keyword) {
		return "", nil, false
	}
	rest, opened := strings.CutPrefix(strings.TrimLeft(argument[len(keyword):], " "), "<")
	end := closingBracket(rest)
	if !opened || end < 0 {
		return "", nil, false
	}
	after := rest[end+1:]
	if after != "" && after[0] != ' ' {
		return "", nil, false
	}
	return rest[:end], strings.Fields(after), true
}

// closingBracket finds the > that is not inside quotes.
func closingBracket(s string) int {
	quoted, escaped := false, false
	for i := range len(s) {
		switch {
		case escaped:
			escaped = false
		case s[i] == '\\' && quoted:
			escaped = true
		case s[i] == '"':
			quoted = !quoted
		case s[i] == '>' && !quoted:
			return i
		}
	}
	return -1
}

// mailParameters reads the parameters of MAIL that were offered. A reply is a refusal.
func (c *session) mailParameters(tx *transaction, parameters []string) string {
	for _, p := range parameters {
		key, value, _ := strings.Cut(p, "=")
		key, value = strings.ToUpper(key), strings.ToUpper(value)
		switch {
		case key == "SIZE":
			size, err := strconv.ParseUint(value, 10, 63)
			if err != nil {
				return replyArguments
			}
			if size > uint64(c.offered.size) { //nolint:gosec // positive
				return replyTooLarge
			}
		case key == "BODY" && c.offered.eightBit && (value == "7BIT" || value == "8BITMIME"):
		case key == "BODY" && c.offered.eightBit && c.offered.chunking && value == "BINARYMIME":
			tx.binary = true
		case p == "SMTPUTF8" && c.offered.utf8:
			tx.utf8 = true
		case key == "AUTH" && isXtext(value):
		case key == "RET" && c.offered.dsn && (value == "FULL" || value == "HDRS"):
		case key == "ENVID" && c.offered.dsn && len(value) <= 100 && isXtext(value):
		default:
			return replyArguments
		}
	}
	return ""
}

// isXtext is RFC 3461 section 4.
func isXtext(s string) bool {
	const hex = "0123456789ABCDEF"
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] < '!' || s[i] > '~' || s[i] == '=':
			return false
		case s[i] == '+':
			if i+2 >= len(s) || !strings.Contains(hex, s[i+1:i+2]) || !strings.Contains(hex, s[i+2:i+3]) {
				return false
			}
			i += 2
		}
	}
	return s != ""
}

func (c *session) rcpt(argument string) bool {
	if reply, ok := c.playRefusal(stageRcpt, late); ok {
		return c.reply(reply)
	}
	if c.tx == nil {
		return c.reply(replyNeedMail)
	}
	if c.tx.chunked {
		return c.reply(replyBadSequence)
	}
	c.tx.seen++
	if c.tx.seen == 2 && c.playsFault("smtp.rcpt-one-refused") {
		return c.reply(replyRefused)
	}
	path, parameters, ok := splitPath(argument, "TO:")
	if !ok || !c.rcptParameters(parameters) {
		return c.reply(replyArguments)
	}
	if refusal := c.checkRecipient(path); refusal != "" {
		return c.reply(refusal)
	}
	c.tx.to = append(c.tx.to, path)
	return c.reply("250 2.1.5 Recipient OK")
}

func (c *session) rcptParameters(parameters []string) bool {
	for _, p := range parameters {
		key, value, _ := strings.Cut(p, "=")
		switch {
		case !c.offered.dsn:
			return false
		case strings.EqualFold(key, "NOTIFY") && isNotify(strings.ToUpper(value)):
		case strings.EqualFold(key, "ORCPT") && strings.Contains(value, ";") && len(value) <= 500:
		default:
			return false
		}
	}
	return true
}

// isNotify is RFC 3461 section 4.1.
func isNotify(value string) bool {
	if value == "NEVER" {
		return true
	}
	for one := range strings.SplitSeq(value, ",") {
		if !slices.Contains([]string{"SUCCESS", "FAILURE", "DELAY"}, one) {
			return false
		}
	}
	return true
}

// checkRecipient refuses what Exchange refuses at once. Whether a mailbox exists is not looked at:
// for that, Exchange sends a bounce later.
func (c *session) checkRecipient(path string) string {
	_, domain, valid := splitAddress(path, c.tx.utf8)
	switch {
	case !valid:
		return "501 5.1.3 Invalid address"
	case !strings.Contains(domain, ".") && !strings.HasPrefix(domain, "["):
		return "550 5.1.6 Recipient addresses in single label domains not accepted"
	case isReserved(domain):
		return "550 5.1.4 Recipient address reserved by RFC 2606"
	case len(c.tx.to) >= c.sender.mailbox.recipientLimit():
		return "452 4.5.3 Too many recipients"
	}
	return ""
}
