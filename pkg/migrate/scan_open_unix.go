//go:build unix

package migrate

import "syscall"

// openFlags keep a FIFO that has taken the place of a file since its folder was read from stopping the
// scan, and spare each file the calls of the system with which Go would find out that it is one.
const openFlags = syscall.O_NONBLOCK | syscall.O_NOCTTY
