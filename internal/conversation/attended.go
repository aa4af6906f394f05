package conversation

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
)

// idsAtOnce bounds how many identifiers one statement names.
const idsAtOnce = 500

// Attended returns those of the visitors who ever were in conversation with an agent, or are.
func (s *Service) Attended(ctx context.Context, accountID string, visitorIDs []string) ([]string, error) {
	var attended []string
	for chunk := range slices.Chunk(visitorIDs, idsAtOnce) {
		listed, err := json.Marshal(chunk)
		if err != nil {
			return nil, fmt.Errorf("conversation: attended: %w", err)
		}
		some, err := collect(ctx, s.store.Read(), scanID, attendedOf, string(listed), accountID)
		if err != nil {
			return nil, err
		}
		attended = append(attended, some...)
	}
	return attended, nil
}
