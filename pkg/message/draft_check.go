package message

import (
	"slices"
	"strings"
	"time"
)

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
		{"From", &authors},
		{"Sender", &senders},
		{"Reply-To", &d.ReplyTo},
		{"To", &d.To},
		{"Cc", &d.Cc},
		{"Bcc", &d.Bcc},
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
	if err := d.checkHeaders(); err != nil {
		return err
	}
	if err := d.identify(); err != nil {
		return err
	}
	if err := d.checkTexts(); err != nil {
		return err
	}
	return d.checkFiles()
}

// checkHeaders takes fields of one name more than once, as RFC 5322 3.6 does, but for two.
func (d *Draft) checkHeaders() error {
	seen := map[string]bool{}
	for _, f := range d.Headers {
		if err := f.check(); err != nil {
			return err
		}
		name := strings.ToLower(f.Name)
		if seen[name] && (name == "in-reply-to" || name == "references") {
			return &Error{Field: f.Name, Reason: "given twice"}
		}
		seen[name] = true
	}
	return nil
}

func (d *Draft) checkTexts() error {
	if d.HTML != "" && d.Markdown != "" {
		return &Error{Field: "html", Reason: "given beside markdown, which makes HTML too"}
	}
	if len(d.Inline) > 0 && d.HTML == "" && d.Markdown == "" {
		return &Error{Field: "inline", Reason: "needs HTML or Markdown to be shown in"}
	}
	for _, s := range []source{{"text", d.Text}, {"html", d.HTML}, {"markdown", d.Markdown}} {
		if err := checkLines(s.field, s.text); err != nil {
			return err
		}
	}
	return nil
}

func (d *Draft) checkFiles() error {
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
	if !ok || !isDotAtom(left) || !isDotAtom(right) || len(id) > maxAddrSpec {
		return &Error{Field: "Message-ID", Value: d.MessageID, Reason: "not of the form <left@right>"}
	}
	d.MessageID = "<" + id + ">"
	return nil
}
