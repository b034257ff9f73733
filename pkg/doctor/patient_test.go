package doctor_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/o365mail/o365mail/pkg/doctor"
	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/explain"
	"github.com/o365mail/o365mail/pkg/profile"
	"github.com/o365mail/o365mail/pkg/sandbox"
	"github.com/o365mail/o365mail/pkg/submission"
)

// smtpName is the submission host, for the certificates and the name server of the tests.
const smtpName = "smtp.contoso.example"

// base is read once for all runs.
var base = explain.New()

// A ward is a sandbox with all that a doctor needs to examine it.
type ward struct {
	*sandbox.Sandbox
	t      *testing.T
	roots  *x509.CertPool
	cache  *memory // of a person who signed in
	calm   *ward   // where persons sign in, nil for here
	mu     sync.Mutex
	played []string
}

func newWard(t *testing.T, c sandbox.Config) *ward {
	t.Helper()
	w := &ward{t: t, roots: x509.NewCertPool(), cache: &memory{}}
	c.Dir, c.Names, c.SignInAs, c.PollInterval = t.TempDir(), []string{smtpName, "smtp.office365.com"}, sandbox.Ada, time.Millisecond
	c.Log = w.log
	var err error
	if w.Sandbox, err = sandbox.Start(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	pem, err := os.ReadFile(w.CAFile())
	if err != nil || !w.roots.AppendCertsFromPEM(pem) {
		t.Fatal("no CA", err)
	}
	return w
}

func (w *ward) log(e sandbox.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if id, ok := strings.CutPrefix(e.Text, "fault "); ok && e.Source == sandbox.Service {
		w.played = append(w.played, id)
	}
}

// takePlayed gives the faults that were played since it was asked last.
func (w *ward) takePlayed() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	played := w.played
	w.played = nil
	return played
}

// A patient is a set-up to examine; a case changes it before the examination.
type patient struct {
	doctor.Config
	settings   map[string]string // of the profile
	credential entra.Credential
	ward       *ward        // another one than usual
	only, skip []string     // checks
	ends       time.Time    // of the credential
	secrets    []string     // that nothing may tell
	connected  atomic.Int32 // connections to the submission server
	transcript strings.Builder
}

// scenarios are the ways in which the tests sign in and how far they go.
func (w *ward) patient(scenario string) *patient {
	w.t.Helper()
	p := &patient{settings: w.Settings()}
	p.settings["O365MAIL_SMTP_HOST"] = smtpName
	host, port, _ := net.SplitHostPort(w.SMTPAddr())
	if host != "127.0.0.1" || port == "" {
		p.settings["O365MAIL_SMTP_HOST"] = host
	}
	p.Timeout, p.Explain, p.OwnNames = 40*time.Second, base, true
	p.To = sandbox.Ada
	p.credential, _ = entra.ClientSecret(sandbox.AppSecret)
	switch scenario {
	case "send":
		p.SendTest = sandbox.Grace
	case "person":
		p.asPerson(w)
	case "identity":
		env := w.AppServiceSettings()
		p.credential = entra.ManagedIdentity{Getenv: func(name string) string { return env[name] }}.Credential()
		for _, name := range []string{"AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET", "O365MAIL_AUTHORITY"} {
			delete(p.settings, name)
		}
		p.settings["O365MAIL_FLOW"] = "managed-identity"
	case "actions":
		env := w.ActionsSettings()
		p.credential, _ = entra.GitHubActions{
			URL: env["ACTIONS_ID_TOKEN_REQUEST_URL"], Bearer: env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"], Audience: sandbox.FederatedAudience, Transport: w.transport(),
		}.Credential()
	}
	return p
}

// asPerson makes Ada, who has signed in before, send from her own mailbox.
func (p *patient) asPerson(w *ward) {
	p.settings["O365MAIL_ADDRESS"], p.settings["O365MAIL_FLOW"] = sandbox.Ada, "device-code"
	p.settings["O365MAIL_CLIENT_ID"] = sandbox.PublicClientID
	p.settings["O365MAIL_SCOPE"] = "https://outlook.office.com/SMTP.Send"
	for _, name := range []string{"AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET"} {
		delete(p.settings, name)
	}
	p.credential = entra.SignedIn()
	if w.cache.data != nil {
		return
	}
	// Another sandbox plays no fault at the sign-in; faults come before a refresh token is looked at.
	other, config := w.calm, w.entraConfig(p.settings, p.credential, w.cache)
	if other != nil {
		config.RootCAs = other.roots
		config.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, strings.TrimPrefix(other.AuthorityURL()[:strings.LastIndex(other.AuthorityURL(), "/")], "https://"))
		}
	}
	login, err := entra.NewLogin(config)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := login.DeviceCode(w.t.Context(), func(entra.DeviceCode) error { return nil }); err != nil {
		w.t.Fatal(err)
	}
}

