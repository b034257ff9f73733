package message

import "bytes"

// author returns who the message is from, after From has been replaced where it has to be.
func (h *head) author(o ReadOptions) (Address, error) {
	f := h.field("from")
	if f == nil {
		return h.newAuthor(o, Address{})
	}
	list, err := parseHeaderList(f, o.Sendmail)
	if err == nil && len(list) == 0 {
		err = &Error{Line: f.line, Field: "From", Reason: "holds no address"}
	}
	switch {
	case err != nil && o.Sendmail && o.From.Address != "":
		return h.newAuthor(o, Address{}) // as one that may not be used
	case err != nil:
		return Address{}, err
	}
	if from := list[0]; from.Domain() != "" && (o.MayUse == nil || o.MayUse(from)) {
		return from, nil
	}
	return h.newAuthor(o, list[0])
}

// newAuthor puts the author of the options into the place of the former one. A Sender goes
// with its author: it spoke for somebody else.
func (h *head) newAuthor(o ReadOptions, former Address) (Address, error) {
	if o.From.Address == "" {
		return Address{}, &Error{Field: "From", Value: former.Address, Reason: "missing or not to be used"}
	}
	list, err := canonicalList([]Address{o.From})
	if err != nil {
		return Address{}, inField(err, "From", 0)
	}
	from := list[0]
	if from.Name == "" {
		from.Name = former.Name
	}
	var w fieldWriter
	w.addresses("From", []Address{from})
	if f := h.field("from"); f != nil {
		if err := h.answerTo(f, former); err != nil {
			return Address{}, err
		}
		f.raw = w.b
		h.drop("sender")
		return from, nil
	}
	h.fields = append(h.fields, newField(w.b, 0))
	return from, nil
}

// answerTo makes the former author the one who gets answers, in the very bytes of From. A
// local name means nothing to those who would answer.
func (h *head) answerTo(from *field, former Address) error {
	if former.Domain() == "" || h.field("reply-to") != nil {
		return nil
	}
	const name = "Reply-To"
	if first, _, _ := bytes.Cut(from.raw, []byte("\r\n")); len(first) > maxLine-len(name)+len(from.key) {
		return &Error{Line: from.line, Field: "From", Reason: "too long to become Reply-To"}
	}
	_, value, _ := bytes.Cut(from.raw, []byte(":"))
	h.fields = append(h.fields, newField(append([]byte(name+":"), value...), 0))
	return nil
}
