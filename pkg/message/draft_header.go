package message

// dateLayout is date-time of RFC 5322 3.3 in the form that every reader knows.
const dateLayout = "Mon, 02 Jan 2006 15:04:05 -0700"

// Where a word is too long for a line it is encoded in a subject, which can then be folded,
// and kept in a field we do not know, whose syntax may need it in one piece.
const (
	longestSubjectWord = 60
	longestFieldWord   = 700
)

// header writes the fields of the message; those of the body follow.
func (d *Draft) header() []byte {
	var w fieldWriter
	w.structured("Date", d.Date.Format(dateLayout))
	w.addresses("From", []Address{d.From})
	if d.Sender.Address != "" && !d.Sender.SameMailbox(d.From) {
		w.addresses("Sender", []Address{d.Sender})
	}
	d.destination(&w)
	if d.Subject != "" {
		w.text("Subject", d.Subject, longestSubjectWord)
	}
	w.structured("Message-ID", d.MessageID)
	d.importance(&w)
	for _, f := range d.Headers {
		w.text(f.Name, f.Value, longestFieldWord)
	}
	w.structured("MIME-Version", "1.0")
	return w.b
}

// destination writes who gets the message and the answers. Without To and Cc stands the
// empty group of RFC 5322 A.1.3: servers and filters think little of a message with neither.
func (d *Draft) destination(w *fieldWriter) {
	if len(d.ReplyTo) > 0 {
		w.addresses("Reply-To", d.ReplyTo)
	}
	if len(d.To) > 0 {
		w.addresses("To", d.To)
	}
	if len(d.Cc) > 0 {
		w.addresses("Cc", d.Cc)
	}
	if len(d.To)+len(d.Cc) == 0 {
		w.structured("To", "undisclosed-recipients:;")
	}
}

// importance writes X-Priority too, which is what clients other than Outlook show.
func (d *Draft) importance(w *fieldWriter) {
	if d.Importance == "" {
		return
	}
	w.structured("Importance", string(d.Importance))
	w.structured("X-Priority", map[Importance]string{
		HighImportance: "1", NormalImportance: "3", LowImportance: "5",
	}[d.Importance])
}
