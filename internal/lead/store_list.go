package lead

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

const (
	pageOfAll = "SELECT " + columns + " FROM leads WHERE account_id = ? AND marked_at >= ? AND (marked_at, id) < (?, ?) " +
		"ORDER BY marked_at DESC, id DESC LIMIT ?"
	pageOfSite = "SELECT " + columns + " FROM leads WHERE account_id || ' ' || site_id = ? AND marked_at >= ? AND (marked_at, id) < (?, ?) " +
		"ORDER BY marked_at DESC, id DESC LIMIT ?"
	selectMarkedAt = "SELECT marked_at FROM leads WHERE id = ? AND COALESCE(account_id, '') = ?"
)

// Each counts by origin, the most frequent first, and tells the total with every row. Whole days come from the counters, the rest of
// the first day from its leads.
const (
	originColumns = "SELECT referrer_kind, referrer_name, CAST(sum(leads) AS BIGINT), CAST(sum(sum(leads)) OVER () AS BIGINT) FROM "
	mostFrequent  = " GROUP BY referrer_kind, referrer_name ORDER BY sum(leads) DESC, referrer_name, referrer_kind LIMIT ?"

	originsOfAll  = originColumns + "lead_origins WHERE account_id = ? AND leads > 0" + mostFrequent
	originsOfSite = originColumns + "lead_origins WHERE account_id = ? AND site_id = ? AND leads > 0" + mostFrequent

	originsSince = originColumns +
		"(SELECT referrer_kind, referrer_name, leads FROM lead_days WHERE account_id = ? AND day >= ? AND leads > 0 UNION ALL " +
		"SELECT referrer_kind, referrer_name, 1 FROM leads WHERE account_id = ? AND marked_at >= ? AND marked_at < ?) AS counted" + mostFrequent
	originsOfSiteSince = originColumns +
		"(SELECT referrer_kind, referrer_name, leads FROM lead_days WHERE account_id = ? AND site_id = ? AND day >= ? AND leads > 0 UNION ALL " +
		"SELECT referrer_kind, referrer_name, 1 FROM leads WHERE account_id || ' ' || site_id = ? AND marked_at >= ? AND marked_at < ?) AS counted" +
		mostFrequent
)

// selectPage returns up to one more than the limit.
func selectPage(ctx context.Context, r *store.Reader, accountID string, f Filter) ([]Lead, error) {
	at, err := markedAt(ctx, r, accountID, f.Before)
	if err != nil {
		return nil, err
	}
	if f.SiteID != "" {
		return collect(r.Query(ctx, pageOfSite, accountID+" "+f.SiteID, f.Since, at, f.Before, f.Limit+1))
	}
	return collect(r.Query(ctx, pageOfAll, accountID, f.Since, at, f.Before, f.Limit+1))
}

// markedAt returns when the last lead of the page before was marked. Of one that was removed meanwhile its identifier tells when it
// was made, which is nearly the same.
func markedAt(ctx context.Context, r *store.Reader, accountID, id string) (at int64, err error) {
	if id == "" {
		return math.MaxInt64, nil
	}
	err = r.QueryRow(ctx, selectMarkedAt, id, accountID).Scan(&at)
	if errors.Is(err, store.ErrNoRows) {
		return ident.MadeAt(id) + 1, nil
	}
	if err != nil {
		return 0, fmt.Errorf("lead: list: %w", err)
	}
	return at, nil
}

func collect(rows *sql.Rows, err error) (_ []Lead, e error) {
	if err != nil {
		return nil, fmt.Errorf("lead: list: %w", err)
	}
	defer func() { e = errors.Join(e, rows.Close()) }()
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

// selectOrigins returns the period's most frequent origins, and how many leads all of them brought.
func selectOrigins(ctx context.Context, r *store.Reader, accountID string, f Filter) ([]Origin, int, error) {
	// The first whole day of the period, and where it begins.
	day := (f.Since + millisOfDay - 1) / millisOfDay
	whole := day * millisOfDay
	switch {
	case f.Since == 0 && f.SiteID == "":
		return origins(r.Query(ctx, originsOfAll, accountID, originsMax))
	case f.Since == 0:
		return origins(r.Query(ctx, originsOfSite, accountID, f.SiteID, originsMax))
	case f.SiteID == "":
		return origins(r.Query(ctx, originsSince, accountID, day, accountID, f.Since, whole, originsMax))
	}
	return origins(r.Query(ctx, originsOfSiteSince, accountID, f.SiteID, day, accountID+" "+f.SiteID, f.Since, whole, originsMax))
}

func origins(rows *sql.Rows, err error) (list []Origin, total int, e error) {
	if err != nil {
		return nil, 0, fmt.Errorf("lead: origins: %w", err)
	}
	defer func() { e = errors.Join(e, rows.Close()) }()
	list = []Origin{}
	for rows.Next() {
		var o Origin
		if err := rows.Scan(&o.ReferrerKind, &o.ReferrerName, &o.Count, &total); err != nil {
			return nil, 0, fmt.Errorf("lead: origins: %w", err)
		}
		list = append(list, o)
	}
	return list, total, rows.Err() //nolint:wrapcheck // the query says what it was
}
