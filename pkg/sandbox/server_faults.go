package sandbox

// Replies of the faults that no fact of Exchange stands behind.
const (
	replyLongAuth  = "500 5.5.6 Authentication Exchange line is too long" // RFC 4954 section 4
	replyRefused   = "550 5.4.1 Recipient address rejected: Access denied"
	replyEscape    = "550 5.7.1 \x1b]0;owned\x07\x1b[31mAccess denied\x1b[0m, \x9b2Jplease \x08\x08look up"
	hugeReplyBytes = 1 << 20
	smallSize      = 65536 // octets
)

// serverFaults are odd but possible ways of a submission server.
func serverFaults() []Fault {
	return []Fault{
		{"smtp.huge-reply", stageEHLO, "", "One line of the reply to EHLO is 1 MB long"},
		{"smtp.caps-change", stageEHLO, "", "PIPELINING, CHUNKING and SMTPUTF8 are offered before TLS only, and SIZE shrinks under it"},
		{"smtp.no-pipelining", stageEHLO, "", "PIPELINING is not offered, and a client that does it all the same is cut off"},
		{"smtp.no-chunking", stageEHLO, "", "CHUNKING and BINARYMIME are not offered, and BDAT is not known"},
		{"smtp.no-8bitmime", stageEHLO, "", "8BITMIME is not offered, and BODY is not known"},
		{"smtp.no-smtputf8", stageEHLO, "", "SMTPUTF8 is not offered and not known"},
		{"smtp.no-dsn", stageEHLO, "", "DSN is not offered, and its parameters are not known"},
		{"smtp.small-size", stageEHLO, "", "SIZE is 65536 octets, and larger messages are refused"},
		{"smtp.no-xoauth2", stageAuth, replyNoMechanism, "Only AUTH LOGIN is offered"},
		{"smtp.person-only", stageAuth, "535 5.7.3 Authentication unsuccessful", "A person's token is refused for a mailbox that is not the person's own, as some report of shared mailboxes"},
		{"smtp.long-auth-refused", stageAuth, replyLongAuth, "An AUTH command of more than 512 octets is refused, as RFC 4954 allows"},
		{"smtp.long-auth-dropped", stageAuth, "", "An AUTH command of more than 512 octets ends the connection"},
		{"smtp.escape-reply", stageMail, replyEscape, "A refusal holds escape sequences and control characters"},
		{"smtp.rcpt-one-refused", stageRcpt, replyRefused, "The second recipient of each message is refused, the others are not"},
		{"smtp.lost-after-dot", stageData, "", "The message is kept and the connection is lost before the reply"},
		{"smtp.lost-before-store", stageData, "", "The connection is lost after the end of the message, which is not kept"},
		{"smtp.no-quit-reply", stageQuit, "", "QUIT is never answered"},
	}
}
