package cmd

import (
	"errors"
	"os/user"
	"path/filepath"
	"runtime"
)

// errNoHome says that neither the environment nor the user database names a home folder.
var errNoHome = errors.New("no home folder: HOME and the XDG_ variables are unset")

// home names the user's home folder. Cron always sets HOME; a service manager or su may not.
func (d *deps) home() (string, error) {
	if h := d.Getenv("HOME"); h != "" {
		return h, nil
	}
	u, err := user.Current()
	if err != nil || u.HomeDir == "" {
		return "", errNoHome
	}
	return u.HomeDir, nil
}

// folder is $xdg/o365mail, or the place of the operating system.
// XDG Base Directory Specification 0.8: a relative path in a variable is ignored.
func (d *deps) folder(xdg, unix, windows, darwin string) (string, error) {
	if d.system != nil {
		return d.systemFolder(), nil
	}
	if v := d.Getenv(xdg); filepath.IsAbs(v) {
		return filepath.Join(v, "o365mail"), nil
	}
	if runtime.GOOS == "windows" {
		if v := d.Getenv(windows); v != "" {
			return filepath.Join(v, "o365mail"), nil
		}
	}
	h, err := d.home()
	if err != nil {
		return "", err
	}
	if runtime.GOOS == "darwin" {
		return filepath.Join(h, darwin, "o365mail"), nil
	}
	return filepath.Join(h, unix, "o365mail"), nil
}

// configFolder holds config.toml.
func (d *deps) configFolder() (string, error) {
	return d.folder("XDG_CONFIG_HOME", ".config", "APPDATA", "Library/Application Support")
}

// stateFolder holds the log and the session locks.
func (d *deps) stateFolder() (string, error) {
	return d.folder("XDG_STATE_HOME", ".local/state", "LOCALAPPDATA", "Library/Logs")
}
