package conversation

import (
	"context"
	"fmt"
	"slices"
)

// idsAtOnce bounds how many identifiers one statement names.
const idsAtOnce = 500

// Attended returns those of the visitors who ever were in conversation with an agent, or are.
func (s *Service) Attended(ctx context.Context, accountID string, visitorIDs []string) ([]string, error) {
	var attended []string
	for chunk := range slices.Chunk(visitorIDs, idsAtOnce) {
		some, err := attendedAmong(ctx, s.store.Read(), accountID, chunk)
		if err != nil {
			return nil, fmt.Errorf("conversation: attended: %w", err)
		}
		attended = append(attended, some...)
	}
	return attended, nil
}
