package api_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/clock"
)

// A flood of callers that are all new costs no more than so many buckets, and who was refused before it may at worst begin anew.
func TestLimiter_IsBounded(t *testing.T) {
	l := api.NewLimiter(clock.NewFake(time.UnixMilli(0)))
	rate := api.Rate{Burst: 1, Per: time.Hour}
	if l.Take("first", rate) != 0 || l.Take("first", rate) <= 0 {
		t.Fatal("the second token of one was given")
	}
	for i := range 2 * api.BucketsMost {
		if wait := l.Take(fmt.Sprint(i), rate); wait != 0 {
			t.Fatalf("caller %d waits %s at the first time", i, wait)
		}
		if held := l.Held(); held > api.BucketsMost {
			t.Fatalf("%d buckets after %d callers", held, i+1)
		}
	}
}
