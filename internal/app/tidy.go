package app

import (
	"time"

	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/clock"
)

const tidyEvery = time.Hour

// tidy forgets what is kept only for a time: old events and the answers of repeatable commands.
func (a *App) tidy() {
	tick := time.NewTicker(tidyEvery)
	defer tick.Stop()
	for {
		select {
		case <-a.background.Done():
			return
		case <-tick.C:
		}
		now := a.clock.Now()
		if n, err := a.events.Prune(a.background, clock.Millis(now.AddDate(0, 0, -a.config.KeepEvents))); err != nil {
			a.log.Error("old events could not be forgotten", "error", err)
		} else if n > 0 {
			a.log.Info("old events forgotten", "events", n)
		}
		if err := a.triggers.Tidy(a.background); err != nil {
			a.log.Error("old runs of triggers could not be forgotten", "error", err)
		}
		if err := a.routing.Tidy(a.background, clock.Millis(now.AddDate(0, 0, -a.config.KeepEvents))); err != nil {
			a.log.Error("old decisions could not be forgotten", "error", err)
		}
		if err := api.ForgetOnce(a.background, a.store, clock.Millis(now.Add(-api.IdempotencyKept))); err != nil {
			a.log.Error("old idempotency keys could not be forgotten", "error", err)
		}
	}
}