func (w *ward) entraConfig(settings map[string]string, c entra.Credential, cache entra.Cache) entra.Config {
	client := settings["O365MAIL_CLIENT_ID"]
	if client == "" {
		client = settings["AZURE_CLIENT_ID"]
	}
	return entra.Config{
		Authority: settings["O365MAIL_AUTHORITY"], ClientID: client, Scope: settings["O365MAIL_SCOPE"], Credential: c, Cache: cache, RootCAs: w.roots,
	}
}

func (w *ward) transport() *http.Transport {
	return &http.Transport{TLSClientConfig: &tls.Config{RootCAs: w.roots}, DisableKeepAlives: true}
}

// examine completes the set-up as the command does, and runs the suite.
func (w *ward) examine(p *patient) doctor.Report {
	w.t.Helper()
	config := w.complete(p)
	s, err := doctor.New(config)
	if err != nil {
		w.t.Fatal(err)
	}
	if s, err = s.Select(p.only, p.skip); err != nil {
		w.t.Fatal(err)
	}
	report := s.Run(w.t.Context(), nil)
	p.checkSecrets(w.t, report)
	return report
}

func (w *ward) complete(p *patient) doctor.Config {
	c := p.Config
	if c.Profile == nil && c.ProfileError == nil {
		c.Profile, c.ProfileError = profile.Resolve(profile.Sources{Getenv: func(name string) string { return p.settings[name] }})
	}
	if c.Resolver == nil {
		c.Resolver = healthyZone().resolver(w.t)
	}
	if c.HTTP == nil {
		c.HTTP = &http.Client{Transport: w.transport()}
	}
	if c.Tokens.Get == nil {
		c.Tokens = w.tokens(p)
	}
	c.Tokens = p.watched(c.Tokens)
	if c.Profile != nil {
		c.Dialer.Host, c.Dialer.Port = c.Profile.SMTP.Host, c.Profile.SMTP.Port
	}
	if c.Dialer.RootCAs == nil {
		c.Dialer.RootCAs = w.roots
	}
	dial := c.Dialer.DialContext
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	if !p.ends.IsZero() {
		c.Tokens.Expires = func(context.Context) (time.Time, bool) { return p.ends, true }
	}
	c.Dialer.LocalName = "client.contoso.example"
	c.Dialer.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err == nil {
			p.connected.Add(1)
		}
		return conn, err
	}
	c.Dialer.Trace = &submission.Trace{Line: func(direction byte, text string) {
		fmt.Fprintf(&p.transcript, "%c %s\n", direction, text)
	}}
	return c
}

// tokens are those of a new process each time.
func (w *ward) tokens(p *patient) doctor.Tokens {
	var cache entra.Cache
	if p.credential.String() == entra.SignedIn().String() {
		cache = &memory{data: w.cache.data}
	}
	source, err := entra.NewSource(w.entraConfig(p.settings, p.credential, cache))
	if err != nil {
		return doctor.Tokens{Get: func(context.Context) (entra.Token, error) { return entra.Token{}, err }}
	}
	if cache != nil {
		return doctor.Tokens{Get: func(ctx context.Context) (entra.Token, error) {
			if _, err := source.Token(ctx); err != nil {
				return entra.Token{}, err
			}
			return source.Fresh(ctx)
		}, Fresh: source.Fresh}
	}
	return doctor.Tokens{Get: source.Token, Fresh: source.Fresh}
}

// memory keeps a sign-in for the life of a test.
type memory struct {
	mu, turn sync.Mutex
	data     []byte
}

func (m *memory) Load(context.Context) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.data, nil
}

func (m *memory) Save(_ context.Context, data []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.data = data
	return nil
}

func (m *memory) Lock(context.Context) (func(), error) {
	m.turn.Lock()
	return m.turn.Unlock, nil
}

func with(settings map[string]string, pairs ...string) map[string]string {
	changed := maps.Clone(settings)
	for i := 0; i < len(pairs); i += 2 {
		changed[pairs[i]] = pairs[i+1]
	}
	return changed
}
