package cmd

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/o365mail/o365mail/pkg/profile"
)

// An account is a profile with what a sign-in and a session need of the machine.
type account struct {
	*profile.Profile
	trust  trust
	tokens *tokens
}

// account resolves the settings; it asks nobody for a token yet.
func (d *deps) account(flags map[string]string, tokenFile string) (*account, error) {
	p, err := d.profile(flags)
	if err != nil {
		return nil, err
	}
	d.fillFrom(p)
	a := &account{Profile: p}
	if a.trust, err = trustIn(p.CAFile); err != nil {
		return nil, err
	}
	a.tokens, err = d.tokens(a, tokenFile)
	return a, err
}

func (d *deps) profile(flags map[string]string) (*profile.Profile, error) {
	d.warnOfUnknownVariables()
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
		f, err := d.readConfig(named)
		if errors.Is(err, fs.ErrNotExist) {
			err = noInputError{err}
		}
		return f, err
	}
	places := []string{d.systemConfig()}
	if folder, err := d.configFolder(); err == nil && d.system == nil {
		places = []string{filepath.Join(folder, "config.toml"), d.systemConfig()}
	}
	for _, path := range places {
		f, err := d.readConfig(path)
		// A service user's HOME may be /dev/null, which is no folder.
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
			return f, err
		}
	}
	return nil, nil
}

// readConfig reads a file; what is stored for a profile of the machine's lies with the machine.
func (d *deps) readConfig(path string) (*profile.File, error) {
	f, err := profile.ReadFile(path)
	if err == nil && d.system == nil && filepath.Clean(path) == d.systemConfig() {
		d.system = &service{uid: os.Geteuid()}
	}
	return f, err
}

// warnOfUnknownVariables names variables that nobody reads: a misspelled one sets nothing. They are
// no errors, since others may give their own variables such names.
func (d *deps) warnOfUnknownVariables() {
	const prefix = "O365MAIL_"
	known := []string{"PROFILE", "CONFIG", strings.TrimPrefix(tokenVariable, prefix), "LOG_LEVEL"}
	for _, k := range profile.Keys() {
		known = append(known, strings.TrimPrefix(k.Env, prefix))
	}
	t, err := d.talk()
	if err != nil || d.Environ == nil {
		return
	}
	for _, v := range d.Environ() {
		name, _, _ := strings.Cut(v, "=")
		rest, ours := strings.CutPrefix(name, prefix)
		if !ours || strings.HasPrefix(name, notifyPrefix) || slices.Contains(known, rest) {
			continue
		}
		if near := profile.Nearest(rest, known); near != "" {
			t.warn("the variable %s is not known and sets nothing; did you mean %s?", visible(name), prefix+near)
		}
	}
}
