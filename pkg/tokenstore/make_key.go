package tokenstore

import (
	"context"
	"os"
	"strings"
)

// CreateKey makes the key where the holder has none, reads it back, and reports whether it made
// one. A keychain that is locked, or a key that is there and unusable, is a *KeyError and is left
// alone. So is a variable and systemd's credential: somebody else makes those, see NewKey. Further
// errors are *UnsafeError for the folder and *LockError.
func (s *Store) CreateKey(ctx context.Context) (created bool, err error) {
	err = withKeyLock(ctx, s.dir, func(*os.Root) error {
		_, err := s.source.load(ctx, current)
		if !isReason(err, KeyAbsent) {
			return err
		}
		if err := s.source.create(ctx, current, newKey()); err != nil {
			return err
		}
		created = true
		_, err = s.source.load(ctx, current) // on Windows a folder may open what is made in it to others
		return err
	})
	return created, err
}

// NewKey is the text of a new key, for a holder that o365mail cannot write to: the value of the
// variable, or of the credential. It is a secret.
func NewKey() string { return newKey().text() }

// KeyInUseError is a key that is still needed.
type KeyInUseError struct{ Profiles []string }

// Error names the profiles that need it.
func (e *KeyInUseError) Error() string {
	return "the key still opens the tokens of " + strings.Join(e.Profiles, ", ")
}

// ForgetKey removes the key from its holder, once no file of the folder is sealed with it; until
// then the error is a *KeyInUseError. Files that were set aside cannot be opened afterwards. No key
// is no error; else the errors are those of CreateKey.
func (s *Store) ForgetKey(ctx context.Context) error {
	err := withKeyLock(ctx, s.dir, func(folder *os.Root) error {
		k, err := s.source.load(ctx, current)
		if err != nil {
			return err
		}
		if err := checkUnused(folder, k.id); err != nil {
			return err
		}
		return s.source.remove(ctx, current)
	})
	if isReason(err, KeyAbsent) {
		return nil
	}
	return err
}

func checkUnused(folder *os.Root, id KeyID) error {
	entries, err := entriesOf(folder)
	if err != nil {
		return err
	}
	var users []string
	for _, e := range entries {
		if e.Err != nil || e.KeyID == id { // what cannot be looked at may need it
			users = append(users, e.Profile)
		}
	}
	if users != nil {
		return &KeyInUseError{users}
	}
	return nil
}
