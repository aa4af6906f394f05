package outreach

import (
	"context"
	"fmt"
	"slices"
)

// Sent is what became of what a trigger sent.
type Sent struct {
	// Shown is how many were seen, Accepted how many invites were accepted and promotions clicked.
	Shown, Accepted int64
}

// OfTriggers returns by trigger what became of everything it sent.
func (s *Service) OfTriggers(ctx context.Context, accountID string) (map[string]Sent, error) {
	sent, err := sentByTrigger(ctx, s.store.Read(), accountID)
	if err != nil {
		return nil, fmt.Errorf("outreach: of triggers: %w", err)
	}
	return sent, nil
}

// idsAtOnce bounds how many identifiers one statement names.
const idsAtOnce = 500

// Invited returns those of the visitors whom an invite was ever sent to.
func (s *Service) Invited(ctx context.Context, accountID string, visitorIDs []string) ([]string, error) {
	var invited []string
	for chunk := range slices.Chunk(visitorIDs, idsAtOnce) {
		some, err := invitedAmong(ctx, s.store.Read(), accountID, chunk)
		if err != nil {
			return nil, fmt.Errorf("outreach: invited: %w", err)
		}
		invited = append(invited, some...)
	}
	return invited, nil
}
