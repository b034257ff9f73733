//go:build unix && !darwin

package tokenstore

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// errNoBus says that there is no session bus to ask, as for a job of cron when nobody is logged in.
var errNoBus = errors.New("no D-Bus session bus: DBUS_SESSION_BUS_ADDRESS is unset and nobody is logged in")

// reachable has to be asked before each use of the keychain: without a bus its client library runs
// dbus-launch, which leaves two daemons running for ever.
func reachable(env Lookup) error {
	if address := env.find("DBUS_SESSION_BUS_ADDRESS"); address != "" && address != "autolaunch:" {
		return nil
	}
	if _, err := os.Stat(fmt.Sprintf("/run/user/%d/bus", os.Getuid())); err == nil {
		return nil
	}
	return errNoBus
}

// isLocked knows go-keyring's words after a refused or dismissed prompt, and those of the Secret
// Service's error IsLocked, which go-keyring hands on without its name.
func isLocked(err error) bool {
	text := err.Error()
	return strings.Contains(text, "failed to unlock") || strings.Contains(text, "locked object") ||
		strings.Contains(text, "Secret.Error.IsLocked")
}
