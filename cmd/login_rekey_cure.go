package cmd

import (
	"errors"
	"fmt"

	"github.com/o365mail/o365mail/pkg/tokenstore"
)

// curedError is an error of the token store whose cure depends on what was being done.
type curedError struct {
	error
	try string
}

func (e curedError) Unwrap() error { return e.error }

func (e curedError) into(f *failure) *failure {
	f.try = e.try
	return f
}

// cureFor says what to do about a key that could not be had or made.
func cureFor(err error, profile string, from tokenstore.Holder) error {
	key, ok := errors.AsType[*tokenstore.KeyError](err)
	if !ok {
		return err
	}
	command := "o365mail login --rekey -p " + profile
	switch h := key.Holder; {
	case h.Kind == tokenstore.Keychain:
		return curedError{err, "unlock the keychain, as at a log-in to the desktop, and repeat the call"}
	case h.Kind == tokenstore.Variable && h == from && key.Reason == tokenstore.KeyFixed:
		return curedError{err, fmt.Sprintf("keep %[1]s, make a second variable such as %[1]s_2 of what `openssl rand -base64 32` prints, then %[2]s --keyring env:%[1]s_2", h.Place, command)}
	case h.Kind == tokenstore.Variable && h != from:
		return curedError{err, fmt.Sprintf("set %s to what `openssl rand -base64 32` prints, here and wherever the profile is used, and repeat the call", h.Place)}
	case h.Kind == tokenstore.Systemd && h == from && key.Reason == tokenstore.KeyFixed:
		return curedError{err, fmt.Sprintf("in the service, %[1]s --keyring file:PATH; replace the credential by what `openssl rand -base64 32` prints, restart the service, then in it %[1]s --keyring systemd", command)}
	case h.Kind == tokenstore.Systemd:
		return curedError{err, "run the call in a unit with LoadCredential=o365mail-key:PATH, where PATH holds what `openssl rand -base64 32` prints"}
	case isExposed(key):
		return curedError{err, "make " + h.Place + " a plain file of this user with mode 600"}
	case h == from && (key.Reason == tokenstore.KeyAbsent || key.Reason == tokenstore.KeyMalformed):
		return curedError{err, "give back the key; without it only o365mail login helps"}
	case key.Reason == tokenstore.KeyMalformed:
		return curedError{err, "name a file that holds a key, or none yet: --keyring file:PATH"}
	}
	return curedError{err, "name a place where this user can make a file: --keyring file:PATH"}
}

// isExposed reports whether a key file is there that others could read or have placed.
func isExposed(key *tokenstore.KeyError) bool {
	unsafe, ok := errors.AsType[*tokenstore.UnsafeError](key)
	return ok && unsafe.Reason != tokenstore.NotFolder && unsafe.Reason != tokenstore.NoAccess
}
