package visitor

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// Finished is a visit that is over.
type Finished struct {
	Detail
	EndedAt int64 // milliseconds
	// Pages is how many page views are new since the visit was last written, if it was.
	Pages int
	// bytes is what the visit counted for.
	bytes int64
}

// Records is what of visits is durable. Store implements it.
type Records interface {
	// Reserve takes n numbers of an account's visitors and returns the first, from 1. No number is ever given twice.
	Reserve(ctx context.Context, accountID string, n int64) (first int64, err error)
	// Save writes finished visits. One that was written before goes on: its pages add up.
	Save(ctx context.Context, visits []Finished) error
}

// journal gathers finished visits and writes them in batches.
type journal struct {
	records Records
	logger  *slog.Logger

	mu      sync.Mutex
	waiting []Finished
	// bytes is what the waiting visits hold, room how much that may be.
	bytes, room int64
	lost        int
	// hurry is told when half of the room is taken: there is no waiting for the next write then.
	hurry chan struct{}
	// writing keeps two writes apart, so that one visit's states come in order.
	writing sync.Mutex
}

const (
	// journalLimit is how many visits wait at most while the database is away, and maxWaitingBytes what they hold; the oldest are given
	// up then.
	journalLimit    = 50_000
	maxWaitingBytes = 64 << 20
	// journalBatch is how many are written in one transaction.
	journalBatch = 500
)

func (j *journal) add(f Finished) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.bound()
	j.waiting = append(j.waiting, f)
	if j.bytes += f.bytes; j.bytes > j.room/2 {
		select {
		case j.hurry <- struct{}{}:
		default:
		}
	}
}

// bound gives up the oldest visits when too many wait for one more, until a tenth of the place is free.
func (j *journal) bound() {
	if len(j.waiting) < journalLimit && j.bytes <= j.room {
		return
	}
	dropped := 0
	for dropped < len(j.waiting) && (len(j.waiting)-dropped > journalLimit/10*9 || j.bytes > j.room/10*9) {
		j.bytes -= j.waiting[dropped].bytes
		dropped++
	}
	j.lost += dropped
	j.waiting = slices.Delete(j.waiting, 0, dropped)
}

func (j *journal) run(ctx context.Context, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	hurry := j.hurry
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			hurry = j.hurry
		case <-hurry:
		}
		if err := j.write(ctx); err != nil && ctx.Err() == nil {
			j.logger.LogAttrs(ctx, slog.LevelError, "visitor: finished visits not written, trying again", slog.Any("error", err))
			hurry = nil // a database that is away is not asked more often
		}
	}
}

// write writes everything that waits; what fails waits on.
func (j *journal) write(ctx context.Context) error {
	j.writing.Lock()
	defer j.writing.Unlock()
	j.mu.Lock()
	visits, lost := j.waiting, j.lost
	j.waiting, j.bytes, j.lost = nil, 0, 0
	j.mu.Unlock()
	if lost > 0 {
		j.logger.LogAttrs(ctx, slog.LevelWarn, "visitor: finished visits given up, there were too many for the database, or it was away for too long", slog.Int("visits", lost))
	}
	for len(visits) > 0 {
		n := min(len(visits), journalBatch)
		if err := j.records.Save(ctx, visits[:n]); err != nil {
			j.mu.Lock()
			j.waiting = append(visits, j.waiting...)
			for _, f := range visits {
				j.bytes += f.bytes
			}
			j.bound()
			j.mu.Unlock()
			return err
		}
		visits = visits[n:]
	}
	return nil
}
