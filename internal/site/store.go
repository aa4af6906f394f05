package site

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

const columns = "id, account_id, name, key, allowed_domains, language, active, legacy_key, settings"

func insert(ctx context.Context, tx *store.Tx, s Site, at int64) error {
	domains, err := json.Marshal(s.AllowedDomains)
	if err != nil {
		return fmt.Errorf("encode the domains: %w", err)
	}
	settings, err := json.Marshal(s.Settings)
	if err != nil {
		return fmt.Errorf("encode the settings: %w", err)
	}
	_, err = tx.Exec(ctx, "INSERT INTO sites ("+columns+", created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		s.ID, s.AccountID, s.Name, s.Key, string(domains), s.Language, s.Active, s.LegacyKey, string(settings), at)
	if err != nil {
		return fmt.Errorf("insert site: %w", err)
	}
	return nil
}

// encoded returns what is to be stored as JSON, nil when there is nothing.
func encoded(given bool, value any) (*string, error) {
	if !given {
		return nil, nil //nolint:nilnil // nothing to store is not an error
	}
	data, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	text := string(data)
	return &text, nil
}

// update writes the changes and returns the row as it then stands; ErrNoRows when the account has no such site.
func update(ctx context.Context, tx *store.Tx, accountID, id string, c Changes) (Site, error) {
	domains, err := encoded(c.AllowedDomains != nil, c.AllowedDomains)
	if err != nil {
		return Site{}, err
	}
	settings, err := encoded(c.Settings != nil, c.Settings)
	if err != nil {
		return Site{}, err
	}
	return scan(tx.QueryRow(ctx, `UPDATE sites SET name = COALESCE(?, name), allowed_domains = COALESCE(?, allowed_domains),
		language = COALESCE(?, language), active = COALESCE(?, active),
		legacy_key = COALESCE(?, legacy_key), settings = COALESCE(?, settings) WHERE account_id = ? AND id = ? RETURNING `+columns,
		c.Name, domains, c.Language, c.Active, c.LegacyKey, settings, accountID, id))
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
	var domains, settings string
	if err := row.Scan(&s.ID, &s.AccountID, &s.Name, &s.Key, &domains, &s.Language, &s.Active, &s.LegacyKey, &settings); err != nil {
		return Site{}, fmt.Errorf("scan site: %w", err)
	}
	if err := json.Unmarshal([]byte(domains), &s.AllowedDomains); err != nil {
		return Site{}, fmt.Errorf("decode the domains of site %s: %w", s.ID, err)
	}
	var err error
	if s.Settings, err = decodeSettings(settings); err != nil {
		return Site{}, fmt.Errorf("site %s: %w", s.ID, err)
	}
	return s, nil
}
