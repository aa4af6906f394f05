package agent

import (
	"context"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

func selectOwnPassword(ctx context.Context, r *store.Reader, agentID string) (hash string, err error) {
	err = r.QueryRow(ctx, "SELECT password_hash FROM agents WHERE id = ?", agentID).Scan(&hash)
	if err != nil {
		return "", fmt.Errorf("agent: read the own password: %w", err)
	}
	return hash, nil
}

func addReturned(ctx context.Context, tx *store.Tx, accountID, agentID string, r Returned) error {
	_, err := tx.Exec(ctx, `UPDATE agents SET returned_count = returned_count + ?, returned_reason = ?, returned_at = ?
		WHERE account_id = ? AND id = ?`, r.Count, r.Reason, r.At, accountID, agentID)
	if err != nil {
		return fmt.Errorf("agent: note what was returned: %w", err)
	}
	return nil
}

func forgetReturned(ctx context.Context, tx *store.Tx, accountID, agentID string, upTo int64) error {
	_, err := tx.Exec(ctx, "UPDATE agents SET returned_count = 0 WHERE account_id = ? AND id = ? AND returned_count > 0 AND returned_at <= ?",
		accountID, agentID, upTo)
	if err != nil {
		return fmt.Errorf("agent: forget what was returned: %w", err)
	}
	return nil
}

// selectOwn returns what only the agent itself is told: the preferences, and what was returned, nil for nothing.
func selectOwn(ctx context.Context, q queryer, id string) (preferences string, returned *Returned, err error) {
	var r Returned
	err = q.QueryRow(ctx, "SELECT preferences, returned_count, returned_reason, returned_at FROM agents WHERE id = ?", id).
		Scan(&preferences, &r.Count, &r.Reason, &r.At)
	if err != nil {
		return "", nil, fmt.Errorf("agent: select the own data: %w", err)
	}
	if r.Count > 0 {
		returned = &r
	}
	return preferences, returned, nil
}
