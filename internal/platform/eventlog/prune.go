package eventlog

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

// The log is cut by position, which its key finds: an index by time would cost every event that is written.
const (
	selectOldest = "SELECT position, at FROM events WHERE account_id = ? ORDER BY position LIMIT 1"
	selectYoung  = "SELECT position FROM events WHERE account_id = ? AND position < ? AND at >= ? ORDER BY position LIMIT 1"
	deleteOldest = "DELETE FROM events WHERE account_id = ? AND position >= ? AND position < ?"
)

// Prune forgets events older than before (milliseconds UTC) and returns how many. Clients behind that are told to start afresh.
// Of each account it cuts the log up to the first event that is younger, bit by bit and without gaps: interrupted, it goes on the
// next time.
func (l *Log) Prune(ctx context.Context, before int64) (int64, error) {
	positions, err := l.tail.positions(ctx)
	if err != nil {
		return 0, err
	}
	var total int64
	for _, accountID := range slices.Sorted(maps.Keys(positions)) {
		n, err := l.prune(ctx, accountID, before)
		total += n
		if err != nil {
			return total, fmt.Errorf("eventlog: prune account %s: %w", accountID, err)
		}
	}
	return total, nil
}

func (l *Log) prune(ctx context.Context, accountID string, before int64) (int64, error) {
	var position, at int64
	err := l.store.Read().QueryRow(ctx, selectOldest, accountID).Scan(&position, &at)
	if errors.Is(err, store.ErrNoRows) || err == nil && at >= before {
		return 0, nil // most often: no write is spent on finding nothing
	}
	if err != nil {
		return 0, err //nolint:wrapcheck // Prune says what it was for
	}
	return l.store.Bites(ctx, func(ctx context.Context, tx *store.Tx) (int64, error) {
		var oldest, at int64
		err := tx.QueryRow(ctx, selectOldest, accountID).Scan(&oldest, &at)
		if errors.Is(err, store.ErrNoRows) {
			return 0, nil
		}
		if err != nil {
			return 0, err //nolint:wrapcheck // Prune says what it was for
		}
		end := oldest + store.BiteRows
		if err := tx.QueryRow(ctx, selectYoung, accountID, end, before).Scan(&end); err != nil && !errors.Is(err, store.ErrNoRows) {
			return 0, err //nolint:wrapcheck // Prune says what it was for
		}
		return tx.Exec(ctx, deleteOldest, accountID, oldest, end)
	})
}
