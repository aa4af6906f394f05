package visitor

import (
	"context"
	"log/slog"
	"sync"
)

// numbers gives out visitors' numbers. They are reserved in the database by blocks, so that no number is given twice in the life of an
// account: returning visitors keep theirs, whatever restarted in between.
type numbers struct {
	records  Records
	logger   *slog.Logger
	accounts sync.Map // account id → *numberBlock
}

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

// next returns a fresh number of the account, from 1. When the database cannot give a block the numbers go on in memory: visitors come
// in all the same, and the gap is closed by the next block.
func (n *numbers) next(ctx context.Context, accountID string) int64 {
	found, ok := n.accounts.Load(accountID)
	if !ok {
		found, _ = n.accounts.LoadOrStore(accountID, &numberBlock{size: firstBlock})
	}
	b := found.(*numberBlock)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next == b.after {
		first, err := n.records.Reserve(ctx, accountID, b.size)
		if err != nil {
			n.logger.LogAttrs(ctx, slog.LevelError, "visitor: no numbers reserved", slog.String("account", accountID), slog.Any("error", err))
			first = max(b.next, 1)
		}
		b.next = max(first, b.next)
		b.after = b.next + b.size
		b.size = min(b.size*2, largestBlock)
	}
	b.next++
	return b.next - 1
}
