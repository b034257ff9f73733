package message

import (
	"slices"
	"strings"
	"time"
)

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

// normalize checks every field and brings addresses to the form of the wire. The lists are
// copied first: they are the caller's.
func (d *Draft) normalize() error {
	if d.From.Address == "" {
		return &Error{Field: "From", Reason: "missing"}
	}
	authors := []Address{d.From}
	senders := []Address{d.Sender}
	if d.Sender.Address == "" {
		senders = nil
	}
	lists := []struct {
		field string
		list  *[]Address
	}{
		{"From", &authors}, {"Sender", &senders}, {"Reply-To", &d.ReplyTo},
		{"To", &d.To}, {"Cc", &d.Cc}, {"Bcc", &d.Bcc},
	}
	for _, l := range lists {
		var err error
		if *l.list, err = canonicalList(*l.list); err != nil {
			return inField(err, l.field, 0)
		}
	}
	d.From = authors[0]
	if senders != nil {
		d.Sender = senders[0]
	}
	return d.checkFields()
}

// canonicalList takes nothing on trust: an Address can be made without ParseAddress.
func canonicalList(list []Address) ([]Address, error) {
	list = slices.Clone(list)
	for i, a := range list {
		parsed, err := ParseAddress(a.Address)
		if err != nil {
			return nil, err
		}
		if err := checkText(a.Name); err != nil {
			return nil, err
		}
		if len(a.Name) > maxDisplayName {
			return nil, &Error{Value: a.Name, Reason: "display name is longer than 998 octets"}
		}
		list[i].Address = parsed.Address
	}
	return list, nil
}

func (d *Draft) checkFields() error {
	if err := checkText(d.Subject); err != nil {
		return inField(err, "Subject", 0)
	}
	if !slices.Contains([]Importance{"", HighImportance, NormalImportance, LowImportance}, d.Importance) {
		return &Error{Field: "Importance", Value: string(d.Importance), Reason: "not high, normal or low"}
	}
	if d.Date.Year() < 1900 || d.Date.Year() > 9999 {
		return &Error{Field: "Date", Value: d.Date.Format(time.RFC3339), Reason: "year is not within 1900 to 9999"}
	}
	for _, f := range d.Headers {
		if err := f.check(); err != nil {
			return err
		}
	}
	if err := d.identify(); err != nil {
		return err
	}
	return d.checkFiles()
}

func (d *Draft) checkFiles() error {
	if d.HTML != "" && d.Markdown != "" {
		return &Error{Field: "html", Reason: "given beside markdown, which makes HTML too"}
	}
	if len(d.Inline) > 0 && d.HTML == "" && d.Markdown == "" {
		return &Error{Field: "inline", Reason: "needs HTML or Markdown to be shown in"}
	}
	for _, a := range d.Attachments {
		if err := a.check(); err != nil {
			return err
		}
	}
	known := map[string]bool{}
	for _, i := range d.Inline {
		if err := i.check(); err != nil {
			return err
		}
		if known[i.CID] {
			return &Error{Field: "inline", Value: i.CID, Reason: "content id is given twice"}
		}
		known[i.CID] = true
	}
	return nil
}

// identify makes a Message-ID (RFC 5322 3.6.4) or checks the one given.
func (d *Draft) identify() (err error) {
	if d.MessageID == "" {
		d.MessageID, err = newMessageID(d.Date, d.From, d.Rand)
		return err
	}
	id := strings.TrimSuffix(strings.TrimPrefix(d.MessageID, "<"), ">")
	left, right, ok := strings.Cut(id, "@")
	if !ok || !isDotAtom(left) || !isDotAtom(right) || len(id) > maxDomain {
		return &Error{Field: "Message-ID", Value: d.MessageID, Reason: "not of the form <left@right>"}
	}
	d.MessageID = "<" + id + ">"
	return nil
}
