package conversation

import (
	"context"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

// QueueHead returns, as the running write sees it, the conversations that wait longest: up to limit of each department
// given, and up to limit of the whole account. Each is there once, in no order.
func (s *Service) QueueHead(ctx context.Context, tx *store.Tx, accountID string, departmentIDs []string, limit int) ([]Queued, error) {
	head, err := collect(ctx, tx, scanQueued, headOfAccount, accountID, limit)
	if err != nil {
		return nil, err
	}
	known := make(map[string]bool, len(head))
	for _, q := range head {
		known[q.ID] = true
	}
	for _, id := range departmentIDs {
		more, err := collect(ctx, tx, scanQueued, headOfDepartment, accountID, id, limit)
		if err != nil {
			return nil, err
		}
		for _, q := range more {
			if !known[q.ID] {
				known[q.ID] = true
				head = append(head, q)
			}
		}
	}
	return head, nil
}

// ActiveCount returns how many conversations the agent has, as the running write sees it.
func (s *Service) ActiveCount(ctx context.Context, tx *store.Tx, accountID, agentID string) (int, error) {
	var n int
	if err := tx.QueryRow(ctx, activeCount, agentID, accountID).Scan(&n); err != nil {
		return 0, fmt.Errorf("conversation: active of an agent: %w", err)
	}
	return n, nil
}
