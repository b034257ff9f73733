package sandbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/smtp"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestFromTheOutside uses nothing but Start, Settings and the standard library's clients.
func TestFromTheOutside(t *testing.T) {
	s, err := Start(t.Context(), Config{Dir: filepath.Join(t.TempDir(), "new")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	settings := s.Settings()
	a := post(t, s, settings["AZURE_TENANT_ID"], form("client_id", settings["AZURE_CLIENT_ID"], "client_secret", settings["AZURE_CLIENT_SECRET"], "scope", settings["O365MAIL_SCOPE"]))
	var r tokenResponse
	a.decode(t, &r)
	c, err := smtp.Dial(net.JoinHostPort(settings["O365MAIL_SMTP_HOST"], settings["O365MAIL_SMTP_PORT"]))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	from := settings["O365MAIL_ADDRESS"]
	for _, err := range []error{
		c.StartTLS(&tls.Config{RootCAs: roots(t, s), ServerName: settings["O365MAIL_SMTP_HOST"]}),
		c.Auth(oneLine{from, r.AccessToken}), c.Mail(from), c.Rcpt(Ada),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	w, err := c.Data()
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(w, "From: %s\n\nIt works.\n", from)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if m := s.Messages(); len(m) != 1 || !strings.HasSuffix(kept(t, m[0]), "\r\n\r\nIt works.\r\n") {
		t.Errorf("got %v", m)
	}
}

// oneLine is XOAUTH2 for net/smtp, which sends the token with the command.
type oneLine struct{ user, token string }

func (a oneLine) Start(*smtp.ServerInfo) (string, []byte, error) {
	return "XOAUTH2", []byte("user=" + a.user + "\x01auth=Bearer " + a.token + "\x01\x01"), nil
}

func (oneLine) Next([]byte, bool) ([]byte, error) { return nil, nil }

func TestSettings(t *testing.T) {
	s := open(t, Config{})
	host, port, _ := net.SplitHostPort(s.SMTPAddr())
	for name, want := range map[string]string{
		"O365MAIL_ADDRESS": "alerts@contoso.example", "O365MAIL_SMTP_HOST": host, "O365MAIL_SMTP_PORT": port,
		"O365MAIL_AUTHORITY": "https://localhost:" + s.entraPort() + "/" + ContosoTenantID,
		"O365MAIL_CA_FILE":   s.CAFile(), "O365MAIL_SCOPE": "https://outlook.office365.com/.default",
		"AZURE_CLIENT_ID": AppClientID, "AZURE_TENANT_ID": ContosoTenantID, "AZURE_CLIENT_SECRET": AppSecret,
	} {
		if got := s.Settings()[name]; got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	if len(AppSecret) != 40 {
		t.Errorf("the secret has %d octets", len(AppSecret))
	}
}

func TestFilesAreReadByTheirOwner(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such modes")
	}
	s := open(t, Config{})
	connect(t, s).addressed().deliver(letter("x"), "250 ")
	for name, want := range map[string]fs.FileMode{
		s.CAFile(): 0o644, s.CertificateFile(): 0o600, s.FederatedTokenFile(): 0o600,
		s.MailDir(): 0o700, s.Messages()[0].File: 0o600,
	} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s: got %o, want %o", name, got, want)
		}
	}
}

func TestPlacesThatCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	taken, err := net.Listen("tcp", anyLoopbackPort)
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for name, config := range map[string]Config{
		"no folder":    {},
		"a file":       {Dir: file},
		"port taken":   {Dir: t.TempDir(), SMTPListen: taken.Addr().String()},
		"second taken": {Dir: t.TempDir(), EntraListen: taken.Addr().String()},
		"no address":   {Dir: t.TempDir(), SMTPListen: "nowhere"},
		"third taken":  {Dir: t.TempDir(), IdentityListen: taken.Addr().String()},
		"no app":       {Dir: t.TempDir(), Tenant: &Tenant{}},
		"no person":    {Dir: t.TempDir(), SignInAs: SharedMailbox},
		"no life":      {Dir: t.TempDir(), TokenLife: -time.Second},
		"refresh":      {Dir: t.TempDir(), RefreshIn: -time.Second},
		"interval":     {Dir: t.TempDir(), PollInterval: -time.Second},
	} {
		s, err := Start(t.Context(), config)
		if err == nil {
			s.Close()
			t.Errorf("%s: started", name)
		}
	}
}

