package routing

import "context"

// Look is one look of the roulette, as the desk takes it. It returns when the next one is due, 0 for never.
func (s *Service) Look(ctx context.Context, accountID string) (int64, error) {
	wake, _, err := s.look(ctx, accountID, Event{Kind: Deadline})
	return wake, err
}
