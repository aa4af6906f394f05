package site

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

const columns = "id, account_id, name, key, allowed_domains, language, active"

func insert(ctx context.Context, tx *store.Tx, s Site, at int64) error {
	domains, err := json.Marshal(s.AllowedDomains)
	if err != nil {
		return fmt.Errorf("encode the domains: %w", err)
	}
	_, err = tx.Exec(ctx, "INSERT INTO sites ("+columns+", created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		s.ID, s.AccountID, s.Name, s.Key, string(domains), s.Language, s.Active, at)
	if err != nil {
		return fmt.Errorf("insert site: %w", err)
	}
	return nil
}

// update writes the changes and returns the row as it then stands; ErrNoRows when the account has no such site.
func update(ctx context.Context, tx *store.Tx, accountID, id string, c Changes) (Site, error) {
	var domains *string
	if c.AllowedDomains != nil {
		encoded, err := json.Marshal(c.AllowedDomains)
		if err != nil {
			return Site{}, fmt.Errorf("encode the domains: %w", err)
		}
		text := string(encoded)
		domains = &text
	}
	return scan(tx.QueryRow(ctx, `UPDATE sites SET name = COALESCE(?, name), allowed_domains = COALESCE(?, allowed_domains),
		language = COALESCE(?, language), active = COALESCE(?, active) WHERE account_id = ? AND id = ? RETURNING `+columns,
		c.Name, domains, c.Language, c.Active, accountID, id))
}

func selectAll(ctx context.Context, r *store.Reader) ([]Site, error) {
	rows, err := r.Query(ctx, "SELECT "+columns+" FROM sites")
	if err != nil {
		return nil, fmt.Errorf("select sites: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var list []Site
	for rows.Next() {
		s, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("select sites: %w", err)
	}
	return list, nil
}

func scan(row store.Row) (Site, error) {
	var s Site
	var domains string
	if err := row.Scan(&s.ID, &s.AccountID, &s.Name, &s.Key, &domains, &s.Language, &s.Active); err != nil {
		return Site{}, fmt.Errorf("scan site: %w", err)
	}
	if err := json.Unmarshal([]byte(domains), &s.AllowedDomains); err != nil {
		return Site{}, fmt.Errorf("decode the domains of site %s: %w", s.ID, err)
	}
	return s, nil
}
