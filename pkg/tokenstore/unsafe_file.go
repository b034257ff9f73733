package tokenstore

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Unsafe says why a file or folder is not ours to read.
type Unsafe string

// The reasons, in the order of the checks.
const (
	IsLink     Unsafe = "it is a symbolic link"
	NotPlain   Unsafe = "it is not a plain file"
	NotFolder  Unsafe = "it is not a folder"
	OtherOwner Unsafe = "it belongs to another user"
	Exposed    Unsafe = "others have access to it"
	NoAccess   Unsafe = "access is denied"
	Replaced   Unsafe = "it was replaced while it was opened"
)

// UnsafeError is a file that is not ours to read, however good its content may be: somebody else
// could have read or placed it. It was not changed.
type UnsafeError struct {
	Path   string
	Reason Unsafe
}

// Error names file and reason.
func (e *UnsafeError) Error() string { return e.Path + ": " + string(e.Reason) }

// openTries is how often a file is opened that a writer replaces each time.
const openTries = 20

// openOwn opens a plain file that is its user's own, without following a link or waiting for the
// other end of a pipe. The owner is judged on the open file. Its errors are *UnsafeError and those
// of the operating system, fs.ErrNotExist among them.
func openOwn(folder *os.Root, name string, rule func(*os.File) Unsafe) (f *os.File, err error) {
	for range openTries {
		f, err = tryOwn(folder, name, rule)
		if e, ok := errors.AsType[*UnsafeError](err); !ok || e.Reason != Replaced {
			break
		}
	}
	return f, err
}

func tryOwn(folder *os.Root, name string, rule func(*os.File) Unsafe) (*os.File, error) {
	path := filepath.Join(folder.Name(), name)
	before, err := folder.Lstat(name)
	if err != nil {
		return nil, denied(path, err)
	}
	if reason := plain(before); reason != "" {
		return nil, &UnsafeError{path, reason}
	}
	f, err := folder.OpenFile(name, openFlags, 0)
	if err != nil {
		return nil, denied(path, err)
	}
	if reason := judge(f, before, rule); reason != "" {
		_ = f.Close()
		return nil, &UnsafeError{path, reason}
	}
	return f, nil
}

func plain(info fs.FileInfo) Unsafe {
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return IsLink
	case !info.Mode().IsRegular():
		return NotPlain
	}
	return ""
}

func judge(f *os.File, before fs.FileInfo, rule func(*os.File) Unsafe) Unsafe {
	now, err := f.Stat()
	switch {
	case err != nil:
		return NoAccess
	case !os.SameFile(before, now) || plain(now) != "":
		return Replaced
	}
	return rule(f)
}

// denied turns a refusal of the operating system into ours: the file is there, for somebody else.
func denied(path string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return &UnsafeError{path, NoAccess}
	}
	return err
}

// readOwn reads at most limit bytes and one more of such a file, so that a longer one shows.
func readOwn(folder *os.Root, name string, limit int64, rule func(*os.File) Unsafe) ([]byte, error) {
	f, err := openOwn(folder, name, rule)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, limit+1))
}
