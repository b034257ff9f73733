package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/message"
	"github.com/o365mail/o365mail/pkg/profile"
	"github.com/o365mail/o365mail/pkg/tokenstore"
)

// A loginRun is one call of login.
type loginRun struct {
	*deps
	talk    talk
	options loginOptions
	values  map[string]string // settings for the profile, by Key.Name
	profile *profile.Profile
	account *account
	vault   *vault
	stored  *stored
	person  string // who signed in, unless an application did
}

// newLoginRun resolves the settings and decides the flow.
func (d *deps) newLoginRun(o loginOptions, flags map[string]string) (*loginRun, error) {
	t, err := d.talk()
	if err != nil {
		return nil, err
	}
	l := &loginRun{deps: d, talk: t, options: o, values: flags, stored: &stored{}}
	if o.address != "" {
		a, err := message.ParseAddress(o.address)
		if err != nil {
			return nil, badMessageError{err}
		}
		l.values["address"] = a.Address
	}
	if err := l.chooseFlow(); err != nil {
		return nil, err
	}
	if err := l.chooseSystem(); err != nil {
		return nil, err
	}
	return l, l.resolve()
}

// chooseFlow maps the flags to a flow; without any the profile's own is taken again.
func (l *loginRun) chooseFlow() error {
	o := &l.options
	chosen := map[profile.Flow]bool{
		profile.Browser: o.browser || o.paste, profile.DeviceCode: o.deviceCode,
		profile.ClientSecret: o.service || o.secretFile != "", profile.Certificate: o.certificate != "",
		profile.Federated: o.federatedFile != "", profile.ManagedIdentity: o.identity,
	}
	for flow, is := range chosen {
		switch given := l.values["flow"]; {
		case is && given != "" && given != string(flow):
			return usagef("two ways to sign in at once: %s and %s", given, flow)
		case is:
			l.values["flow"] = string(flow)
		}
	}
	return nil
}

// resolve finds the profile to make or renew. A new one is named by -p, or by the address.
func (l *loginRun) resolve() error {
	file, err := l.configFile()
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	wanted := l.global.profile
	if wanted == "" {
		wanted = l.Getenv("O365MAIL_PROFILE")
	}
	name, known := l.profileName(file, wanted)
	sources := profile.Sources{Flags: l.values, Getenv: l.Getenv, File: file, Profile: name}
	if !known {
		sources.File, sources.Profile = nil, ""
	}
	if l.profile, err = profile.Resolve(sources); err != nil {
		return err
	}
	if l.adoptApplication() {
		if l.profile, err = profile.Resolve(sources); err != nil {
			return err
		}
	}
	l.profile.Name = name
	l.defaultFlow()
	if l.profile.Address == "" {
		return usagef("name the mailbox that sends: o365mail login ADDRESS")
	}
	if l.profile.ClientID == "" && l.profile.Flow != profile.ManagedIdentity {
		return l.noApplication()
	}
	return nil
}

// profileName picks the name, and tells whether the file has it.
func (l *loginRun) profileName(file *profile.File, wanted string) (string, bool) {
	if wanted == "" && l.values["address"] == "" && file != nil {
		wanted = file.Default
		if wanted == "" && len(file.Names) == 1 {
			wanted = file.Names[0]
		}
	}
	if wanted == "" {
		local, _, _ := strings.Cut(l.values["address"], "@")
		wanted = strings.Map(func(r rune) rune {
			if strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789._-", r) {
				return r
			}
			return '-'
		}, strings.ToLower(local))
	}
	return wanted, file != nil && slices.Contains(file.Names, wanted)
}

// defaultFlow is the browser where one can open, else the code on another device.
func (l *loginRun) defaultFlow() {
	if l.profile.Flow != "" {
		return
	}
	l.profile.Flow = profile.DeviceCode
	if l.hasBrowser() {
		l.profile.Flow = profile.Browser
	}
}

