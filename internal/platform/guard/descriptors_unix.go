//go:build unix

package guard

import (
	"math"

	"golang.org/x/sys/unix"
)

// Descriptors is how many files the process may hold open, 0 when that is not known.
func Descriptors() int {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return 0
	}
	return int(min(uint64(limit.Cur), math.MaxInt32)) //nolint:unconvert // int64 on some systems
}
