//go:build unix

package cmd

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// become makes the whole process act as another user until it goes back.
func become(uid, gid int) (back func() error, err error) {
	ownUID, ownGID := os.Geteuid(), os.Getegid()
	if err := syscall.Setegid(gid); err != nil {
		return nil, err
	}
	back = func() error { return errors.Join(syscall.Seteuid(ownUID), syscall.Setegid(ownGID)) }
	if err := syscall.Seteuid(uid); err != nil {
		return nil, errors.Join(err, back())
	}
	return back, nil
}

// runAs makes a command that has not started yet one of another user.
func runAs(c *exec.Cmd, s service) {
	if s.uid != os.Geteuid() {
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(s.uid), Gid: uint32(s.gid)}} //nolint:gosec // ids of the user database
	}
}
