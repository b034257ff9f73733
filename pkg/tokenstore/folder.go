package tokenstore

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"time"
)

// What the names in the folder end in, after the escaped name of a profile. A profile's name may
// hold such an ending too, so the parts behind ".store" are matched to their last character.
const (
	storeEnding  = ".store"
	lockEnding   = ".lock"
	tempMark     = ".tmp-"      // and 16 hexadecimal digits
	damagedMark  = ".damaged-"  // and the time
	replacedMark = ".replaced-" // and the time: not damaged, but not readable with the key at hand
	asideTime    = "20060102T150405Z"
)

// keyLock serializes the making and changing of keys. No profile's name begins with a dot.
const keyLock = ".keys" + lockEnding

func storeName(profile string) string { return escape(profile) + storeEnding }

// openFolder opens the folder of the store, which has to be a private one of ours. It may be
// reached through a link. Its errors are *UnsafeError and those of the operating system,
// fs.ErrNotExist among them.
func openFolder(dir string) (*os.Root, error) {
	root, err := openRoot(dir)
	if err != nil {
		return nil, err
	}
	if err := checkFolder(root); err != nil {
		_ = root.Close()
		return nil, err
	}
	return root, nil
}

// openRoot opens any folder. It looks first: opening a pipe would wait for its other end.
func openRoot(dir string) (*os.Root, error) {
	info, err := os.Stat(dir) //nolint:gosec // the caller's own setting
	switch {
	case err != nil:
		return nil, denied(dir, err)
	case !info.IsDir():
		return nil, &UnsafeError{dir, NotFolder}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, denied(dir, err)
	}
	return root, nil
}

func checkFolder(root *os.Root) error {
	f, err := root.Open(".")
	if err != nil {
		return denied(root.Name(), err)
	}
	defer func() { _ = f.Close() }()
	if reason := private(f); reason != "" {
		return &UnsafeError{root.Name(), reason}
	}
	return nil
}

// makeFolder is openFolder, and makes it where it is missing.
func makeFolder(dir string) (*os.Root, error) {
	folder, err := openFolder(dir)
	if !errors.Is(err, fs.ErrNotExist) {
		return folder, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil { //nolint:gosec // the caller's own setting
		return nil, denied(dir, err)
	}
	return openFolder(dir)
}

func names(folder *os.Root) ([]string, error) {
	f, err := folder.Open(".")
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return f.Readdirnames(-1)
}

// isTemp reports whether a writer of the file left name behind when it was killed.
func isTemp(name, file string) bool {
	digits, ok := strings.CutPrefix(name, file+tempMark)
	return ok && len(digits) == 16 && strings.Trim(digits, "0123456789abcdef") == ""
}

// isAside reports whether name is an earlier content of the file that was set aside.
func isAside(name, file string) bool {
	rest, ok := strings.CutPrefix(name, file)
	if !ok {
		return false
	}
	for _, mark := range []string{damagedMark, replacedMark} {
		if at, ok := strings.CutPrefix(rest, mark); ok {
			second, fraction, _ := strings.Cut(at, "-")
			_, err := time.Parse(asideTime, second)
			return err == nil && len(fraction) == 9 && strings.Trim(fraction, "0123456789") == ""
		}
	}
	return false
}

// removeMatching removes the files of the folder that a test accepts.
func removeMatching(folder *os.Root, accept func(name string) bool) error {
	all, err := names(folder)
	if err != nil {
		return err
	}
	var failed error
	for _, name := range all {
		if accept(name) {
			failed = errors.Join(failed, folder.Remove(name))
		}
	}
	return failed
}
