package lead

import (
	"context"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

const columns = "id, account_id, site_id, visitor_id, number, name, email, trigger_id, trigger_name, page_url, marked_at, first_at, entry_url, " +
	"referrer, referrer_kind, referrer_name, utm_source, utm_medium, utm_campaign"

// The counters by origin, of a day and in all.
const (
	countDay = "INSERT INTO lead_days (account_id, site_id, day, referrer_kind, referrer_name, leads) VALUES (?, ?, ?, ?, ?, ?) " +
		"ON CONFLICT (account_id, site_id, day, referrer_kind, referrer_name) DO UPDATE SET leads = lead_days.leads + excluded.leads"
	countOrigin = "INSERT INTO lead_origins (account_id, site_id, referrer_kind, referrer_name, leads) VALUES (?, ?, ?, ?, ?) " +
		"ON CONFLICT (account_id, site_id, referrer_kind, referrer_name) DO UPDATE SET leads = lead_origins.leads + excluded.leads"
)

// millisOfDay is how long a day of the counters lasts; they are days of UTC.
const millisOfDay = 24 * 60 * 60 * 1000

// insert stores a lead and counts it; false when the visitor is one already.
func insert(ctx context.Context, tx *store.Tx, l Lead) (bool, error) {
	n, err := tx.Exec(ctx, "INSERT INTO leads ("+columns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		l.ID, l.accountID, l.SiteID, l.VisitorID, l.Number, l.Name, l.Email, l.TriggerID, l.TriggerName, l.PageURL, l.MarkedAt,
		l.First.At, l.First.EntryURL, l.First.Referrer, l.First.ReferrerKind, l.First.ReferrerName,
		l.First.UTMSource, l.First.UTMMedium, l.First.UTMCampaign)
	if err != nil {
		return false, fmt.Errorf("lead: insert: %w", err)
	}
	if n == 0 {
		return false, nil
	}
	return true, count(ctx, tx, l, 1)
}

// remove takes a lead away, with its share in the counters, and returns whose mark it was; ErrNoRows when the account has no such lead.
func remove(ctx context.Context, tx *store.Tx, accountID, id string) (visitorID string, err error) {
	l, err := scan(tx.QueryRow(ctx, "DELETE FROM leads WHERE account_id = ? AND id = ? RETURNING "+columns, accountID, id))
	if err != nil {
		return "", err
	}
	return l.VisitorID, count(ctx, tx, l, -1)
}

// count adds a lead to the counters, or takes it from them.
func count(ctx context.Context, tx *store.Tx, l Lead, n int) error {
	_, err := tx.Exec(ctx, countDay, l.accountID, l.SiteID, l.MarkedAt/millisOfDay, l.First.ReferrerKind, l.First.ReferrerName, n)
	if err == nil {
		_, err = tx.Exec(ctx, countOrigin, l.accountID, l.SiteID, l.First.ReferrerKind, l.First.ReferrerName, n)
	}
	if err != nil {
		return fmt.Errorf("lead: count: %w", err)
	}
	return nil
}

type scanner interface{ Scan(dest ...any) error }

func scan(row scanner) (l Lead, err error) {
	err = row.Scan(&l.ID, &l.accountID, &l.SiteID, &l.VisitorID, &l.Number, &l.Name, &l.Email, &l.TriggerID, &l.TriggerName, &l.PageURL, &l.MarkedAt,
		&l.First.At, &l.First.EntryURL, &l.First.Referrer, &l.First.ReferrerKind, &l.First.ReferrerName,
		&l.First.UTMSource, &l.First.UTMMedium, &l.First.UTMCampaign)
	if err != nil && !errors.Is(err, store.ErrNoRows) {
		err = fmt.Errorf("lead: load: %w", err)
	}
	return l, err
}

func byVisitor(ctx context.Context, r *store.Reader, accountID, visitorID string) (Lead, error) {
	return scan(r.QueryRow(ctx, "SELECT "+columns+" FROM leads WHERE account_id = ? AND visitor_id = ?", accountID, visitorID))
}

// hasLeads says whether the account has any.
func hasLeads(ctx context.Context, r *store.Reader, accountID string) (bool, error) {
	var id string
	err := r.QueryRow(ctx, "SELECT id FROM leads WHERE account_id = ? ORDER BY marked_at DESC, id DESC LIMIT 1", accountID).Scan(&id)
	if errors.Is(err, store.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("lead: has any: %w", err)
	}
	return true, nil
}
