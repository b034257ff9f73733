package sandbox

import (
	"bufio"
	"bytes"
	"fmt"
	"net/mail"
	"net/textproto"
	"strings"
)

// judge applies the rules that Exchange applies after the data. A reply is a refusal.
func (c *session) judge(s *spool) string {
	switch {
	case s.failed != nil:
		return replyResources
	case s.tooLarge():
		return replyTooLarge
	case !c.senders.enter(c.sender.mailbox.Address, c):
		return "432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending for more information." + hostnameSuffix
	case !c.sender.mayOpen:
		return "430 4.2.0 STOREDRV; mailbox logon failure; STOREDRV.Submission.Exception:ConnectionFailedTransientException.MapiExceptionLogonFailed; " +
			"Failed to process message due to a transient exception with message [BeginDiagnosticData]Cannot open mailbox." + hostnameSuffix
	case s.size > c.sender.mailbox.maxSendSize():
		return "554 5.2.3 MapiExceptionMaxSubmissionExceeded; Message size exceeds maximum size limit.; " +
			"STOREDRV.Submission.Exception:MessageSubmissionExceededException.MapiExceptionMaxSubmissionExceeded; " +
			"Failed to process message due to a permanent exception with message" + hostnameSuffix
	case s.header.tooLong:
		return "552 5.3.4 Header size exceeds fixed maximum size"
	}
	return c.judgeSender(s.header.bytes())
}

// judgeSender looks at From and at the envelope: both must be addresses that the mailbox may use.
func (c *session) judgeSender(header []byte) string {
	fields, err := textproto.NewReader(bufio.NewReader(bytes.NewReader(header))).ReadMIMEHeader()
	if err != nil {
		return "554 5.6.0 Invalid message content"
	}
	from := fields.Values("From")
	if len(from) != 1 || strings.TrimSpace(from[0]) == "" {
		return "550 5.7.512 Access denied, message must be RFC 5322 section 3.6.2 compliant"
	}
	authors, err := mail.ParseAddressList(from[0])
	if err != nil {
		return "554 5.6.0 Invalid message content"
	}
	if len(authors) > 1 && fields.Get("Sender") == "" {
		return "550 5.1.20 Multiple From addresses are not allowed without Sender address"
	}
	used := []string{c.tx.from}
	for _, a := range authors {
		used = append(used, a.Address)
	}
	for _, address := range used {
		if address != "" && !c.maySendAs(c.sender, address) {
			return c.replySendAsDenied(address)
		}
	}
	return ""
}

func (c *session) replySendAsDenied(address string) string {
	who := c.sender.mailbox.Address
	if c.sender.person {
		who = c.sender.name
	}
	return fmt.Sprintf("554 5.2.252 SendAsDenied; %s not allowed to send as %s; "+
		"STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; "+
		"Failed to process message due to a permanent exception with message [BeginDiagnosticData]Cannot submit message.%s",
		who, plainAddress(address), hostnameSuffix)
}

// plainAddress keeps the message from writing the reply: a quoted local part may hold anything.
func plainAddress(address string) string { return strings.Map(printableASCII, address) }

func printableASCII(r rune) rune {
	if r < ' ' || r > '~' {
		return '?'
	}
	return r
}
