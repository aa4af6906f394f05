package integration

import (
	"context"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

const columns = "id, name, url, active, version, updated_at"

type row interface{ Scan(dest ...any) error }

func scan(r row) (Integration, error) {
	var one Integration
	err := r.Scan(&one.ID, &one.Name, &one.URL, &one.Active, &one.Version, &one.UpdatedAt)
	return one, err
}

func found(one Integration, err error) (Integration, bool, error) {
	switch {
	case errors.Is(err, store.ErrNoRows):
		return Integration{}, false, nil
	case err != nil:
		return Integration{}, false, fmt.Errorf("integration: load: %w", err)
	}
	return one, true, nil
}

func list(ctx context.Context, r *store.Reader, accountID string) (_ []Integration, err error) {
	rows, err := r.Query(ctx, "SELECT "+columns+" FROM integrations WHERE account_id = ? ORDER BY name, id", accountID)
	if err != nil {
		return nil, fmt.Errorf("integration: list: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	all := []Integration{}
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("integration: list: %w", err)
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("integration: list: %w", err)
	}
	return all, nil
}

// querier is a running write or the reader.
type querier interface {
	QueryRow(ctx context.Context, query string, args ...any) store.Row
}

func one(ctx context.Context, r querier, accountID, id string) (Integration, bool, error) {
	return found(scan(r.QueryRow(ctx, "SELECT "+columns+" FROM integrations WHERE id = ? AND account_id = ?", id, accountID)))
}

func count(ctx context.Context, tx *store.Tx, accountID string) (int, error) {
	var n int
	if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM integrations WHERE account_id = ?", accountID).Scan(&n); err != nil {
		return 0, fmt.Errorf("integration: count: %w", err)
	}
	return n, nil
}

// idOf returns the account's integration of that name, "" for none.
func idOf(ctx context.Context, tx *store.Tx, accountID, name string) (string, error) {
	var id string
	err := tx.QueryRow(ctx, "SELECT id FROM integrations WHERE account_id = ? AND name = ?", accountID, name).Scan(&id)
	if err != nil && !errors.Is(err, store.ErrNoRows) {
		return "", fmt.Errorf("integration: name: %w", err)
	}
	return id, nil
}

func insert(ctx context.Context, tx *store.Tx, accountID string, i Integration) error {
	_, err := tx.Exec(ctx, "INSERT INTO integrations ("+columns+", account_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		i.ID, i.Name, i.URL, i.Active, i.Version, i.UpdatedAt, accountID, i.UpdatedAt)
	if err != nil {
		return fmt.Errorf("integration: insert: %w", err)
	}
	return nil
}

// update writes an integration over the version it names; false when that is not the newest, or there is none.
func update(ctx context.Context, tx *store.Tx, accountID string, i Integration) (Integration, bool, error) {
	return found(scan(tx.QueryRow(ctx, "UPDATE integrations SET name = ?, url = ?, active = ?, updated_at = ?, version = version + 1 "+
		"WHERE id = ? AND account_id = ? AND version = ? RETURNING "+columns,
		i.Name, i.URL, i.Active, i.UpdatedAt, i.ID, accountID, i.Version)))
}

func remove(ctx context.Context, tx *store.Tx, accountID, id string) (bool, error) {
	n, err := tx.Exec(ctx, "DELETE FROM integrations WHERE id = ? AND account_id = ?", id, accountID)
	if err != nil {
		return false, fmt.Errorf("integration: remove: %w", err)
	}
	return n == 1, nil
}
