package message

// recipients reads everybody that the header names. When a message was passed on, those
// of the Resent fields are meant (RFC 5322 3.6.6), as sendmail -t has it.
func (h *head) recipients(local bool) ([]Address, error) {
	list, err := h.addressesOf(local, "resent-to", "resent-cc", "resent-bcc")
	if err != nil || list != nil {
		return list, err
	}
	return h.addressesOf(local, "to", "cc", "bcc")
}

// addressesOf is nil when the header has none of the fields.
func (h *head) addressesOf(local bool, keys ...string) ([]Address, error) {
	var list []Address
	for _, key := range keys {
		for _, f := range h.fields {
			if f.key != key {
				continue
			}
			more, err := parseHeaderList(f, local)
			if err != nil {
				return nil, err
			}
			list = append(append(make([]Address, 0, len(list)+len(more)), list...), more...)
		}
	}
	if list == nil {
		return nil, nil
	}
	return unique(list), nil
}

// parseHeaderList reads the address-list of a field, groups taken apart, and local names
// where they may stand.
func parseHeaderList(f *field, local bool) ([]Address, error) {
	name := string(f.raw[:len(f.key)])
	entries, err := splitAddressList(f.value(), headerList)
	if err != nil {
		return nil, inField(err, name, f.line)
	}
	list := make([]Address, 0, len(entries))
	for _, entry := range entries {
		a, err := parseMailbox(entry)
		if err != nil && local {
			if name, ok := parseLocalName(entry); ok {
				a, err = name, nil
			}
		}
		if err != nil {
			return nil, inField(err, name, f.line)
		}
		list = append(list, a)
	}
	return list, nil
}
