package cmd

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/profile"
)

// signIn gets the first token, so that a wrong secret or a missing consent shows here and not at
// night. What it leaves to store is in l.stored.
func (l *loginRun) signIn(ctx context.Context) error {
	config, err := l.config()
	if err != nil {
		return err
	}
	l.stored.Flow, l.stored.SignedIn = l.profile.Flow, l.Now()
	if l.profile.Flow.AppOnly() {
		return l.signInApplication(ctx, config)
	}
	return l.signInPerson(ctx, config)
}

// signInApplication stores the credential beside the token that it brought.
func (l *loginRun) signInApplication(ctx context.Context, config entra.Config) error {
	if err := l.readCredential(); err != nil {
		return err
	}
	l.warnBeforeExpiry(l.stored.Expires)
	cache := &memoryCache{}
	var err error
	if config.Credential, err = l.storedCredential(l.profile, l.stored); err != nil {
		return err
	}
	config.Cache = cache
	source, err := entra.NewSource(config)
	if err != nil {
		return err
	}
	within, cancel := context.WithTimeout(ctx, l.global.timeout)
	defer cancel()
	token, err := source.Token(within)
	if err != nil {
		return err
	}
	l.remember(token)
	l.stored.Cache = cache.data
	return l.store(ctx)
}

// store keeps the sign-in, as the user that will renew it.
func (l *loginRun) store(ctx context.Context) error {
	return l.asService(func() error { return l.vault.replace(ctx, l.stored) })
}

// memoryCache holds a sign-in until it is complete: the former one stays in the vault if this one
// fails, and no lock is held while a person looks for the phone.
type memoryCache struct{ data []byte }

// Load gives what was saved.
func (m *memoryCache) Load(context.Context) ([]byte, error) { return m.data, nil }

// Save keeps it.
func (m *memoryCache) Save(_ context.Context, data []byte) error {
	m.data = data
	return nil
}

// Lock has nobody to wait for.
func (m *memoryCache) Lock(context.Context) (func(), error) { return func() {}, nil }

// readCredential takes the credential from where the flags or Azure's variables say.
func (l *loginRun) readCredential() (err error) {
	o, s := &l.options, l.stored
	switch l.profile.Flow {
	case profile.ClientSecret:
		if s.Secret, err = l.secret(o.secretFile, "AZURE_CLIENT_SECRET", "client secret"); err != nil {
			return err
		}
		s.Expires, err = l.secretExpiry()
		return err
	case profile.Certificate:
		return l.readCertificate()
	case profile.Federated:
		// Without a file a job of GitHub Actions asks for its token, now and at each call.
		s.Federated = first(o.federatedFile, l.Getenv("AZURE_FEDERATED_TOKEN_FILE"))
		if s.Federated == "" && l.Getenv("ACTIONS_ID_TOKEN_REQUEST_URL") == "" {
			return usagef("no federated token: give --federated-token-file or AZURE_FEDERATED_TOKEN_FILE, or run in a GitHub Actions job with the permission id-token: write")
		}
	case profile.Browser, profile.DeviceCode, profile.ManagedIdentity:
	}
	return nil
}

func (l *loginRun) readCertificate() (err error) {
	path := first(l.options.certificate, l.Getenv("AZURE_CLIENT_CERTIFICATE_PATH"))
	if path == "" {
		return usagef("no certificate: give --certificate or AZURE_CLIENT_CERTIFICATE_PATH")
	}
	if l.stored.Certificate, err = readBounded(path); err != nil {
		return err
	}
	l.stored.Password = l.Getenv("AZURE_CLIENT_CERTIFICATE_PASSWORD")
	if l.options.passwordFile != "" {
		if l.stored.Password, err = l.secret(l.options.passwordFile, "", "password"); err != nil {
			return err
		}
	}
	credential, err := entra.Certificate(l.stored.Certificate, l.stored.Password)
	if err != nil {
		return err
	}
	l.stored.Expires = credential.NotAfter()
	return credential.Validity(l.Now())
}

// readBounded reads a small file of the caller's.
func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path) //nolint:gosec // the caller's own setting
	if err != nil {
		return nil, noInputError{err}
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, 1<<20))
	if err != nil {
		return nil, noInputError{err}
	}
	return data, nil
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// signInPerson lets a person sign in; the refresh token goes into the vault.
func (l *loginRun) signInPerson(ctx context.Context, config entra.Config) error {
	cache := &memoryCache{}
	config.Cache = cache
	login, err := entra.NewLogin(config)
	if err != nil {
		return err
	}
	login.Hint = l.profile.Address
	result, err := l.perform(ctx, login)
	if err != nil {
		return err
	}
	l.remember(result.Token)
	if result.Account.TenantID != "" && !l.profile.Given("authority") {
		l.profile.Tenant = result.Account.TenantID
	}
	l.person = result.Account.Username
	l.talk.say("o365mail: signed in as %s", l.person)
	l.stored.Cache = cache.data
	return l.store(ctx)
}

func (l *loginRun) perform(ctx context.Context, login *entra.Login) (entra.SignIn, error) {
	switch {
	case l.options.paste:
		return login.Paste(ctx, l.askForAddress)
	case l.profile.Flow == profile.Browser:
		return login.Browser(ctx, l.openBrowser)
	}
	return l.signInWithCode(ctx, login)
}

func (l *loginRun) signInWithCode(ctx context.Context, login *entra.Login) (entra.SignIn, error) {
	var waiting sync.WaitGroup
	defer waiting.Wait() // the line is wiped before anything else is said
	counting, cancel := context.WithCancel(ctx)
	defer cancel()
	return login.DeviceCode(ctx, func(c entra.DeviceCode) error {
		if isTerminal(l.Stderr) {
			defer waiting.Go(func() { l.countDown(counting, c.ExpiresOn) })
		}
		return l.showCode(c)
	})
}

func (l *loginRun) showCode(c entra.DeviceCode) error {
	_, err := fmt.Fprintf(l.Stderr, "To sign in, open %s on any device and enter the code %s (it is valid until %s)\n",
		c.VerificationURI, c.UserCode, c.ExpiresOn.Local().Format("15:04"))
	return err
}

// countDown shows a person that the wait goes on, and for how long at most.
func (l *loginRun) countDown(ctx context.Context, end time.Time) {
	const wipe = "\r\x1b[K" // back to the start of the line, and nothing in it
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			_, _ = fmt.Fprint(l.Stderr, wipe)
			return
		case <-tick.C:
			_, _ = fmt.Fprintf(l.Stderr, wipe+"waiting for the sign-in, %s left", end.Sub(l.Now()).Round(time.Second))
		}
	}
}

func (l *loginRun) askForAddress(_ context.Context, address string, again error) (string, error) {
	if again != nil {
		l.talk.warn("%v", again)
	} else {
		_, _ = fmt.Fprintf(l.Stderr, "Open this address in any browser and sign in:\n\n%s\n\n", address)
	}
	_, _ = fmt.Fprint(l.Stderr, "Paste the address at which the browser ended: ")
	line, err := bufio.NewReader(io.LimitReader(l.input, maxTokenFile)).ReadString('\n')
	if line = strings.TrimSpace(line); line == "" {
		return "", errors.Join(err, errors.New("no address was pasted"))
	}
	return line, nil
}
