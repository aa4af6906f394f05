package config

import (
	"runtime/debug"
	"testing"
)

func TestVisitBytes_IsWhatWasSaidOrAShare(t *testing.T) {
	if got := (Server{VisitorMemory: 300}).VisitBytes(); got != 300<<20 {
		t.Errorf("said: %d", got)
	}
	for memory, want := range map[uint64]int64{0: 64 << 20, 128 << 20: 64 << 20, 512 << 20: 128 << 20, 64 << 30: 1 << 30} {
		if got := shareOf(memory); got != want {
			t.Errorf("of %d bytes: %d, want %d", memory, got, want)
		}
	}
	before := debug.SetMemoryLimit(800 << 20)
	defer debug.SetMemoryLimit(before)
	if got := (Server{}).VisitBytes(); got != 200<<20 {
		t.Errorf("of a limited process: %d", got)
	}
}
