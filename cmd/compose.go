package cmd

import (
	"bytes"
	"fmt"
	"io"
	"net/mail"
	"os"
	"strings"
	"time"

	"github.com/o365mail/o365mail/pkg/message"
	"github.com/o365mail/o365mail/pkg/submission"
)

// maxText bounds a body that is held in memory to be encoded. Larger things are attachments.
const maxText = 16 << 20

// compose makes a message of the flags; what has no other source is read from stdin.
func (s *sending) compose() (*outgoing, submission.Envelope, error) {
	out := &outgoing{}
	e, err := s.composeInto(out)
	if err != nil {
		_ = out.Close()
		return nil, e, err
	}
	return out, e, nil
}

func (s *sending) composeInto(out *outgoing) (submission.Envelope, error) {
	draft, err := s.draft(out)
	if err != nil {
		return submission.Envelope{}, err
	}
	if out.Message, err = message.Compose(draft); err != nil {
		return submission.Envelope{}, err
	}
	return s.envelope(out.Message, s.reversePath(out.Message), composedRecipients(draft))
}

func (s *sending) draft(out *outgoing) (message.Draft, error) {
	o := &s.options
	d := message.Draft{
		Subject: o.subject, Importance: message.Importance(o.importance), MessageID: o.messageID, Date: s.Now(),
	}
	for _, step := range []func() error{
		func() error { return s.addresses(&d) },
		func() error { return s.bodies(&d) },
		func() error { return s.attachments(&d, out) },
		func() error { return s.fields(&d) },
	} {
		if err := step(); err != nil {
			return d, err
		}
	}
	return d, nil
}

// addresses fills From, To, Cc, Bcc and Reply-To. Arguments are recipients in To, as in mail(1).
func (s *sending) addresses(d *message.Draft) error {
	o := &s.options
	from, err := s.draftAuthor()
	if err != nil {
		return err
	}
	d.From = from
	for _, field := range []struct {
		flag   string
		values []string
		into   *[]message.Address
	}{
		{"--to", append(append([]string{}, o.to...), o.recipients...), &d.To},
		{"--cc", o.cc, &d.Cc},
		{"--bcc", o.bcc, &d.Bcc},
		{"--reply-to", o.replyTo, &d.ReplyTo},
	} {
		for _, v := range field.values {
			if err := s.parseInto(field.into, v); err != nil {
				return badMessageError{fmt.Errorf("%s: %w", field.flag, err)}
			}
		}
	}
	return nil
}

// parseInto reads the addresses of one value. A local name such as root goes through the aliases.
func (s *sending) parseInto(into *[]message.Address, value string) error {
	if value != "" && !strings.ContainsAny(value, "@ ,<>\"\r\n\x00") {
		addresses, err := s.localRecipients([]string{value})
		if err != nil {
			return err
		}
		value = strings.Join(addresses, ", ")
	}
	list, err := message.ParseAddressList(value)
	*into = append(*into, list...)
	return err
}

func (s *sending) draftAuthor() (message.Address, error) {
	a := s.author()
	if a.Address == "" {
		return a, errNoSender
	}
	parsed, err := message.ParseAddress(a.Address)
	if err != nil {
		return a, badMessageError{fmt.Errorf("--from: %w", err)}
	}
	if a.Name != "" {
		parsed.Name = a.Name
	}
	return parsed, nil
}

func composedRecipients(d message.Draft) []string {
	var all []string
	for _, list := range [][]message.Address{d.To, d.Cc, d.Bcc} {
		for _, a := range list {
			all = append(all, a.Address)
		}
	}
	return unique(all)
}

// bodies reads the text parts.
func (s *sending) bodies(d *message.Draft) error {
	o := &s.options
	if o.readsText() {
		o.text = "-"
		if isTerminal(s.Stdin) {
			s.talk.say("o365mail: type the text, end it with Ctrl-D")
		}
	}
	for _, body := range []struct {
		file string
		into *string
	}{{o.text, &d.Text}, {o.html, &d.HTML}, {o.markdown, &d.Markdown}} {
		if body.file == "" {
			continue
		}
		text, err := s.readText(body.file)
		if err != nil {
			return err
		}
		*body.into = text
	}
	return nil
}

func (s *sending) readText(file string) (string, error) {
	in := s.input
	if file != "-" {
		f, err := os.Open(file) //nolint:gosec // the caller's own file
		if err != nil {
			return "", noInputError{err}
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	var b bytes.Buffer
	n, err := io.Copy(&b, io.LimitReader(in, maxText+1))
	switch {
	case err != nil:
		return "", noInputError{fmt.Errorf("read %s: %w", nameOf(file), err)}
	case n > maxText:
		return "", badMessageError{fmt.Errorf("%s: a body may have %d MB; attach it instead", nameOf(file), maxText>>20)}
	}
	return b.String(), nil
}

func nameOf(file string) string {
	if file == "-" {
		return "stdin"
	}
	return file
}

func (s *sending) attachments(d *message.Draft, out *outgoing) error {
	for _, file := range s.options.attach {
		a, err := s.attachment(file, out)
		if err != nil {
			return err
		}
		d.Attachments = append(d.Attachments, a)
	}
	for _, spec := range s.options.inline {
		cid, file, ok := strings.Cut(spec, "=")
		if !ok || cid == "" || file == "" {
			return usagef("--inline %s: it takes CID=FILE", spec)
		}
		a, err := message.FileAttachment(file)
		if err != nil {
			return noInputError{err}
		}
		d.Inline = append(d.Inline, message.Inline{CID: cid, Attachment: a})
	}
	return nil
}

func (s *sending) attachment(file string, out *outgoing) (message.Attachment, error) {
	if file != "-" {
		a, err := message.FileAttachment(file)
		if err != nil {
			return a, noInputError{err}
		}
		return a, nil
	}
	sp, err := readSpool(s.input)
	if err != nil {
		return message.Attachment{}, err
	}
	out.spools = append(out.spools, sp)
	name := s.options.attachName
	if name == "" {
		name = "attachment"
	}
	return message.Attachment{Name: name, Size: sp.size, Open: sp.reopen}, nil
}

// fields reads --header and --date.
func (s *sending) fields(d *message.Draft) error {
	for _, text := range s.options.headers {
		h, err := message.ParseHeaderField(text)
		if err != nil {
			return badMessageError{fmt.Errorf("--header: %w", err)}
		}
		d.Headers = append(d.Headers, h)
	}
	if s.options.date == "" {
		return nil
	}
	var err error
	if d.Date, err = time.Parse(time.RFC3339, s.options.date); err != nil {
		d.Date, err = mail.ParseDate(s.options.date)
	}
	if err != nil {
		return badMessageError{fmt.Errorf("--date %q: want RFC 3339 (2026-12-31T08:00:00Z) or RFC 5322", s.options.date)}
	}
	return nil
}
