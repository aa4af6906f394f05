package conversation

import (
	"context"
	"time"
)

// LookAfter looks at what a visitor left behind, as the deadlines do; again says that something is still to come.
func (s *Service) LookAfter(ctx context.Context, accountID, visitorID string, left time.Time) (again bool, err error) {
	next, err := s.leave(ctx, visitorKey{accountID, visitorID}, left)
	return !next.IsZero(), err
}

// Ring looks at what is due in a conversation, as its alarm does.
func (s *Service) Ring(ctx context.Context, accountID, conversationID string) (next time.Time, err error) {
	return s.ring(ctx, alarm{kind: ofConversation, accountID: accountID, id: conversationID})
}

// RingTransfer looks at whether a transfer is too late.
func (s *Service) RingTransfer(ctx context.Context, accountID, transferID string) (next time.Time, err error) {
	return s.ring(ctx, alarm{kind: ofTransfer, accountID: accountID, id: transferID})
}

// Forget drops what the board knows of an account, as after a gap in the log.
func (b *Board) Forget(accountID string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s, ok := b.accounts[accountID]; ok {
		b.forget(s)
	}
}
