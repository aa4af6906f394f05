package app

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
)

// TestAbsences_WaitForTheLaterTime: a session that was ended is a connection that is gone, too, and the shorter time must not count.
func TestAbsences_WaitForTheLaterTime(t *testing.T) {
	for name, waits := range map[string][]time.Duration{
		"gone, then ended":  {absenceGrace, returnAfter},
		"ended, then gone":  {returnAfter, absenceGrace},
		"gone, again later": {absenceGrace, absenceGrace},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newAbsences(&App{clock: clock.System{}})
				began := time.Now()
				var gaveBack []time.Duration
				longest := time.Duration(0)
				for _, d := range waits {
					longest = max(longest, d)
					s.after("ana", d, func() { gaveBack = append(gaveBack, time.Since(began)) })
				}
				<-time.After(2 * returnAfter)
				synctest.Wait()
				if len(gaveBack) != 1 || gaveBack[0] != longest {
					t.Errorf("gave back after %v, want once after %v", gaveBack, longest)
				}
			})
		})
	}
}

func TestAbsences_EndWithTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newAbsences(&App{clock: clock.System{}})
		s.after("ana", returnAfter, func() { t.Error("gave back after the stop") })
		s.stop()
		s.after("bia", returnAfter, func() { t.Error("began after the stop") })
		<-time.After(2 * returnAfter)
		synctest.Wait()
	})
}
