package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/o365mail/o365mail/pkg/profile"
	"github.com/o365mail/o365mail/pkg/submission"
)

// hasToken reports whether a token can be had without anybody.
func (l *loginRun) hasToken(ctx context.Context) bool {
	inside := *l.deps
	inside.global.profile = l.profile.Name
	a, err := inside.account(l.values, "")
	if err != nil {
		return false
	}
	_, err = a.tokens.get(ctx)
	return err == nil
}

// proveAtServer signs in at the submission server and sends nothing. The sign-in is stored by
// then: what the server refuses an administrator can repair, and login need not be done again.
func (l *loginRun) proveAtServer(ctx context.Context) error {
	if l.options.offline {
		return nil
	}
	inside := *l.deps
	inside.global.profile = l.profile.Name
	a, err := inside.account(l.values, "")
	if err != nil {
		return err
	}
	s := &sending{deps: &inside, talk: l.talk, account: a, log: l.journal(a.LogRecipients == "full")}
	session, err := l.openAs(ctx, s)
	if err != nil {
		l.talk.say("o365mail: signed in and stored, but the server does not accept it yet; nothing of the sign-in has to be repeated")
		return err
	}
	return session.Close()
}

// loginDocument is `login --json`.
type loginDocument struct {
	Schema  int          `json:"schema"`
	Profile string       `json:"profile"`
	Address string       `json:"address"`
	Flow    profile.Flow `json:"flow"`
	Tenant  string       `json:"tenant"`
	Keyring string       `json:"keyring"`
	Expires *time.Time   `json:"credential_expires"` // of the secret or certificate; null when unknown
	Checked bool         `json:"send_checked"`
}

func (l *loginRun) report() error {
	p := l.profile
	if l.global.json {
		doc := loginDocument{1, p.Name, p.Address, p.Flow, p.Tenant, p.Keyring, nil, !l.options.offline}
		if !l.stored.Expires.IsZero() {
			doc.Expires = &l.stored.Expires
		}
		return writeJSON(l.Stdout, doc)
	}
	if l.global.quiet {
		return nil
	}
	_, err := fmt.Fprintf(l.Stdout, "profile %s can send as %s\n  flow     %s\n  keyring  %s\n  try      echo test | o365mail send -p %s %s -s Test\n",
		p.Name, p.Address, p.Flow, p.Keyring, p.Name, p.Address)
	return err
}

// openAs signs in, and for a mailbox that is not the person's own in both ways: some tenants want
// the mailbox in XOAUTH2's user=, some the person, and Microsoft's pages and the reports of users
// disagree. What works is kept; after two refusals the first is told, and the setting stays.
func (l *loginRun) openAs(ctx context.Context, s *sending) (*submission.Session, error) {
	session, err := l.openOnce(ctx, s)
	if !isUnexplained(err) || !l.mayStandForMailbox() {
		return session, err
	}
	l.talk.fact("the server refused the mailbox in user=; trying the person who signed in")
	s.account.AuthAs = "self"
	session, second := l.openOnce(ctx, s)
	if second != nil {
		return nil, err
	}
	l.profile.AuthAs = "self"
	l.talk.say("o365mail: the server takes the person who signed in, not the mailbox, as XOAUTH2's user: auth_as = \"self\" is kept")
	return session, l.save(ctx)
}

func (l *loginRun) openOnce(ctx context.Context, s *sending) (session *submission.Session, err error) {
	err = l.asService(func() error {
		session, err = s.open(ctx, s.dialer(&outcome{}, nil))
		return err
	})
	return session, err
}

// isUnexplained recognizes the 535 5.7.3 that names no reason, among them the wrong user.
func isUnexplained(err error) bool {
	e, ok := errors.AsType[*submission.Error](err)
	return ok && isAuthRefusal(err) && e.Reply.Enhanced == "5.7.3"
}

// mayStandForMailbox: a person signed in for another mailbox, and nobody decided who stands in user=.
func (l *loginRun) mayStandForMailbox() bool {
	return !l.profile.Flow.AppOnly() && !l.profile.Given("auth_as") && !strings.EqualFold(l.person, l.profile.Address)
}