// decideHolder settles who holds the key, once, and says why.
func (l *loginRun) decideHolder(ctx context.Context) error {
	holder, err := tokenstore.ParseHolder(l.profile.Keyring)
	if err != nil {
		return err
	}
	// The key file of the machine's profiles is told by the user id, for each user his own.
	if holder.Kind == tokenstore.Auto && l.system == nil {
		if holder, err = l.chooseHolder(ctx); err != nil {
			return err
		}
	}
	l.profile.Keyring = holder.String()
	if l.vault, err = l.deps.vault(l.profile); err != nil {
		return err
	}
	return l.asService(func() error {
		created, err := l.vault.store.CreateKey(ctx)
		if created {
			l.talk.fact("a new key was made in %s", holder)
		}
		return err
	})
}

func (l *loginRun) chooseHolder(ctx context.Context) (tokenstore.Holder, error) {
	fallback, err := l.keyFile()
	if err != nil {
		return fallback, err
	}
	if !isTerminal(l.Stderr) || !l.hasBrowser() {
		l.talk.say("o365mail: the key is kept in %s: this is no desktop session, and a keychain would not answer to cron", fallback)
		return fallback, nil
	}
	folder, err := l.dataFolder()
	if err != nil {
		return fallback, err
	}
	holder, why := tokenstore.Choose(ctx, folder, fallback, l.lookup)
	switch {
	case holder.Kind == tokenstore.Keychain:
		l.talk.say("o365mail: the key is kept in the system's keychain; for jobs that run while nobody is logged in use --keyring %s", fallback)
	case why != nil:
		l.talk.say("o365mail: the key is kept in %s: %v", holder, why)
	}
	return holder, nil
}

// config is what every sign-in of this profile needs.
func (l *loginRun) config() (entra.Config, error) {
	trusted, err := trustIn(l.profile.CAFile)
	if err != nil {
		return entra.Config{}, err
	}
	l.account = &account{Profile: l.profile, trust: trusted}
	config := l.entraConfig(l.account)
	config.Report = func(e entra.Event) {
		_ = l.asService(func() error { // the log is the service's, too
			l.recordRenewal(l.account, e)
			return nil
		})
	}
	return config, nil
}

// save writes the profile; a person's tenant becomes the GUID that the sign-in told.
func (l *loginRun) save(context.Context) error {
	path, err := l.configPath()
	if err != nil {
		return err
	}
	p := l.profile
	keep := map[string]string{
		"auth_as": "", "address": p.Address, "flow": string(p.Flow), "client_id": p.ClientID, "tenant": p.Tenant, "cloud": p.Cloud.ID, "keyring": p.Keyring,
	}
	for _, k := range profile.Keys() {
		if _, known := keep[k.Name]; !known && p.Given(k.Name) {
			keep[k.Name] = p.Value(k.Name)
		}
	}
	if p.Given("auth_as") || p.AuthAs == "self" {
		keep["auth_as"] = p.AuthAs
	}
	if p.Given("authority") {
		keep["tenant"] = ""
	}
	if err := profile.Save(path, p.Name, keep); err != nil {
		return cannotCreateError{fmt.Errorf("configuration: %w", err)}
	}
	if l.system != nil {
		if err := os.Chmod(path, 0o644); err != nil { //nolint:gosec // services read it; it holds no secret
			return cannotCreateError{fmt.Errorf("configuration: %w", err)}
		}
	}
	l.talk.fact("profile %s written to %s", p.Name, path)
	return nil
}

// configPath is the file that login writes.
func (d *deps) configPath() (string, error) {
	for _, named := range []string{d.global.config, d.Getenv("O365MAIL_CONFIG")} {
		if named != "" {
			return named, nil
		}
	}
	folder, err := d.configFolder()
	return filepath.Join(folder, "config.toml"), err
}

// readBack proves that the next process will find what was stored.
func (l *loginRun) readBack(ctx context.Context) error {
	again, err := l.deps.vault(l.profile)
	if err != nil {
		return err
	}
	return l.asService(func() error {
		_, err := again.read(ctx)
		return err
	})
}
