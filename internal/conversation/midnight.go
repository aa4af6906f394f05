package conversation

import (
	"context"
	"fmt"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
)

// dayOf returns the account's day at a moment. Days have 23 to 25 hours where clocks change; a day and a half after its
// beginning it is always the next one.
func (b *Board) dayOf(ctx context.Context, accountID string, at time.Time) (day, error) {
	_, start, err := b.calendar.Day(ctx, accountID, at)
	if err != nil {
		return day{}, fmt.Errorf("conversation: the account's day: %w", err)
	}
	_, end, err := b.calendar.Day(ctx, accountID, start.Add(36*time.Hour))
	if err != nil {
		return day{}, fmt.Errorf("conversation: the account's day: %w", err)
	}
	return day{start: clock.Millis(start), end: clock.Millis(end)}, nil
}

// turn begins a new day in a sheet when the moment (milliseconds) lies behind the day's end, and says whether it did.
// Nothing of the new day can have been counted before: what ended in it comes after its first moment.
func (b *Board) turn(ctx context.Context, s *sheet, at int64) bool {
	if at < s.day.end {
		return false
	}
	next, err := b.dayOf(ctx, s.accountID, time.UnixMilli(at))
	if err != nil {
		b.logger.Error("the account's day could not be told", "account", s.accountID, "error", err)
		return false
	}
	s.day = next
	for _, t := range s.departments {
		t.finished, t.abandoned, t.first = 0, 0, nil
	}
	return true
}

// start begins to watch for the accounts' midnights.
func (b *Board) start() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stopped = false
	b.watch()
}

// stop ends that.
func (b *Board) stop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stopped = true
	if b.midnight != nil {
		b.midnight.Stop()
	}
}

// longestWatch bounds how long a clock that was set is not noticed.
const longestWatch = time.Minute

// watch looks again at the next end of a day; the caller holds the lock.
func (b *Board) watch() {
	now := clock.Millis(b.clock.Now())
	wait := longestWatch
	for _, s := range b.accounts {
		if left := time.Duration(s.day.end-now) * time.Millisecond; !s.loading && left < wait {
			wait = max(left, time.Millisecond)
		}
	}
	b.midnight = time.AfterFunc(wait, b.strike)
}

// strike turns the days that are over and tells of it.
func (b *Board) strike() {
	b.mu.Lock()
	if b.stopped {
		b.mu.Unlock()
		return
	}
	now := clock.Millis(b.clock.Now())
	var changes []BoardChange
	for _, s := range b.accounts {
		if s.loading || !b.turn(context.Background(), s, now) {
			continue
		}
		change := BoardChange{AccountID: s.accountID}
		for id := range s.departments {
			change.DepartmentIDs = append(change.DepartmentIDs, id)
		}
		changes = append(changes, change)
	}
	b.watch()
	b.mu.Unlock()
	for _, change := range changes {
		b.onChange(change)
	}
}
