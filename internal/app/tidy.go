package app

import (
	"context"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/clock"
)

// The first round comes soon, so that what fell due while the program was stopped, or is restarted every day, does not wait for long.
const (
	tidyFirst = time.Minute
	tidyEvery = 10 * time.Minute
)

// tidy forgets what is kept only for a time: old events, decisions, runs of triggers, and the answers of repeatable commands.
func (a *App) tidy() {
	next := time.NewTimer(tidyFirst)
	defer next.Stop()
	for {
		select {
		case <-a.background.Done():
			return
		case <-next.C:
		}
		a.tidyOnce(a.background)
		next.Reset(tidyEvery)
	}
}

// tidyOnce is one round. Each part works in small writes and goes on in the next round when it is interrupted.
func (a *App) tidyOnce(ctx context.Context) {
	now := a.clock.Now()
	old := clock.Millis(now.AddDate(0, 0, -a.config.KeepEvents))
	n, err := a.events.Prune(ctx, old)
	if n > 0 {
		a.log.Info("old events forgotten", "events", n)
	}
	a.untidy(ctx, "old events", err)
	a.untidy(ctx, "old runs of triggers", a.triggers.Tidy(ctx))
	a.untidy(ctx, "old decisions", a.routing.Tidy(ctx, old))
	if err := a.store.Upkeep(ctx); err != nil && ctx.Err() == nil {
		a.log.Error("the database's statistics could not be brought up to date", "error", err)
	}
	a.untidy(ctx, "old idempotency keys", api.ForgetOnce(ctx, a.store, clock.Millis(now.Add(-api.IdempotencyKept))))
}

// untidy tells of what could not be forgotten; being stopped is no failure.
func (a *App) untidy(ctx context.Context, what string, err error) {
	if err != nil && ctx.Err() == nil {
		a.log.Error("something could not be forgotten", "what", what, "error", err)
	}
}
