package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
)

// Sandbox is a running fake tenant. Its methods may be called at the same time.
type Sandbox struct {
	config   Config
	script   *script
	keys     *keys
	store    *store
	ledger   *ledger
	settings destination

	smtp, entra, local []net.Listener
	web, workloads     *http.Server
	senders            *connectionLimit

	ctx       context.Context //nolint:containedctx // the life of the sandbox itself
	cancel    context.CancelFunc
	running   sync.WaitGroup
	requests  sync.RWMutex // read-locked by each request, so that Close can wait for them
	closed    error        // of the listeners; written before running ends
	logging   sync.Mutex
	sessions  atomic.Uint64
	exchanges atomic.Uint64
}

// Start starts a sandbox. It runs until Close is called or ctx ends. Errors are an
// *UnknownFaultError, or say which file or address could not be used.
func Start(ctx context.Context, config Config) (*Sandbox, error) {
	config = config.withDefaults()
	if err := config.check(); err != nil {
		return nil, err
	}
	script, err := newScript(config.Faults)
	if err != nil {
		return nil, err
	}
	keys, err := newKeys(config.certificateNames(), config.Tenant.Apps[0].Name, config.Clock())
	if err != nil {
		return nil, err
	}
	return start(ctx, config, script, keys)
}

func start(ctx context.Context, config Config, script *script, keys *keys) (*Sandbox, error) {
	s := &Sandbox{config: config, script: script, keys: keys, senders: newConnectionLimit(), ledger: newLedger()}
	s.ctx, s.cancel = context.WithCancel(ctx)
	if err := s.prepare(); err != nil {
		s.cancel()
		return nil, errors.Join(err, s.shut())
	}
	s.serve()
	return s, nil
}

// prepare makes files and listeners; nothing is served yet.
func (s *Sandbox) prepare() error {
	if err := os.MkdirAll(s.config.Dir, 0o700); err != nil {
		return err
	}
	var err error
	if s.store, err = openStore(s.config.Dir); err != nil {
		return err
	}
	s.app().Certificates = append(s.app().Certificates, s.keys.cert)
	if err := s.writeCredentials(); err != nil {
		return err
	}
	if s.smtp, err = listen(s.ctx, s.config.SMTPListen); err != nil {
		return err
	}
	if s.entra, err = listen(s.ctx, s.config.EntraListen); err != nil {
		return err
	}
	if s.local, err = listen(s.ctx, s.config.IdentityListen); err != nil {
		return err
	}
	s.settings, err = s.destination()
	return err
}

// Unmet lists the ids of Config.Faults that no connection, request or setting has met so far.
func (s *Sandbox) Unmet() []string { return s.script.unmet() }

// app is the application that the settings name.
func (s *Sandbox) app() *App { return &s.config.Tenant.Apps[0] }

func (s *Sandbox) writeCredentials() error {
	token, err := s.keys.ci.sign(claims{
		"iss": FederatedIssuer, "sub": FederatedSubject, "aud": FederatedAudience, "jti": s.guid(0),
		"iat": s.now().Unix(), "nbf": s.now().Unix(), "exp": s.now().Add(year).Unix(),
	})
	if err != nil {
		return err
	}
	return errors.Join(
		writePublic(s.CAFile(), s.keys.ca.cert),
		writeKeyPair(s.CertificateFile(), s.keys.app, s.keys.cert),
		os.WriteFile(s.FederatedTokenFile(), []byte(token), 0o600),
	)
}

// listen listens on an address and, when it is one of IPv4's loopback, on the same port of ::1 if
// nothing else is there.
func listen(ctx context.Context, address string) ([]net.Listener, error) {
	var config net.ListenConfig
	first, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	all := []net.Listener{first}
	if a, ok := first.Addr().(*net.TCPAddr); ok && a.IP.IsLoopback() && a.IP.To4() != nil {
		if second, err := config.Listen(ctx, "tcp", fmt.Sprintf("[::1]:%d", a.Port)); err == nil {
			all = append(all, second)
		}
	}
	return all, nil
}

func (s *Sandbox) serve() {
	for _, l := range s.smtp {
		s.running.Go(func() { s.acceptSessions(l) })
	}
	s.web, s.workloads = s.newWebServer(s.endpoints()), s.newWebServer(s.localEndpoints())
	for _, l := range s.entra {
		s.running.Go(func() { _ = s.web.ServeTLS(l, "", "") }) // ends with ErrServerClosed
	}
	for _, l := range s.local {
		s.running.Go(func() { _ = s.workloads.Serve(l) }) // ends with ErrServerClosed
	}
	s.running.Go(func() {
		<-s.ctx.Done()
		s.closed = s.shut()
	})
}

// Close ends every session where it stands, waits for that and frees all ports. Mail stays in its
// folder. Errors are those of closing a listener.
func (s *Sandbox) Close() error {
	s.cancel()
	s.running.Wait()
	s.requests.Lock()
	defer s.requests.Unlock()
	return s.closed
}

// shut closes whatever is open.
func (s *Sandbox) shut() error {
	var errs []error
	for _, l := range s.smtp {
		errs = append(errs, l.Close())
	}
	if s.web != nil {
		errs = append(errs, s.web.Close(), s.workloads.Close())
	} else {
		for _, l := range slices.Concat(s.entra, s.local) {
			errs = append(errs, l.Close())
		}
	}
	s.settings.release()
	return errors.Join(errs...)
}

// guid makes the nth of the ids that Entra would draw at random.
func (s *Sandbox) guid(n uint64) string { return fmt.Sprintf("5a4db0c5-0000-4000-8000-%012x", n) }

func (s *Sandbox) path(name string) string { return filepath.Join(s.config.Dir, name) }
