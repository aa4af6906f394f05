package visitor

import (
	"context"
	"log/slog"
	"sync"
)

// Visitors' numbers are reserved in the database by blocks, so that no number is given twice in the life of an account: returning
// visitors keep theirs, whatever restarted in between.

// numberBlock is what is left of an account's last reservation.
type numberBlock struct {
	mu          sync.Mutex
	next, after int64
	size        int64
}

// Blocks begin small, so that a restart leaves a small gap, and grow while they are used up.
const (
	firstBlock   = 32
	largestBlock = 4096
)

// number returns a fresh number of the account, from 1. When the database cannot give a block the numbers go on in memory: visitors
// come in all the same, and the next block goes on behind them.
func (l *Live) number(ctx context.Context, a *account, accountID string) int64 {
	b := &a.numbers
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next == b.after {
		b.size = max(firstBlock, min(b.size*2, largestBlock))
		first, err := l.options.Records.Reserve(ctx, accountID, b.size)
		if err != nil {
			l.options.Logger.LogAttrs(ctx, slog.LevelError, "visitor: no numbers reserved", slog.String("account", accountID), slog.Any("error", err))
			first = 1
		}
		b.next = max(first, b.next)
		b.after = b.next + b.size
	}
	b.next++
	return b.next - 1
}
