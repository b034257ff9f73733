package cmd

import (
	"context"

	"github.com/o365mail/o365mail/pkg/migrate"
)

// ask connects to the profile's server and reads which mechanisms it offers; nothing is sent and
// nobody signs in.
func (m *migration) ask(ctx context.Context) (*migrate.Probe, error) {
	p, err := m.profile(nil)
	if err != nil {
		return nil, err
	}
	probe := &migrate.Probe{Host: p.SMTP.Host, Port: p.SMTP.Port, Offered: []string{}}
	trusted, err := trustIn(p.CAFile)
	if err != nil {
		return nil, err
	}
	s := &sending{deps: m.deps, talk: m.talk, account: &account{Profile: p, trust: trusted}}
	session, err := s.dialer(&outcome{}, nil).Dial(ctx)
	if err != nil {
		probe.Failed = m.describe(ctx, err).why
		return probe, err
	}
	defer func() { _ = session.Close() }()
	probe.Offered = append(probe.Offered, session.Extensions().Parameters("AUTH")...)
	return probe, nil
}
