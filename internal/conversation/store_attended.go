package conversation

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

func attendedAmong(ctx context.Context, r *store.Reader, accountID string, visitorIDs []string) (ids []string, err error) {
	err = r.NewSelect().Table("conversations").ColumnExpr("DISTINCT visitor_id").
		Where("account_id = ? AND joined_at IS NOT NULL AND visitor_id IN (?)", accountID, bun.List(visitorIDs)).Scan(ctx, &ids)
	return ids, err
}
