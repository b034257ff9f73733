package peers

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
)

// mainConfig accepts mail for contoso.example from signed-in clients over TLS only and keeps the
// message as it came: no header is added, completed or dropped but the trace of RFC 5321 4.4.
const mainConfig = `compatibility_level = 3.6
queue_directory = %[1]s/queue
data_directory = %[1]s/data
daemon_directory = %[2]s
maillog_file = %[1]s/postfix.log
maillog_file_prefixes = %[1]s
meta_directory = /etc/postfix
myhostname = mail.contoso.example
mydestination =
mynetworks = 192.0.2.0/32
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_peername_lookup = no
disable_dns_lookups = yes
biff = no
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = contoso.example
virtual_mailbox_base = %[1]s/mail
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_mailbox_limit = 0
mailbox_size_limit = 0
message_size_limit = 157286400
queue_minfree = 0
local_header_rewrite_clients =
message_drop_headers =
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = check_recipient_access inline:{ {nobody@contoso.example = 550 5.1.1 no such person} }
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_sasl_security_options = noanonymous
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_tls_chain_files = %[1]s/server.pem
smtpd_tls_loglevel = 1
smtpd_error_sleep_time = 0
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_client_message_rate_limit = 0
`

//nolint:dupword // columns of the file
const masterConfig = `127.0.0.1:%[1]d inet n - n - - smtpd -o line_length_limit=16384 -o syslog_name=postfix/long
127.0.0.1:%[2]d inet n - n - - smtpd -o syslog_name=postfix/short
127.0.0.1:%[3]d inet n - n - - smtpd -o line_length_limit=16384 -o smtpd_tls_wrappermode=yes -o syslog_name=postfix/implicit
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`

func (s *Server) startPostfix(ctx context.Context) error {
	programs, err := output(ctx, "postconf", "-d", "-h", "daemon_directory")
	if err != nil {
		return fmt.Errorf("%w (Debian package postfix)", err)
	}
	if err := s.preparePostfix(programs); err != nil {
		return err
	}
	// Another program may take a free port before Postfix does.
	for range 5 {
		if err = s.tryPostfix(ctx, programs); err == nil {
			return nil
		}
	}
	return err
}

func (s *Server) preparePostfix(programs string) error {
	config, data, mail := filepath.Join(s.Dir, "postfix"), filepath.Join(s.Dir, "data"), s.mailDir()
	for _, dir := range []string{config, data, mail} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	return errors.Join(
		owner(data, "postfix"),
		owner(mail, "nobody"),
		writeFiles(map[string]string{filepath.Join(config, "main.cf"): fmt.Sprintf(mainConfig, s.Dir, programs)}),
	)
}

func (s *Server) tryPostfix(ctx context.Context, programs string) error {
	ports, err := freePorts(3)
	if err != nil {
		return err
	}
	s.Long, s.Short, s.Implicit = ports[0], ports[1], ports[2]
	config := filepath.Join(s.Dir, "postfix")
	err = writeFiles(map[string]string{
		filepath.Join(config, "master.cf"): fmt.Sprintf(masterConfig, s.Long, s.Short, s.Implicit),
	})
	if err != nil {
		return err
	}
	if _, err := output(ctx, "postfix", "-c", config, "check"); err != nil { // makes what the queue lacks
		return err
	}
	// Not "postfix start-fg": that is a shell, which ends without its child.
	master := filepath.Join(programs, "master")
	if s.postfix, err = launch(ctx, filepath.Join(config, "output"), master, "-c", config, "-s"); err != nil {
		return err
	}
	err = poll(ctx, "postfix opens its ports", func() bool {
		return s.postfix.died() != nil || accepts(s.Long) && accepts(s.Short) && accepts(s.Implicit)
	})
	if died := s.postfix.died(); died != nil {
		return fmt.Errorf("%w\n%s", died, s.Log())
	}
	return err
}

// Log is what both servers have written about the mail they saw.
func (s *Server) Log() string {
	var all strings.Builder
	for _, name := range []string{"postfix.log", "dovecot/dovecot.log"} {
		text, _ := os.ReadFile(filepath.Join(s.Dir, name)) // before its first line there is no log
		all.Write(text)
	}
	return all.String()
}

func freePorts(n int) ([]int, error) {
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer func() { _ = l.Close() }() // all held until all are known: no port twice
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

func accepts(port int) bool {
	c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err == nil {
		_ = c.Close()
	}
	return err == nil
}
