//go:build peers

package peers_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/o365mail/o365mail/pkg/sandbox"
	"github.com/o365mail/o365mail/scripts/peers"
)

// The people and hosts of the README.
const (
	ada          = "ada@contoso.com"
	alerts       = "alerts@contoso.com"
	tenantDomain = "contoso.onmicrosoft.com"
	imapHost     = "outlook.office365.com"
)

// contoso is the sandbox's tenant under the domain of the README.
func contoso(t *testing.T) *sandbox.Tenant {
	t.Helper()
	tenant := sandbox.Contoso()
	tenant.Domain = tenantDomain
	moved := func(s *string) { *s = strings.ReplaceAll(*s, sandbox.ContosoDomain, "contoso.com") }
	for i := range tenant.Users {
		moved(&tenant.Users[i].UPN)
	}
	for i := range tenant.Mailboxes {
		m := &tenant.Mailboxes[i]
		moved(&m.Address)
		for _, trustees := range [][]string{m.FullAccess, m.SendAs} {
			for j := range trustees {
				moved(&trustees[j])
			}
		}
	}
	return tenant
}

// cloud is Microsoft's, on a private host, with a home folder for programs to run in.
type cloud struct {
	*sandbox.Sandbox
	imap *peers.IMAP
	home string
	env  []string
}

// startCloud serves Microsoft's names and ports, with certificates that the machine trusts.
func startCloud(t *testing.T) cloud {
	t.Helper()
	hosts := readFile(t, "/etc/hosts")
	bind(t, "/etc/hosts", append(hosts, "\n127.0.0.1 login.microsoftonline.com smtp.office365.com "+imapHost+"\n"...))
	s, err := sandbox.Start(context.Background(), sandbox.Config{
		Dir: filepath.Join(t.TempDir(), "sandbox"), Tenant: contoso(t), SignInAs: ada, PollInterval: time.Millisecond,
		SMTPListen: "127.0.0.1:587", EntraListen: "127.0.0.1:443",
		Names: []string{"login.microsoftonline.com", "smtp.office365.com"},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	c := cloud{Sandbox: s, imap: startIMAP(t, s), home: t.TempDir()}
	bind(t, "/etc/ssl/certs/ca-certificates.crt", append(readFile(t, s.CAFile()), readFile(t, c.imap.CAFile)...))
	if c.env, err = program.Environment(c.home, nil); err != nil {
		t.Fatal(err)
	}
	return c
}

// startIMAP serves Ada's mailbox to whoever has a token of the sandbox.
func startIMAP(t *testing.T, s *sandbox.Sandbox) *peers.IMAP {
	t.Helper()
	m, err := peers.StartIMAP(context.Background(), imapHost, 993, "https://sts.windows.net/"+sandbox.ContosoTenantID+"/")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Stop(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Log(m.Log())
		}
		_ = os.RemoveAll(m.Dir)
	})
	for id, key := range publishedKeys(t, s.AuthorityURL()+"/discovery/v2.0/keys", s.CAFile()) {
		if err := m.Trust(id, key); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Deliver(ada, []byte("From: grace@contoso.com\nTo: "+ada+"\nSubject: Kept\n\nfrom the mailbox\n")); err != nil {
		t.Fatal(err)
	}
	return m
}

// run runs a program that has to succeed, with the home folder as its working folder.
func (c cloud) run(t *testing.T, stdin string, command ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	p := exec.CommandContext(ctx, "env", command...) // finds it on the PATH of the environment
	p.Env, p.Dir, p.Stdin = c.env, c.home, strings.NewReader(stdin)
	said, err := p.CombinedOutput()
	if err != nil {
		t.Fatalf("%q: %v\n%s", command, err, said)
	}
	return string(said)
}

// write puts a recipe where its program looks for it.
func (c cloud) write(t *testing.T, name string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(c.home, name), []byte(recipe(t, name)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// arrived wants exactly one new message, that says text.
func (c cloud) arrived(t *testing.T, before int, text string) {
	t.Helper()
	all := c.Messages()
	if len(all) != before+1 {
		t.Fatalf("%d messages arrived, want 1", len(all)-before)
	}
	files, err := filepath.Glob(filepath.Join(c.MailDir(), "*.eml"))
	if err != nil || !slices.ContainsFunc(files, func(name string) bool { return bytes.Contains(readFile(t, name), []byte(text)) }) {
		t.Errorf("none of %d messages says %q (%v)", len(files), text, err)
	}
}
