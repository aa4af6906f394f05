package routing

import (
	"context"

	"github.com/aceno-chat/aceno/internal/platform/clock"
)

// Look is one look of the roulette, as the desk takes it. It returns when the next one is due, 0 for never.
func (s *Service) Look(ctx context.Context, accountID string) (int64, error) {
	wake, _, err := s.look(ctx, accountID, Event{Kind: Deadline})
	return wake, err
}

// Came is closed when the next acknowledgement has come, before it is written.
func (s *Service) Came() <-chan struct{} {
	came := make(chan struct{})
	s.shown.mu.Lock()
	defer s.shown.mu.Unlock()
	s.shown.onCame = func() { close(came) }
	return came
}

// Over says whether a pass that began now would count an open offer as missed.
func (s *Service) Over(o Offer) bool { return s.shown.over(o, clock.Millis(s.config.Clock.Now())) }

// Told is what the commit of an offer does.
func (s *Service) Told(offerID string) { s.shown.told(offerID, clock.Millis(s.config.Clock.Now())) }

// Kept is of how many offers something is remembered.
func (s *Service) Kept() int {
	s.shown.mu.Lock()
	defer s.shown.mu.Unlock()
	return len(s.shown.offers)
}
