package tokenstore

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// Lookup finds a variable of the process's environment, as os.LookupEnv does. It has to be that
// very environment: the keychain's client library reads DBUS_SESSION_BUS_ADDRESS by itself, and is
// called only when Lookup finds it or the user's bus is there. A nil Lookup finds nothing.
type Lookup func(name string) (string, bool)

func (l Lookup) find(name string) string {
	if l == nil {
		return ""
	}
	value, _ := l(name)
	return value
}

// KeyReason says why a key could not be had.
type KeyReason string

// The reasons. Only KeyAbsent is cured by making a key.
const (
	KeyAbsent      KeyReason = "there is no key"
	KeyLocked      KeyReason = "it is locked, or waits for somebody to answer"
	KeyUnreachable KeyReason = "it cannot be reached from here"
	KeyMalformed   KeyReason = "what it holds is not a key"
	KeyUnsafe      KeyReason = "what it holds is not ours to read"
	KeyFixed       KeyReason = "a key cannot be made or changed there from here"
)

// KeyError is a key that could not be had from its holder, made or changed there. No other holder
// was tried and nothing was changed.
type KeyError struct {
	Holder Holder
	Reason KeyReason
	Err    error // what was met, or nil; never holds the key
}

// Error names holder, reason and what was met.
func (e *KeyError) Error() string {
	text := fmt.Sprintf("key holder %s: %s", e.Holder, e.Reason)
	if e.Err != nil {
		text += ": " + printable(e.Err.Error())
	}
	return text
}

// Unwrap gives what was met.
func (e *KeyError) Unwrap() error { return e.Err }

// printable takes the control characters out of another program's words and bounds them.
func printable(text string) string {
	text = strings.Map(func(r rune) rune {
		if isControl(r) || (r >= 0x80 && r < 0xa0) {
			return ' '
		}
		return r
	}, text)
	return text[:min(len(text), 500)]
}

// slot tells a holder's keys apart: next exists only while a rotation is under way.
type slot string

const (
	current slot = ""
	next    slot = ".next"
)

// keySource is a holder at work. Every error is a *KeyError, or that of the context.
type keySource interface {
	load(ctx context.Context, which slot) (key, error)
	// create stores a key where none may be: KeyAbsent was seen, under the lock of the keys.
	create(ctx context.Context, which slot, k key) error
	// promote makes the next key the current one; what it is cut off at can be done again.
	promote(ctx context.Context) error
	remove(ctx context.Context, which slot) error
}

// newSource gives the holder's source for a folder of sealed files. Its error is a *HolderError.
func newSource(h Holder, dir string, env Lookup) (keySource, error) {
	switch h.Kind {
	case Keychain:
		return keychainKeys{h, accountOf(dir), env}, nil
	case KeyFile:
		if !filepath.IsAbs(h.Place) {
			return nil, &HolderError{h.String(), "want an absolute path: cron starts elsewhere"}
		}
		return fileKeys{h, filepath.Clean(h.Place)}, nil
	case Variable:
		return variableKey{fixed{h}, env}, nil
	case Systemd:
		return credentialKey{fixed{h}, env}, nil
	case Auto:
		return nil, &HolderError{h.String(), "not decided yet: choose a holder at login"}
	}
	return nil, &HolderError{h.String(), "unknown"}
}

// isReason reports whether the key could not be had for that reason.
func isReason(err error, reason KeyReason) bool {
	e, ok := errors.AsType[*KeyError](err)
	return ok && e.Reason == reason
}
