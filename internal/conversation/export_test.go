package conversation

import (
	"context"
	"time"
)

// Leave looks at what a visitor left behind, as the deadlines do.
func (s *Service) Leave(ctx context.Context, accountID, visitorID string, left time.Time) (again bool, err error) {
	return s.leave(ctx, visitorKey{accountID, visitorID}, left)
}
