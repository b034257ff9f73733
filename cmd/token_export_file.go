package cmd

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// errNotNew says that a file stands where a new one was asked for.
var errNotNew = errors.New("is there already: give another name, or --force")

// checkNewFile refuses early, before anybody types a passphrase.
func checkNewFile(path string, force bool) error {
	if path == "-" {
		return nil
	}
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return cannotCreateError{err}
	case !info.Mode().IsRegular():
		return cannotCreateError{fmt.Errorf("%s is no plain file: give a file, or - for stdout", path)}
	case !force:
		return cannotCreateError{fmt.Errorf("%s %w", path, errNotNew)}
	}
	return nil
}

// writeBackup writes all of it or, when it fails, nothing.
func (d *deps) writeBackup(o exportOptions, sealed []byte) error {
	if o.output == "-" {
		if _, err := d.Stdout.Write(sealed); err != nil {
			return fmt.Errorf("write the backup: %w", err)
		}
		return nil
	}
	if err := writePrivate(o.output, sealed, o.force); err != nil {
		return cannotCreateError{err}
	}
	return nil
}

// writePrivate makes a file for its owner alone. Replacing goes by a rename, so that a link is not
// followed and the former file stays until the new one is on the disk.
func writePrivate(path string, content []byte, replace bool) error {
	f, err := openPrivate(path, replace)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil && replace {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

func openPrivate(path string, replace bool) (*os.File, error) {
	if replace {
		return os.CreateTemp(filepath.Dir(path), ".o365mail-*.age")
	}
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the caller's own choice
}