// TestCloseEndsSessions closes while sessions are at every kind of place, and counts goroutines.
func TestCloseEndsSessions(t *testing.T) {
	before := runtime.NumGoroutine()
	s := withFaults(t, "net.hang-content", "entra.silent")
	places := []*wire{connect(t, s), connect(t, s).greeted(), connect(t, s).addressed(), connect(t, s).greeted(), connect(t, s).addressed()}
	places[0].want("220")
	places[3].ask("STARTTLS", "220")
	places[4].goToContent()
	client := browser(t, s)
	var asked sync.WaitGroup
	asked.Go(func() {
		if resp, err := client.Do(request(t, s, ContosoTenantID, form())); err == nil {
			resp.Body.Close()
		}
	})
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	for _, w := range places {
		w.wantEnd()
	}
	asked.Wait()
	client.CloseIdleConnections()
	if _, err := net.Dial("tcp", s.SMTPAddr()); err == nil {
		t.Error("the port is still open")
	}
	for deadline := time.Now().Add(patience); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
}

func (w *wire) goToContent() {
	w.t.Helper()
	w.ask("DATA", "354 ")
	w.send("From:")
}

func TestContextEndsIt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s, err := begin(ctx, Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	w := connect(t, s)
	w.want("220")
	cancel()
	w.wantEnd()
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Errorf("Close: %v", err)
	}
}

func TestEventsHoldNoSecret(t *testing.T) {
	var log strings.Builder
	s := open(t, Config{Log: func(e Event) { fmt.Fprintln(&log, e) }})
	token := s.testToken(t)
	w := connect(t, s).secured()
	w.ask("AUTH XOAUTH2 "+xoauth2(Ada, "x"+token), "535")
	w.ask("AUTH LOGIN eA==", "334 ")
	w.ask("cGFzc3dvcmQ=", "535")
	connect(t, s).addressed().deliver(letter("in confidence"), "250 ")
	post(t, s, ContosoTenantID, form())
	post(t, s, ContosoTenantID, form("client_secret", "wrong-secret", "client_id", AppClientID))
	connect(t, s).send("EVIL \x1b[31m\r\n")
	s.Close()
	got := log.String()
	for _, secret := range []string{token, xoauth2(SharedMailbox, token)[:40], AppSecret, "wrong-secret", "cGFzc3dvcmQ=", "in confidence", "\x1b"} {
		if strings.Contains(got, secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
	for _, want := range []string{"> EHLO client.contoso.example\n", "< 235 2.7.0", "> AUTH XOAUTH2 [", "* kept as ", "entra-0001 > POST /", "entra-0002 < 401 invalid_client", "* signed in to alerts@contoso.example as o365mail", "TLS 1.3 established"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in the log:\n%s", want, got)
		}
	}
}

func TestLongEventIsCut(t *testing.T) {
	if got := printable(strings.Repeat("é", 1000)); len(got) > maxEventText+len("?...") {
		t.Errorf("%d octets", len(got))
	}
}

func TestBothLoopbacks(t *testing.T) {
	s := open(t, Config{})
	if len(s.smtp) < 2 {
		t.Skip("no second loopback address here, or its port is taken")
	}
	conn, err := net.Dial("tcp", s.smtp[1].Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	w := &wire{t: t, s: s}
	w.use(conn)
	w.want("220 ")
	if got := w.ask("EHLO client", "250-"); !strings.Contains(got, "Hello [::1]") {
		t.Errorf("got %q", got)
	}
}

func TestUserToken(t *testing.T) {
	s := open(t, Config{})
	token, err := parseJWT(must(t)(s.UserToken(Ada, "SMTP.Send", "User.Read")))
	if err != nil {
		t.Fatal(err)
	}
	if token.claims.text("scp") != "SMTP.Send User.Read" || token.claims.text("upn") != Ada || token.claims["roles"] != nil {
		t.Errorf("got %v", token.claims)
	}
	if _, err := s.UserToken(SharedMailbox); err == nil {
		t.Error("a shared mailbox signed in")
	}
}

func TestCastIsNotShared(t *testing.T) {
	tenant := Contoso()
	for range 2 {
		open(t, Config{Tenant: tenant})
	}
	if n := len(tenant.Apps[0].Certificates); n != 0 {
		t.Errorf("%d certificates in the caller's tenant", n)
	}
}

func TestCertificatesForMoreNames(t *testing.T) {
	s, err := Start(t.Context(), Config{Dir: t.TempDir(), Names: []string{"sandbox.internal", "192.0.2.1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, name := range []string{"sandbox.internal", "192.0.2.1", "localhost", "127.0.0.1", "::1", serverName} {
		if err := s.keys.server.Leaf.VerifyHostname(name); err != nil {
			t.Error(err)
		}
	}
}
