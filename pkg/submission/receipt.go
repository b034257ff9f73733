package submission

import "strings"

// A Receipt tells what became of a message.
type Receipt struct {
	State           State
	Host            string            // who took it: the name in the reply if there is one, else the one dialed
	Reply           Reply             // the one that decided; zero when the connection ended first
	ServerMessageID string            // without angle brackets; Exchange may have assigned a new one
	QueueID         string            // Postfix and its kin
	Recipients      []RecipientResult // in the order of Envelope.To
	Bytes           int64             // octets of content written: with CRLF, without dot-stuffing
}

// A RecipientResult is what became of the message for one recipient.
type RecipientResult struct {
	Address string
	State   State
	Reply   Reply // the one that decided; the reply to RCPT unless the whole message failed later
}

// identify takes out of the last reply what support asks for. Exchange Online answers
// "2.6.0 <message-id> [InternalId=..., Hostname=...] ..." or "2.0.0 OK <message-id> [Hostname=...]",
// Postfix "2.0.0 Ok: queued as 4XYZ".
func (r *Receipt) identify() {
	text := strings.Join(r.Reply.Lines, " ")
	if _, after, ok := strings.Cut(text, "<"); ok {
		if id, _, closed := strings.Cut(after, ">"); closed && strings.Contains(id, "@") && !strings.Contains(id, " ") {
			r.ServerMessageID = id
		}
	}
	if _, after, ok := strings.Cut(text, "Hostname="); ok {
		if name, _, _ := strings.Cut(after, "]"); validDomain(name) {
			r.Host = name
		}
	}
	if _, after, ok := strings.Cut(text, "queued as "); ok {
		r.QueueID, _, _ = strings.Cut(after, " ")
	}
}
