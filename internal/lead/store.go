package lead

import (
	"context"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

const columns = "id, account_id, site_id, visitor_id, number, name, email, trigger_id, trigger_name, page_url, marked_at, first_at, entry_url, " +
	"referrer, referrer_kind, referrer_name, utm_source, utm_medium, utm_campaign"

// insert returns false when the visitor is a lead already.
func insert(ctx context.Context, tx *store.Tx, l Lead) (bool, error) {
	n, err := tx.Exec(ctx, "INSERT INTO leads ("+columns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		l.ID, l.accountID, l.SiteID, l.VisitorID, l.Number, l.Name, l.Email, l.TriggerID, l.TriggerName, l.PageURL, l.MarkedAt,
		l.First.At, l.First.EntryURL, l.First.Referrer, l.First.ReferrerKind, l.First.ReferrerName,
		l.First.UTMSource, l.First.UTMMedium, l.First.UTMCampaign)
	if err != nil {
		return false, fmt.Errorf("lead: insert: %w", err)
	}
	return n == 1, nil
}

// remove returns whose mark it was; ErrNoRows when the account has no such lead.
func remove(ctx context.Context, tx *store.Tx, accountID, id string) (visitorID string, err error) {
	err = tx.QueryRow(ctx, "DELETE FROM leads WHERE account_id = ? AND id = ? RETURNING visitor_id", accountID, id).Scan(&visitorID)
	return visitorID, err
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

// accountsWithLeads returns the accounts that have any.
func accountsWithLeads(ctx context.Context, r *store.Reader) (_ []string, err error) {
	rows, err := r.Query(ctx, "SELECT DISTINCT account_id FROM leads")
	if err != nil {
		return nil, fmt.Errorf("lead: accounts: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("lead: accounts: %w", err)
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// period narrows a query to what a filter means, its paging apart.
func period(q *bun.SelectQuery, accountID string, f Filter) *bun.SelectQuery {
	q = q.Table("leads").Where("account_id = ?", accountID)
	if f.Since > 0 {
		q = q.Where("marked_at >= ?", f.Since)
	}
	if f.SiteID != "" {
		q = q.Where("site_id = ?", f.SiteID)
	}
	return q
}

// selectPage returns up to one more than the limit.
func selectPage(ctx context.Context, r *store.Reader, accountID string, f Filter) (_ []Lead, err error) {
	q := period(r.NewSelect().ColumnExpr(columns), accountID, f)
	if f.Before != "" {
		q = q.Where("id < ?", f.Before) // identifiers sort by the time they were made
	}
	rows, err := q.OrderExpr("id DESC").Limit(int64(f.Limit) + 1).Rows(ctx)
	if err != nil {
		return nil, fmt.Errorf("lead: list: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	list := []Lead{}
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, rows.Err() //nolint:wrapcheck // the query says what it was
}

// selectOrigins returns every origin of the period, the most frequent first.
func selectOrigins(ctx context.Context, r *store.Reader, accountID string, f Filter) (_ []Origin, err error) {
	rows, err := period(r.NewSelect().ColumnExpr("referrer_kind, referrer_name, count(*)"), accountID, f).
		GroupExpr("referrer_kind, referrer_name").OrderExpr("count(*) DESC, referrer_name, referrer_kind").Rows(ctx)
	if err != nil {
		return nil, fmt.Errorf("lead: origins: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	list := []Origin{}
	for rows.Next() {
		var o Origin
		if err := rows.Scan(&o.ReferrerKind, &o.ReferrerName, &o.Count); err != nil {
			return nil, fmt.Errorf("lead: origins: %w", err)
		}
		list = append(list, o)
	}
	return list, rows.Err() //nolint:wrapcheck // the query says what it was
}
