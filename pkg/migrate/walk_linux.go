package migrate

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// deviceOf identifies the file system of a folder.
func deviceOf(dir string) uint64 {
	info, err := os.Lstat(dir)
	if err != nil {
		return 0
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(stat.Dev) //nolint:unconvert // not a uint64 on every architecture
	}
	return 0
}

// pseudo names a file system whose files are views of the kernel: some of them block, or never end.
func pseudo(dir string) string {
	var stat unix.Statfs_t
	if unix.Statfs(dir, &stat) != nil {
		return ""
	}
	switch int64(stat.Type) { //nolint:unconvert // not an int64 on every architecture
	case unix.PROC_SUPER_MAGIC, unix.SYSFS_MAGIC, unix.CGROUP_SUPER_MAGIC, unix.CGROUP2_SUPER_MAGIC, unix.DEBUGFS_MAGIC, unix.TRACEFS_MAGIC,
		unix.SECURITYFS_MAGIC, unix.DEVPTS_SUPER_MAGIC, unix.BPF_FS_MAGIC, unix.PSTOREFS_MAGIC, unix.EFIVARFS_MAGIC, unix.SELINUX_MAGIC:
		return "a file system of the kernel"
	}
	return ""
}
