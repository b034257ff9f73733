package tokenstore

import (
	"errors"
	"fmt"
	"os"
	"time"
)

// asideLimit bounds the wait for the lock before a damaged file is set aside.
const asideLimit = time.Second

// DamagedError is a file that is not what was written for this profile: it was cut, changed, or is
// another profile's. A new login is needed.
type DamagedError struct {
	Path  string
	Aside string // where the file was moved to; empty if it could not be moved, or was left in place
	Err   error  // what is wrong with it
}

// Error names the file, what is wrong with it and where it is now.
func (e *DamagedError) Error() string {
	text := fmt.Sprintf("%s is damaged: %v", e.Path, e.Err)
	if e.Aside != "" {
		text += "; kept as " + e.Aside
	}
	return text
}

// Unwrap gives what is wrong with it.
func (e *DamagedError) Unwrap() error { return e.Err }

// OtherKeyError is a file that is sealed with another key than the holder has. It is readable again
// once the holder has that key, and was left as it is.
type OtherKeyError struct {
	Path   string
	Holder Holder
	File   KeyID // of the key that the file is sealed with
	Held   KeyID // of the holder's key
}

// Error names the file and both keys.
func (e *OtherKeyError) Error() string {
	return fmt.Sprintf("%s is sealed with key %s, %s holds key %s", e.Path, e.File, e.Holder, e.Held)
}

// VersionError is a file in the form of a newer release. It was left as it is.
type VersionError struct {
	Path    string
	Version int
}

// Error names the file and its version.
func (e *VersionError) Error() string {
	return fmt.Sprintf("%s has version %d of the form, this program knows %d", e.Path, e.Version, version)
}

// explain turns what unseal met into an error with its facts.
func (s *Store) explain(err error, k key, file []byte) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errKeyID):
		return &OtherKeyError{s.Path(), s.holder, idOf(file), k.id}
	case errors.Is(err, errVersion):
		return &VersionError{s.Path(), int(file[len(magic)])}
	}
	return &DamagedError{Path: s.Path(), Err: err}
}

// setAside renames the file; the lock is held. It tells the new name.
func (s *Store) setAside(folder *os.Root, mark string) (string, error) {
	now := time.Now().UTC()
	name := fmt.Sprintf("%s%s%s-%09d", storeName(s.profile), mark, now.Format(asideTime), now.Nanosecond())
	if err := folder.Rename(storeName(s.profile), name); err != nil {
		return "", err
	}
	return name, syncFolder(folder)
}
