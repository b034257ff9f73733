package cmd

import (
	"strings"

	"github.com/o365mail/o365mail/pkg/message"
	"github.com/o365mail/o365mail/pkg/submission"
)

// readMessage takes stdin as a whole message: as sendmail, with -t, and with --message.
func (s *sending) readMessage() (*outgoing, submission.Envelope, error) {
	in := s.input
	if !s.options.wholeMessage && !s.options.ignoreDots {
		in = message.DotTerminated(in)
	}
	sp, err := readSpool(in)
	if err != nil {
		return nil, submission.Envelope{}, err
	}
	m, e, err := s.fromSpool(sp)
	if err != nil {
		_ = sp.Close()
		return nil, e, err
	}
	return m, e, nil
}

func (s *sending) fromSpool(sp *spool) (*outgoing, submission.Envelope, error) {
	m, err := message.Read(sp, s.readOptions())
	if err != nil {
		return nil, submission.Envelope{}, err
	}
	to, err := s.allRecipients(m)
	if err != nil {
		return nil, submission.Envelope{}, err
	}
	e, err := s.envelope(m, s.reversePath(m), to)
	return &outgoing{m, []*spool{sp}}, e, err
}

// relayMessage is a message that came over -bs, with its envelope.
func (s *sending) relayMessage(sp *spool, from string, to []string) (*outgoing, submission.Envelope, error) {
	m, err := message.Read(sp, s.readOptions())
	if err != nil {
		return nil, submission.Envelope{}, err
	}
	if !s.maySendAs(from) {
		from = s.account.Address
	}
	e, err := s.envelope(m, from, to)
	return &outgoing{m, nil}, e, err
}

// readOptions: only sendmail's callers rely on a message being completed and its author replaced.
func (s *sending) readOptions() message.ReadOptions {
	o := message.ReadOptions{
		Date:     s.Now(),
		From:     s.author(),
		Sendmail: s.options.sendmail || s.options.smtp,
	}
	if o.Sendmail {
		// A job's output can hold a progress bar or a very long line; cron cannot mend it.
		o.EncodeText = true
		o.MayUse = func(a message.Address) bool { return s.maySendAs(a.Address) }
	}
	return o
}

// author is who writes when the message does not say so.
func (s *sending) author() message.Address {
	a := message.Address{Name: s.options.fullName, Address: s.account.Address}
	if s.options.from != "" {
		a.Address = s.options.from
	}
	return a
}

// maySendAs reports whether the account may use an address as author. From outside only the
// mailbox's own address is known for certain, and what the profile lists.
func (s *sending) maySendAs(address string) bool {
	if s.account.Address == "" || strings.EqualFold(address, s.account.Address) {
		return true
	}
	for _, a := range s.account.SendAs {
		if strings.EqualFold(a, address) {
			return true
		}
	}
	return false
}

// reversePath is the envelope's sender: the one asked for, else the author.
func (s *sending) reversePath(m *message.Message) string {
	from := s.options.envelope
	if from == "" {
		from = m.From().Address
	}
	if s.options.sendmail && !s.maySendAs(from) {
		return s.account.Address
	}
	return from
}

// allRecipients are those of the command line and, with -t, those of the header.
func (s *sending) allRecipients(m *message.Message) ([]string, error) {
	to, err := s.commandRecipients()
	if err != nil {
		return nil, err
	}
	if s.options.headerRecipients {
		list, err := m.Recipients()
		if err != nil {
			return nil, err
		}
		for _, a := range list {
			to = append(to, a.Address)
		}
	}
	return s.localRecipients(to)
}

// localRecipients resolves names without a domain through the aliases.
func (s *sending) localRecipients(to []string) ([]string, error) {
	var table aliasTable
	var all []string
	for _, recipient := range to {
		if strings.Contains(recipient, "@") {
			all = append(all, recipient)
			continue
		}
		if table == nil {
			var err error
			if table, err = loadAliases(s.account.Aliases); err != nil {
				return nil, noInputError{err}
			}
		}
		addresses, err := table.resolve(recipient)
		if err != nil {
			return nil, badMessageError{err}
		}
		all = append(all, addresses...)
	}
	return unique(all), nil
}

// unique drops repeated recipients, so that nobody gets a message twice.
func unique(addresses []string) []string {
	seen := map[string]bool{}
	var all []string
	for _, a := range addresses {
		if key := strings.ToLower(a); !seen[key] {
			seen[key] = true
			all = append(all, a)
		}
	}
	return all
}
