package cmd

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
)

// A service has no home folder, or one that is not its own: root's jobs, www-data, the user of a
// Postfix pipe. Its profiles stand in /etc, and what it stores lies in a folder of its user id,
// so that a process finds both by nothing but who it is.

// systemConfig is read when the user has no configuration of his own.
func (d *deps) systemConfig() string {
	return filepath.Join(d.SystemRoot, "/etc/o365mail/config.toml")
}

// systemFolder holds what a service stores: its key, its sealed files, its log.
func (d *deps) systemFolder() string {
	return filepath.Join(d.SystemRoot, "/var/lib/o365mail", strconv.Itoa(d.system.uid))
}

// A service is the user whose processes a profile of the system is for.
type service struct {
	name     string
	uid, gid int
	home     string
}

// serviceNamed finds a user; without a name it is the caller.
func serviceNamed(name string) (service, error) {
	u, err := user.Current()
	if name != "" {
		u, err = user.Lookup(name)
	}
	if err != nil {
		return service{}, usagef("--service-user %s: %v", name, err)
	}
	uid, uidErr := strconv.Atoi(u.Uid)
	gid, gidErr := strconv.Atoi(u.Gid)
	if errors.Join(uidErr, gidErr) != nil {
		return service{}, usagef("--system is for Unix: on Windows run login as the account of the service")
	}
	return service{u.Username, uid, gid, u.HomeDir}, nil
}

// prepareSystem makes the folders, so that a lack of rights shows before anybody signs in.
func (l *loginRun) prepareSystem() error {
	store := l.systemFolder()
	err := os.MkdirAll(filepath.Dir(l.systemConfig()), 0o755)       //nolint:gosec // everybody reads it; it holds no secret
	err = errors.Join(err, os.MkdirAll(filepath.Dir(store), 0o755)) //nolint:gosec // the folders in it are private
	err = errors.Join(err, os.MkdirAll(store, 0o700))
	if err != nil {
		return cannotCreateError{fmt.Errorf("%w; --system writes for the whole machine: run it as root", err)}
	}
	if l.system.uid == os.Geteuid() {
		return nil
	}
	if err := os.Chown(store, l.system.uid, l.system.gid); err != nil {
		return cannotCreateError{fmt.Errorf("%w; only root can store for another user", err)}
	}
	return nil
}

// asService runs f as the user that will read and renew what f stores, so that its files are that
// user's from the first moment on.
func (l *loginRun) asService(f func() error) error {
	if l.system == nil || l.system.uid == os.Geteuid() {
		return f()
	}
	back, err := become(l.system.uid, l.system.gid)
	if err != nil {
		return cannotCreateError{fmt.Errorf("act as %s: %w", l.system.name, err)}
	}
	return errors.Join(f(), back())
}

// chooseSystem lets a login with --system read and write the machine's configuration.
func (l *loginRun) chooseSystem() error {
	o := &l.options
	switch {
	case !o.system && o.serviceUser != "":
		return usagef("--service-user is for --system")
	case !o.system:
		return nil
	case l.global.config != "":
		return usagef("--system writes %s: leave out --config", l.systemConfig())
	}
	s, err := serviceNamed(o.serviceUser)
	if err != nil {
		return err
	}
	l.system, l.global.config = &s, l.systemConfig()
	return l.prepareSystem()
}
