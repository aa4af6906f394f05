package config

import (
	"math"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// The share of visits in the memory of the process when nothing is said, and its bounds in bytes.
const (
	visitShare    = 4
	leastForVisit = 64 << 20
	mostForVisit  = 1 << 30
)

// VisitBytes returns how much memory visits may hold, in bytes.
func (s Server) VisitBytes() int64 {
	if s.VisitorMemory > 0 {
		return int64(s.VisitorMemory) << 20
	}
	return shareOf(usable())
}

// usable is how much memory the process may use: what the garbage collector was told (GOMEMLIMIT, the limit of the container or service),
// else what the machine has; 0 when that is unknown.
func usable() uint64 {
	if limit := debug.SetMemoryLimit(-1); limit != math.MaxInt64 {
		return uint64(max(limit, 0))
	}
	all, err := memlimit.FromSystem()
	if err != nil {
		return 0
	}
	return all
}

func shareOf(memory uint64) int64 {
	return int64(min(max(memory/visitShare, leastForVisit), mostForVisit))
}
