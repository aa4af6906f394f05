package department

import (
	"context"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

const columns = "id, name, display_name, description, email, position, active"

func insert(ctx context.Context, tx *store.Tx, accountID string, d Department, at int64) error {
	_, err := tx.Exec(ctx, "INSERT INTO departments ("+columns+", account_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		d.ID, d.Name, d.DisplayName, d.Description, d.Email, d.Position, d.Active, accountID, at)
	return err
}

// lastPosition returns the position of the account's last department, -1 when it has none.
func lastPosition(ctx context.Context, tx *store.Tx, accountID string) (int, error) {
	var last int
	err := tx.QueryRow(ctx, "SELECT COALESCE(MAX(position), -1) FROM departments WHERE account_id = ?", accountID).Scan(&last)
	if err != nil {
		return 0, fmt.Errorf("last position: %w", err)
	}
	return last, nil
}

// update writes the changes and returns the row as it then stands; ErrNoRows when the account has no such department.
func update(ctx context.Context, tx *store.Tx, accountID, id string, c Changes) (d Department, err error) {
	err = tx.QueryRow(ctx, `UPDATE departments SET name = COALESCE(?, name), display_name = COALESCE(?, display_name),
		description = COALESCE(?, description), email = COALESCE(?, email), position = COALESCE(?, position), active = COALESCE(?, active)
		WHERE account_id = ? AND id = ? RETURNING `+columns,
		c.Name, c.DisplayName, c.Description, c.Email, c.Position, c.Active, accountID, id).
		Scan(&d.ID, &d.Name, &d.DisplayName, &d.Description, &d.Email, &d.Position, &d.Active)
	return d, err
}

// selectAll calls fn for every department of every account.
func selectAll(ctx context.Context, r *store.Reader, fn func(accountID string, d Department)) error {
	rows, err := r.Query(ctx, "SELECT "+columns+", account_id FROM departments")
	if err != nil {
		return fmt.Errorf("select departments: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var d Department
		var accountID string
		if err := rows.Scan(&d.ID, &d.Name, &d.DisplayName, &d.Description, &d.Email, &d.Position, &d.Active, &accountID); err != nil {
			return fmt.Errorf("scan department: %w", err)
		}
		fn(accountID, d)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("select departments: %w", err)
	}
	return nil
}

func exists(ctx context.Context, tx *store.Tx, accountID, id string) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM departments WHERE account_id = ? AND id = ?", accountID, id).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look for a department: %w", err)
	}
	return n == 1, nil
}
