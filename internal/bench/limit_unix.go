//go:build unix

package bench

import "syscall"

// filesLimit returns how many files the process may hold open.
func filesLimit() uint64 {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 0
	}
	return uint64(limit.Cur) //nolint:unconvert // int64 on some systems
}
