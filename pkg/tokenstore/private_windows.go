package tokenstore

import (
	"errors"
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

// openFlags: nothing but reading. os.Root opens for shared deletion, so that a reader does not
// stop a rename.
const openFlags = os.O_RDONLY

// lockFlags make the lock file.
const lockFlags = os.O_CREATE | os.O_RDONLY

// private wants a file or folder of ours (or of the administrators: what an elevated process makes
// is theirs) whose access list lets in no group that every user is in. Mode bits mean nothing here,
// and what lies below a user's profile inherits such a list. System and administrators are as root
// elsewhere: they can read in any case.
func private(f *os.File) Unsafe {
	what := windows.SECURITY_INFORMATION(windows.OWNER_SECURITY_INFORMATION | windows.DACL_SECURITY_INFORMATION)
	descriptor, err := windows.GetSecurityInfo(windows.Handle(f.Fd()), windows.SE_FILE_OBJECT, what)
	if err != nil {
		return NoAccess
	}
	owner, _, err := descriptor.Owner()
	if err != nil || !isOurs(owner) {
		return OtherOwner
	}
	list, _, err := descriptor.DACL()
	if err != nil || list == nil { // a missing list lets in everybody
		return Exposed
	}
	return judgeList(list)
}

func isOurs(owner *windows.SID) bool {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return false
	}
	return owner.Equals(user.User.Sid) || owner.IsWellKnown(windows.WinBuiltinAdministratorsSid) ||
		owner.IsWellKnown(windows.WinLocalSystemSid)
}

// judgeList looks at each entry that allows something.
func judgeList(list *windows.ACL) Unsafe {
	for i := range uint32(list.AceCount) {
		var entry *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(list, i, &entry); err != nil {
			return NoAccess
		}
		if entry.Header.AceType == windows.ACCESS_ALLOWED_ACE_TYPE && isEverybody(sidOf(entry)) {
			return Exposed
		}
	}
	return ""
}

// sidOf is the group or user of the entry: its bytes begin at SidStart.
func sidOf(entry *windows.ACCESS_ALLOWED_ACE) *windows.SID {
	return (*windows.SID)(unsafe.Pointer(&entry.SidStart)) //nolint:gosec // the documented layout of the structure
}

func isEverybody(sid *windows.SID) bool {
	for _, group := range []windows.WELL_KNOWN_SID_TYPE{
		windows.WinWorldSid, windows.WinAuthenticatedUserSid, windows.WinBuiltinUsersSid,
		windows.WinBuiltinGuestsSid, windows.WinAnonymousSid, windows.WinInteractiveSid, windows.WinNetworkSid,
	} {
		if sid.IsWellKnown(group) {
			return true
		}
	}
	return false
}

// privateCredential is private: systemd is not here.
func privateCredential(f *os.File) Unsafe { return private(f) }

// syncFolder does nothing: a folder cannot be flushed, and NTFS logs its renames.
func syncFolder(*os.Root) error { return nil }

// isBusy reports whether a rename failed because another program (a scanner, an indexer) has the
// file open without sharing it, which passes.
func isBusy(err error) bool {
	return errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_ACCESS_DENIED)
}
