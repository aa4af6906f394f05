package conversation

import (
	"context"
	"time"
)

// Leave looks at what a visitor left behind, as the deadlines do.
func (s *Service) Leave(ctx context.Context, accountID, visitorID string, left time.Time) (again bool, err error) {
	return s.leave(ctx, visitorKey{accountID, visitorID}, left)
}

// Forget drops what the board knows of an account, as after a gap in the log.
func (b *Board) Forget(accountID string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s, ok := b.accounts[accountID]; ok {
		b.forget(s)
	}
}
