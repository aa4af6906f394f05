package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// On PostgreSQL a statement keeps the plan that was made for it, and a plan that was made for an empty table knows no better than to
// walk it, an hour and a million rows later. Two rules keep that from happening, without depending on statistics:
//
//   - Reads are planned each time, for the table as it is and the values they are given.
//   - The writers' plans are forgotten again and again, at first after a second, then ever more rarely: a plan is never much older
//     than the table was when it was made. Between two such moments they cost nothing.
const (
	firstPlans  = time.Second
	oldestPlans = time.Minute
)

// planAnew is what a new connection for reading is told.
func planAnew(ctx context.Context, conn *pgx.Conn) error {
	if _, err := conn.Exec(ctx, "SET plan_cache_mode = force_custom_plan"); err != nil {
		return fmt.Errorf("store: plans: %w", err)
	}
	return nil
}

// plans is how old the plans of a lane's connection are.
type plans struct {
	since time.Time
	keep  time.Duration
}

// old says whether they are to be forgotten now, and counts from now when they are.
func (p *plans) old(now time.Time) bool {
	if now.Sub(p.since) < p.keep {
		return false
	}
	p.since, p.keep = now, min(2*p.keep, oldestPlans)
	return true
}

// renewPlans forgets the plans of the lane's connection when they are old. A failure is the connection's, and met at the next write.
func (l *lane) renewPlans() {
	if l.store.engine != Postgres || l.conn.broken || !l.plans.old(time.Now()) {
		return
	}
	if _, err := l.conn.sql.ExecContext(context.Background(), "DISCARD PLANS"); err != nil {
		l.conn.broken = true
	}
}

// analysisRows is how many rows of an index SQLite looks at to know what is in it: enough, and never the whole.
const analysisRows = "400"

// Upkeep brings the engine's knowledge of the tables up to date, a few rows of each: call it from time to time. No statement depends on it.
// PostgreSQL does that by itself (autovacuum).
func (s *Store) Upkeep(ctx context.Context) error {
	if s.engine != SQLite {
		return nil
	}
	return s.Write(ctx, func(ctx context.Context, tx *Tx) error {
		for _, text := range []string{
			// Samples of values, as ANALYZE takes without a limit, would have statements prepared anew for each value they are given.
			"DROP TABLE IF EXISTS sqlite_stat4",
			"PRAGMA analysis_limit = " + analysisRows,
			// Of all tables (0x10000), analyse those that have changed much (0x02).
			"PRAGMA optimize(0x10002)",
		} {
			if _, err := tx.conn.sql.ExecContext(ctx, text); err != nil {
				return fmt.Errorf("store: upkeep: %w", err)
			}
		}
		return nil
	})
}
