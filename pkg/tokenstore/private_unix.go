//go:build unix

package tokenstore

import (
	"os"
	"syscall"
)

// openFlags keep a pipe that took the file's place from holding us.
const openFlags = os.O_RDONLY | syscall.O_NONBLOCK

// lockFlags make the lock file, and follow no link to another one.
const lockFlags = os.O_CREATE | os.O_RDONLY | syscall.O_NOFOLLOW | syscall.O_NONBLOCK

// private wants a file or folder of ours that nobody else has access to.
func private(f *os.File) Unsafe {
	info, err := f.Stat()
	if err != nil {
		return NoAccess
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !ok || int(stat.Uid) != os.Geteuid():
		return OtherOwner
	case info.Mode().Perm()&0o077 != 0:
		return Exposed
	}
	return ""
}

// privateCredential wants what systemd makes: a file of ours, or root's with an access list for us,
// which shows as access of the group (systemd.exec(5), "Credentials").
func privateCredential(f *os.File) Unsafe {
	info, err := f.Stat()
	if err != nil {
		return NoAccess
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !ok || (stat.Uid != 0 && int(stat.Uid) != os.Geteuid()):
		return OtherOwner
	case info.Mode().Perm()&0o037 != 0:
		return Exposed
	}
	return ""
}

// syncFolder makes renames in the folder outlast a loss of power.
func syncFolder(folder *os.Root) error {
	f, err := folder.Open(".")
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	return f.Sync()
}

// isBusy is false: a rename does not wait for readers here.
func isBusy(error) bool { return false }
