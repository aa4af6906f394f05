package outreach

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

// selectSent counts what triggers sent; whoever answered has seen it.
const selectSent = "SELECT trigger_id, count(shown_at), count(CASE WHEN state IN ('accepted', 'clicked') THEN 1 END) " +
	"FROM outreach_deliveries WHERE account_id = ? AND trigger_id IS NOT NULL GROUP BY trigger_id"

func sentByTrigger(ctx context.Context, r *store.Reader, accountID string) (map[string]Sent, error) {
	rows, err := r.Query(ctx, selectSent, accountID)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	sent := make(map[string]Sent)
	for rows.Next() {
		var id string
		var one Sent
		if err := rows.Scan(&id, &one.Shown, &one.Accepted); err != nil {
			return nil, err //nolint:wrapcheck // the caller says what it was for
		}
		sent[id] = one
	}
	return sent, rows.Err()
}

func invitedAmong(ctx context.Context, r *store.Reader, accountID string, visitorIDs []string) (ids []string, err error) {
	err = r.NewSelect().Table("outreach_deliveries").ColumnExpr("DISTINCT visitor_id").
		Where("account_id = ? AND kind = 'invite' AND visitor_id IN (?)", accountID, bun.List(visitorIDs)).Scan(ctx, &ids)
	return ids, err //nolint:wrapcheck // the caller says what it was for
}
