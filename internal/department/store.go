package department

import (
	"context"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

const columns = "id, name, display_name, description, email, position, active, settings"

func insert(ctx context.Context, tx *store.Tx, accountID string, d Department, at int64) error {
	settings, err := encodeSettings(d.Settings)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "INSERT INTO departments ("+columns+", account_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		d.ID, d.Name, d.DisplayName, d.Description, d.Email, d.Position, d.Active, settings, accountID, at)
	return err
}

// scan reads columns, and whatever else was selected behind them into more.
func scan(row interface{ Scan(to ...any) error }, more ...any) (d Department, err error) {
	var settings string
	to := append([]any{&d.ID, &d.Name, &d.DisplayName, &d.Description, &d.Email, &d.Position, &d.Active, &settings}, more...)
	if err := row.Scan(to...); err != nil {
		return Department{}, err
	}
	d.Settings, err = decodeSettings(settings)
	return d, err
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
func update(ctx context.Context, tx *store.Tx, accountID, id string, c Changes) (Department, error) {
	return scan(tx.QueryRow(ctx, `UPDATE departments SET name = COALESCE(?, name), display_name = COALESCE(?, display_name),
		description = COALESCE(?, description), email = COALESCE(?, email), position = COALESCE(?, position), active = COALESCE(?, active)
		WHERE account_id = ? AND id = ? RETURNING `+columns,
		c.Name, c.DisplayName, c.Description, c.Email, c.Position, c.Active, accountID, id))
}

// storedSettings returns the settings as they are stored, for replaceSettings to name; ErrNoRows as update.
func storedSettings(ctx context.Context, tx *store.Tx, accountID, id string) (text string, err error) {
	err = tx.QueryRow(ctx, "SELECT settings FROM departments WHERE account_id = ? AND id = ?", accountID, id).Scan(&text)
	return text, err
}

// replaceSettings stores settings in place of before; false when these are not stored any more.
func replaceSettings(ctx context.Context, tx *store.Tx, accountID, id, before string, s Settings) (bool, error) {
	settings, err := encodeSettings(s)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, "UPDATE departments SET settings = ? WHERE account_id = ? AND id = ? AND settings = ?", settings, accountID, id, before)
	return n == 1, err
}

// selectAll calls fn for every department of every account.
func selectAll(ctx context.Context, r *store.Reader, fn func(accountID string, d Department)) error {
	rows, err := r.Query(ctx, "SELECT "+columns+", account_id FROM departments")
	if err != nil {
		return fmt.Errorf("select departments: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var accountID string
		d, err := scan(rows, &accountID)
		if err != nil {
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
