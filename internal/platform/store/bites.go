package store

import (
	"context"
	"fmt"
	"time"
)

// BiteRows is how many rows one bite changes at most: few enough that a message hardly notices having waited for it.
const BiteRows = 250

// bitePause is the shortest pause between two bites.
const bitePause = 25 * time.Millisecond

// Bites does bit by bit what in one write would hold up everybody else's: it calls fn, each time in a write of its own, until fn
// changes nothing more, and returns how many rows were changed in all. fn changes up to BiteRows rows, which it finds by an index,
// and returns their number.
//
// Between two bites others have their turn, for at least twice as long as a bite took. When ctx is done no further bite begins, and
// its error is returned; what was done stays done, and the next call goes on from there.
func (s *Store) Bites(ctx context.Context, fn func(ctx context.Context, tx *Tx) (int64, error)) (total int64, err error) {
	for {
		var n int64
		begun := time.Now()
		err := s.Write(ctx, func(ctx context.Context, tx *Tx) error {
			var err error
			n, err = fn(ctx, tx)
			return err
		})
		if err != nil {
			return total, err
		}
		if n == 0 {
			return total, nil
		}
		total += n
		pause := time.NewTimer(max(bitePause, 2*time.Since(begun)))
		select {
		case <-ctx.Done():
			pause.Stop()
			return total, fmt.Errorf("store: between two bites: %w", ctx.Err())
		case <-pause.C:
		}
	}
}
