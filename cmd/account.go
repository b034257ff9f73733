package cmd

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/o365mail/o365mail/pkg/explain"
	"github.com/o365mail/o365mail/pkg/profile"
)

// An account is a profile with what a sign-in and a session need of the machine.
type account struct {
	*profile.Profile
	roots  *x509.CertPool // nil: those of the system
	tokens *tokens
}

// account resolves the settings; it asks nobody for a token yet.
func (d *deps) account(flags map[string]string, tokenFile string) (*account, error) {
	p, err := d.profile(flags)
	if err != nil {
		return nil, err
	}
	d.values.Store(&explain.Values{User: p.Address, AppID: p.ClientID, Tenant: p.Tenant})
	a := &account{Profile: p}
	if a.roots, err = rootCAs(p.CAFile); err != nil {
		return nil, err
	}
	a.tokens, err = d.tokens(a, tokenFile)
	return a, err
}

func (d *deps) profile(flags map[string]string) (*profile.Profile, error) {
	file, err := d.configFile()
	if err != nil {
		return nil, err
	}
	name := d.global.profile
	if name == "" {
		name = d.Getenv("O365MAIL_PROFILE")
	}
	return profile.Resolve(profile.Sources{Profile: name, Flags: flags, Getenv: d.Getenv, File: file})
}

// configFile reads the file that was named, or the user's, or the system's; without any there are
// flags and variables.
func (d *deps) configFile() (*profile.File, error) {
	named := d.global.config
	if named == "" {
		named = d.Getenv("O365MAIL_CONFIG")
	}
	if named != "" {
		f, err := profile.ReadFile(named)
		if errors.Is(err, fs.ErrNotExist) {
			err = noInputError{err}
		}
		return f, err
	}
	places := []string{systemConfig}
	if folder, err := d.configFolder(); err == nil {
		places = []string{filepath.Join(folder, "config.toml"), systemConfig}
	}
	for _, path := range places {
		f, err := profile.ReadFile(path)
		// A service user's HOME may be /dev/null, which is no folder.
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
			return f, err
		}
	}
	return nil, nil
}

// rootCAs joins the system's certificate authorities with those of a file.
func rootCAs(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file) //nolint:gosec // the caller's own setting
	if err != nil {
		return nil, noInputError{fmt.Errorf("ca_file: %w", err)}
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, &profile.ValueError{Key: "ca_file", Value: file, Want: "a file with certificates in PEM form"}
	}
	return pool, nil
}
