package cmd

import (
	"context"
	"crypto/tls"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/o365mail/o365mail/pkg/doctor"
	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/profile"
	"github.com/o365mail/o365mail/pkg/submission"
	"github.com/o365mail/o365mail/pkg/tokenstore"
)

// setUp is what the doctor gets of this call. Settings that cannot be are for it to tell.
func (d *deps) setUp(t talk, o *doctorOptions, flags map[string]string) (doctor.Config, error) {
	c := doctor.Config{Timeout: d.global.timeout, Now: d.Now, From: o.from, To: o.to, SendTest: o.sendTest}
	var err error
	if c.Size, err = o.plannedSize(); err != nil {
		return c, err
	}
	if o.dnsServer != "" {
		c.Resolver, c.OwnNames = resolverAt(o.dnsServer), true
	}
	if o.list {
		return c, nil
	}
	var a *account
	if a, c.ProfileError = d.account(flags, o.tokenFile); c.ProfileError != nil {
		o.nameFile(&c)
		return c, nil //nolint:nilerr // the examination tells it
	}
	if a.Address == "" {
		a.Address = o.from
	}
	a.NotifyCommand = "" // nobody is to be woken by an examination
	d.examined(&c, t, a)
	if o.asCron {
		c.Silent = func(ctx context.Context) error { return d.tokenAsCron(ctx, flags) }
	}
	if c.Store, c.ProfileError = d.storeOf(a); c.ProfileError != nil {
		c.Profile = nil
	}
	return c, nil
}

// nameFile tells which option or setting named a file that cannot be used.
func (o *doctorOptions) nameFile(c *doctor.Config) {
	unread, isUnread := errors.AsType[*fs.PathError](c.ProfileError)
	text := c.ProfileError.Error()
	switch {
	case isUnread && unread.Path == o.tokenFile:
		c.FileOption = "--token-file"
	case isUnread && strings.Contains(text, "ca_file: "):
		c.FileOption = "ca_file (--ca-file, O365MAIL_CA_FILE)"
	case strings.Contains(text, "token file "): // it is empty, or too large
		c.ProfileError = &profile.ValueError{Key: "access token", Want: "a token; the " + text, Origin: profile.Origin{Layer: profile.FlagLayer, Name: "token-file"}}
	}
}

// examined wires the account in: the same parts that a sending uses.
func (d *deps) examined(c *doctor.Config, t talk, a *account) {
	s := &sending{deps: d, talk: t, account: a}
	c.Profile = a.Profile
	c.Dialer = *s.dialer(&outcome{}, nil)
	c.Dialer.Trace = &submission.Trace{Line: s.transcript}
	c.Dialer.InitialResponse = false // the two-step form works everywhere
	if proxy, err := c.Dialer.Proxy(net.JoinHostPort(a.SMTP.Host, "587")); proxy != nil || err != nil {
		c.Proxied = true
	}
	entraProxy, _ := d.proxies(a.Proxy)
	c.HTTP = &http.Client{
		Transport: &http.Transport{
			Proxy: forRequest(entraProxy), DialContext: a.trust.dial, DisableKeepAlives: true,
			TLSClientConfig: &tls.Config{RootCAs: a.trust.pool, MinVersion: tls.VersionTLS12},
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	c.Tokens = d.examinedTokens(a)
	c.Files = d.examinedFiles(a)
}

func (d *deps) examinedTokens(a *account) doctor.Tokens {
	if a.tokens.fixed != nil {
		return doctor.Tokens{Given: true, Get: a.tokens.get}
	}
	return doctor.Tokens{
		Get:     func(ctx context.Context) (entra.Token, error) { return signedOut(a.tokens.get(ctx)) },
		Fresh:   func(ctx context.Context) (entra.Token, error) { return signedOut(a.tokens.renew(ctx)) },
		Expires: func(ctx context.Context) (time.Time, bool) { return d.anyExpiry(ctx, a) },
	}
}

// signedOut words our own error as package entra does.
func signedOut(t entra.Token, err error) (entra.Token, error) {
	if errors.Is(err, errNoLogin) {
		err = entra.ErrNotSignedIn
	}
	return t, err
}

// anyExpiry is the end of the credential in the environment, or of what login stored.
func (d *deps) anyExpiry(ctx context.Context, a *account) (time.Time, bool) {
	if a.Credential.Flow == "" {
		return d.credentialExpiry(ctx, a)
	}
	credential, err := d.credential(a.Profile)
	ends := credential.NotAfter()
	return ends, err == nil && !ends.IsZero()
}

func (d *deps) examinedFiles(a *account) []doctor.File {
	var files []doctor.File
	if file, err := d.configFile(); err == nil && file != nil {
		files = append(files, doctor.File{Path: file.Path})
	}
	if a.CAFile != "" {
		files = append(files, doctor.File{Path: a.CAFile})
	}
	if path := a.Credential.CertificatePath; path != "" && a.Credential.Flow == profile.Certificate {
		files = append(files, doctor.File{Path: path, Secret: true})
	}
	return files
}

// storeOf is the store of a profile that signs in with what is kept there, nil for any other.
func (d *deps) storeOf(a *account) (*tokenstore.Store, error) {
	if a.Name == "" || a.Credential.Flow != "" || a.tokens.fixed != nil {
		return nil, nil
	}
	v, err := d.vault(a.Profile)
	if err != nil {
		return nil, err
	}
	return v.store, nil
}

// resolverAt asks one name server, on port 53 unless another is named.
func resolverAt(server string) *net.Resolver {
	if _, _, err := net.SplitHostPort(server); err != nil {
		server = net.JoinHostPort(server, "53")
	}
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, server)
	}}
}
