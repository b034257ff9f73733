package profile_test

import (
	"net"
	"strconv"
	"testing"

	"github.com/o365mail/o365mail/pkg/profile"
	"github.com/o365mail/o365mail/pkg/sandbox"
)

// The variables that the sandbox hands to a command are a whole profile.
func TestSandboxSettingsAreAProfile(t *testing.T) {
	s, err := sandbox.Start(t.Context(), sandbox.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	settings := s.Settings()
	p, err := profile.Resolve(profile.Sources{Getenv: func(name string) string { return settings[name] }})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.CheckSignIn(); err != nil {
		t.Error(err)
	}
	if got := net.JoinHostPort(p.SMTP.Host, strconv.Itoa(p.SMTP.Port)); got != s.SMTPAddr() {
		t.Errorf("got server %q, want %q", got, s.SMTPAddr())
	}
	if p.Flow != profile.ClientSecret || p.Authority != s.AuthorityURL() || p.CAFile != s.CAFile() || p.Address != sandbox.SharedMailbox {
		t.Errorf("got %+v", p)
	}
}
