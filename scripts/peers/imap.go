package peers

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// imapConfig serves mailboxes over IMAP with TLS from the first byte, to whoever has a token.
const imapConfig = `protocols = imap
listen = 127.0.0.1
base_dir = %[1]s/run
state_dir = %[1]s/state
log_path = %[1]s/dovecot.log
info_log_path = %[1]s/dovecot.log
auth_verbose = yes
ssl = required
ssl_cert = <%[1]s/server.pem
ssl_key = <%[1]s/server.pem
mail_location = maildir:~/mail
auth_mechanisms = xoauth2
passdb {
  driver = oauth2
  mechanisms = xoauth2
  args = %[1]s/oauth2.conf
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=%[1]s/home/%%u
}
service imap-login {
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = %[2]d
    ssl = yes
  }
}
`

// IMAP is a running Dovecot with mailboxes.
type IMAP struct {
	Dir    string // everything below is in here
	CAFile string // certificate authority to trust, PEM

	dovecot *daemon
}

// StartIMAP serves on a port of 127.0.0.1 under the name host until ctx ends or Stop is called. It
// takes the tokens of one issuer. Root and the Debian package dovecot-imapd are needed.
func StartIMAP(ctx context.Context, host string, port int, issuer string) (*IMAP, error) {
	dir, err := os.MkdirTemp("", "o365mail-imap-")
	if err != nil {
		return nil, err
	}
	m := &IMAP{Dir: dir, CAFile: filepath.Join(dir, authorityFile)}
	config := filepath.Join(dir, "dovecot.conf")
	err = errors.Join(
		os.Chmod(dir, 0o755), // Dovecot gives up root and must still reach its folders
		MakeCertificates(dir, host),
		writeFiles(map[string]string{
			config:                            fmt.Sprintf(imapConfig, dir, port),
			filepath.Join(dir, "oauth2.conf"): fmt.Sprintf(dovecotOAuth2, dir, issuer),
		}),
	)
	if err != nil {
		return nil, err
	}
	if m.dovecot, err = launch(ctx, filepath.Join(dir, "output"), "dovecot", "-F", "-c", config); err != nil {
		return nil, fmt.Errorf("dovecot: %w (Debian package dovecot-imapd)", err)
	}
	err = poll(ctx, "dovecot opens its port", func() bool { return m.dovecot.died() != nil || accepts(port) })
	if err = errors.Join(err, m.dovecot.died()); err != nil {
		return nil, errors.Join(err, m.Stop())
	}
	return m, nil
}

// Trust lets the server accept tokens without azp that were signed with the key.
func (m *IMAP) Trust(keyID string, public *rsa.PublicKey) error {
	return trust(m.Dir, anyClient, keyID, public)
}

// Deliver puts a message into a user's INBOX.
func (m *IMAP) Deliver(user string, message []byte) error {
	home := filepath.Join(m.Dir, "home", user)
	for _, dir := range []string{"", "mail", "mail/cur", "mail/new", "mail/tmp"} {
		if err := errors.Join(os.MkdirAll(filepath.Join(home, dir), 0o755), owner(filepath.Join(home, dir), "nobody")); err != nil {
			return err
		}
	}
	name := filepath.Join(home, "mail", "new", fmt.Sprintf("%d.peer", time.Now().UnixNano()))
	return errors.Join(os.WriteFile(name, message, 0o644), owner(name, "nobody"))
}

// Stop ends the server and waits for it. Mail and log stay in Dir.
func (m *IMAP) Stop() error { return m.dovecot.stop() }

// Log is what the server has written.
func (m *IMAP) Log() string {
	text, _ := os.ReadFile(filepath.Join(m.Dir, "dovecot.log")) // before its first line there is no log
	return string(text)
}
