package message

import (
	"io"
	"strings"
)

// A listKind says where a list of addresses comes from.
type listKind int

const (
	flagList   listKind = iota // typed by the user: no groups, no empty entries
	headerList                 // address-list of RFC 5322 3.4, with obs-addr-list
)

// splitAddressList cuts a list at the commas between addresses, and takes groups apart.
// net/mail could do so too, but gives neither local names nor the entry that is wrong.
func splitAddressList(s string, kind listKind) ([]string, error) {
	c := listCutter{s: s, kind: kind}
	if len(s) > maxAddressList {
		return nil, c.refuse("list is too long")
	}
	for c.at < len(s) {
		if err := c.step(); err != nil {
			return nil, err
		}
	}
	if c.inGroup {
		return nil, c.refuse("group has no end")
	}
	return c.entries, c.entry(kind == headerList)
}

// A listCutter walks over a list; start is where the current entry begins.
type listCutter struct {
	s         string
	kind      listKind
	at, start int
	inGroup   bool
	entries   []string
}

func (c *listCutter) step() error {
	switch b := c.s[c.at]; b {
	case '"':
		return c.skip('"')
	case '<':
		return c.skip('>')
	case '[':
		return c.skip(']')
	case '(':
		return c.skipComment()
	case ',':
		if err := c.entry(c.kind == headerList); err != nil {
			return err
		}
	case ':':
		if c.kind == flagList || c.inGroup {
			return c.refuse("groups are not allowed here")
		}
		c.inGroup, c.start = true, c.at+1
	case ';':
		if !c.inGroup {
			return c.refuse("addresses are separated by commas")
		}
		if err := c.entry(true); err != nil {
			return err
		}
		c.inGroup = false
	}
	c.at++
	return nil
}

// entry ends the entry at the current place.
func (c *listCutter) entry(mayBeEmpty bool) error {
	text := strings.TrimSpace(c.s[c.start:c.at])
	c.start = c.at + 1
	switch {
	case text != "":
		c.entries = append(c.entries, text)
	case !mayBeEmpty:
		return c.refuse("holds an empty address")
	}
	return nil
}

// skip moves behind the closing byte; a backslash takes the next one's meaning.
func (c *listCutter) skip(closing byte) error {
	for c.at++; c.at < len(c.s); c.at++ {
		switch c.s[c.at] {
		case '\\':
			c.at++
		case closing:
			c.at++
			return nil
		}
	}
	return c.refuse("no closing " + quote(string(closing)))
}

func (c *listCutter) skipComment() error {
	depth := 0
	for ; c.at < len(c.s); c.at++ {
		switch c.s[c.at] {
		case '\\':
			c.at++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				c.at++
				return nil
			}
		}
	}
	return c.refuse(`no closing ")"`)
}

func (c *listCutter) refuse(reason string) error {
	return &Error{Field: "address", Value: c.s, Reason: reason}
}

// localDomain stands in for the domain that a local name does not have; RFC 2606 keeps it free.
const localDomain = "@local.invalid"

// parseLocalName reads an entry whose address is a name of this host, as in "To: root" or
// "From: root (Cron Daemon)".
func parseLocalName(s string) (Address, bool) {
	end := strings.LastIndexByte(s, '>')
	if end < 0 {
		if end = strings.IndexByte(s, '('); end < 0 {
			end = len(s)
		}
		end = len(strings.TrimRight(s[:end], " \t"))
	}
	a, err := parseSyntax(s[:end] + localDomain + s[end:])
	name, ok := strings.CutSuffix(a.Address, localDomain)
	if err != nil || !ok {
		return Address{}, false
	}
	local, err := canonicalLocal(name)
	if err != nil || local != name {
		return Address{}, false
	}
	// A comment is the old way to write a display name, which net/mail drops beside "@".
	if a.Name == "" && end < len(s) && strings.HasSuffix(s, ")") && !strings.Contains(s, "\\") {
		if open := strings.IndexByte(s, '('); open >= 0 {
			a.Name = strings.TrimSpace(s[open+1 : len(s)-1])
		}
	}
	return Address{Name: a.Name, Address: name}, true
}

// unknownCharset lets a display name in a charset that mime does not know pass: who gets the
// message does not depend on it.
func unknownCharset(_ string, r io.Reader) (io.Reader, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxDisplayName))
	return strings.NewReader(strings.ToValidUTF8(string(b), "\uFFFD")), err
}
