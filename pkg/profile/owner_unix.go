//go:build unix

package profile

import (
	"os"
	"syscall"
)

// checkOwner refuses a file that others than its owner can write, or whose owner is neither the
// caller nor root: the rules of ssh for ~/.ssh/config.
func checkOwner(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return nil
	}
	if info.Mode().Perm()&0o022 != 0 {
		return &UnsafeFileError{f.Name(), "others can write it, want chmod go-w"}
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && stat.Uid != 0 && int(stat.Uid) != os.Geteuid() {
		return &UnsafeFileError{f.Name(), "it belongs to another user"}
	}
	return nil
}
