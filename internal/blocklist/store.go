package blocklist

import (
	"context"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

const columns = "id, address, reason, agent_id, created_at, expires_at"

// insert stores a block; one of the same address is replaced if it has ended by at. false when it has not.
func insert(ctx context.Context, tx *store.Tx, accountID string, b Block) (bool, error) {
	n, err := tx.Exec(ctx, "INSERT INTO blocks ("+columns+`, account_id) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (account_id, address) DO UPDATE SET id = excluded.id, reason = excluded.reason, agent_id = excluded.agent_id,
			created_at = excluded.created_at, expires_at = excluded.expires_at
		WHERE blocks.expires_at IS NOT NULL AND blocks.expires_at <= excluded.created_at`,
		b.ID, b.Address, b.Reason, b.AgentID, b.CreatedAt, b.ExpiresAt, accountID)
	return n == 1, err
}

func count(ctx context.Context, tx *store.Tx, accountID string) (int, error) {
	var n int
	err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM blocks WHERE account_id = ?", accountID).Scan(&n)
	return n, err
}

func remove(ctx context.Context, tx *store.Tx, accountID, id string) (bool, error) {
	n, err := tx.Exec(ctx, "DELETE FROM blocks WHERE account_id = ? AND id = ?", accountID, id)
	return n == 1, err
}

// selectAll calls fn for every block of every account.
func selectAll(ctx context.Context, r *store.Reader, fn func(accountID string, b Block)) error {
	rows, err := r.Query(ctx, "SELECT "+columns+", account_id FROM blocks")
	if err != nil {
		return fmt.Errorf("select blocks: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var b Block
		var accountID string
		if err := rows.Scan(&b.ID, &b.Address, &b.Reason, &b.AgentID, &b.CreatedAt, &b.ExpiresAt, &accountID); err != nil {
			return fmt.Errorf("scan block: %w", err)
		}
		fn(accountID, b)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("select blocks: %w", err)
	}
	return nil
}
