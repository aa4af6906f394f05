package account

import (
	"context"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

const columns = "id, name, time_zone, language, active, created_at"

func insert(ctx context.Context, tx *store.Tx, a Account) error {
	if _, err := tx.Exec(ctx, "INSERT INTO accounts ("+columns+") VALUES (?, ?, ?, ?, ?, ?)",
		a.ID, a.Name, a.TimeZone, a.Language, a.Active, a.CreatedAt); err != nil {
		return fmt.Errorf("insert account: %w", err)
	}
	if _, err := tx.Exec(ctx, "INSERT INTO account_counters (account_id) VALUES (?)", a.ID); err != nil {
		return fmt.Errorf("insert the account's counters: %w", err)
	}
	return nil
}

// update writes the changes and returns the row as it then stands; ErrNoRows when there is no such account.
func update(ctx context.Context, tx *store.Tx, id string, c Changes) (Account, error) {
	return scan(tx.QueryRow(ctx, `UPDATE accounts SET name = COALESCE(?, name), time_zone = COALESCE(?, time_zone),
		language = COALESCE(?, language), active = COALESCE(?, active) WHERE id = ? RETURNING `+columns,
		c.Name, c.TimeZone, c.Language, c.Active, id))
}

func selectAll(ctx context.Context, r *store.Reader) ([]Account, error) {
	rows, err := r.Query(ctx, "SELECT "+columns+" FROM accounts ORDER BY created_at, id")
	if err != nil {
		return nil, fmt.Errorf("select accounts: %w", err)
	}
	defer func() { _ = rows.Close() }()
	list := []Account{}
	for rows.Next() {
		a, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("scan account: %w", err)
		}
		list = append(list, a)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("select accounts: %w", err)
	}
	return list, nil
}

func selectOne(ctx context.Context, r *store.Reader, id string) (Account, error) {
	return scan(r.QueryRow(ctx, "SELECT "+columns+" FROM accounts WHERE id = ?", id))
}

func scan(row store.Row) (a Account, err error) {
	err = row.Scan(&a.ID, &a.Name, &a.TimeZone, &a.Language, &a.Active, &a.CreatedAt)
	return a, err
}

// querier is what a running write and a reader have in common.
type querier interface {
	QueryRow(ctx context.Context, query string, args ...any) store.Row
}

// Any says whether somebody was set up already.
func Any(ctx context.Context, st *store.Store) (bool, error) { return anyAccount(ctx, st.Read()) }

func anyAccount(ctx context.Context, q querier) (bool, error) {
	var n int
	if err := q.QueryRow(ctx, "SELECT COUNT(*) FROM (SELECT id FROM accounts LIMIT 1) AS found").Scan(&n); err != nil {
		return false, fmt.Errorf("look for an account: %w", err)
	}
	return n > 0, nil
}

// setting returns a setting's value, "" when it is not there.
func setting(ctx context.Context, q querier, name string) (string, error) {
	var value string
	err := q.QueryRow(ctx, "SELECT value FROM settings WHERE name = ?", name).Scan(&value)
	if errors.Is(err, store.ErrNoRows) {
		return "", nil
	}
	return value, err
}

func saveSetting(ctx context.Context, tx *store.Tx, name, value string) error {
	_, err := tx.Exec(ctx, "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
		name, value)
	return err
}

// takeSetting deletes the setting if it still has the value, and says whether it had.
func takeSetting(ctx context.Context, tx *store.Tx, name, value string) (bool, error) {
	n, err := tx.Exec(ctx, "DELETE FROM settings WHERE name = ? AND value = ?", name, value)
	return n == 1, err
}
