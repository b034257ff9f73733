package peers

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// dovecotConfig serves authentication only. Dovecot 2.3: the token is verified locally, with a key
// looked up by the token's azp, alg and kid.
const dovecotConfig = `protocols =
base_dir = %[1]s/run
state_dir = %[1]s/state
log_path = %[1]s/dovecot.log
info_log_path = %[1]s/dovecot.log
auth_verbose = yes
ssl = no
auth_mechanisms = xoauth2 oauthbearer
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = %[1]s/oauth2.conf
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=/nonexistent
}
service auth {
  unix_listener %[2]s {
    user = postfix
    group = postfix
    mode = 0660
  }
}
service stats {
  unix_listener stats-writer {
    mode = 0666
  }
}
`

const dovecotOAuth2 = `introspection_mode = local
local_validation_key_dict = fs:posix:prefix=%[1]s/keys/
issuers = %[2]s
username_attribute = upn
`

func (s *Server) startDovecot(ctx context.Context) error {
	dir, socket := filepath.Join(s.Dir, "dovecot"), s.authSocket()
	if err := s.makeQueue(filepath.Dir(socket)); err != nil {
		return err
	}
	config := filepath.Join(dir, "dovecot.conf")
	err := writeFiles(map[string]string{
		config:                            fmt.Sprintf(dovecotConfig, dir, socket),
		filepath.Join(dir, "oauth2.conf"): fmt.Sprintf(dovecotOAuth2, dir, Issuer),
	})
	if err != nil {
		return err
	}
	if s.dovecot, err = launch(ctx, filepath.Join(dir, "output"), "dovecot", "-F", "-c", config); err != nil {
		return fmt.Errorf("dovecot: %w (Debian package dovecot-core)", err)
	}
	err = poll(ctx, "dovecot opens its socket", func() bool {
		_, err := os.Stat(socket)
		return err == nil || s.dovecot.died() != nil
	})
	if died := s.dovecot.died(); died != nil {
		return died
	}
	return err
}

// makeQueue makes the folder of the socket with the owner and mode that Postfix insists on.
func (s *Server) makeQueue(private string) error {
	if err := os.MkdirAll(filepath.Dir(private), 0o755); err != nil {
		return err
	}
	if err := os.Mkdir(private, 0o700); err != nil {
		return err
	}
	return owner(private, "postfix")
}

func (s *Server) authSocket() string { return filepath.Join(s.Dir, "queue", "private", "auth") }
