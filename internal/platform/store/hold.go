package store

import (
	"context"
	"errors"
	"fmt"
)

// errHeld says that another transaction holds the key, while this one holds something already.
var errHeld = errors.New("store: the key is held elsewhere")

// The name of a key's lock. Schemas of one database have locks of their own.
const lockName = "hashtextextended(current_schema() || ' ' || ?, 0)"

// hold takes the lock of key until the end of the transaction. Only PostgreSQL needs it: SQLite has one writer anyway.
//
// Without it two nodes whose transactions each hold an account's counters and then want each other's conversations would
// stop until the database breaks one of them off, a second later. A transaction waits for a key only while it holds nothing;
// later it asks, and gives way, so keys cannot be waited for in a circle either.
func (l *lane) hold(ctx context.Context, key string) error {
	if key == "" || l.store.engine != Postgres || l.held[key] {
		return nil
	}
	if !l.worked {
		if _, err := l.conn.exec(ctx, "SELECT pg_advisory_xact_lock("+lockName+")", key); err != nil {
			return fmt.Errorf("store: hold: %w", err)
		}
		return nil
	}
	stmt, err := l.conn.prepared(ctx, "SELECT pg_try_advisory_xact_lock("+lockName+")")
	if err != nil {
		return err
	}
	var got bool
	if err := stmt.QueryRowContext(ctx, key).Scan(&got); err != nil {
		return fmt.Errorf("store: hold: %w", err)
	}
	if !got {
		return errHeld
	}
	return nil
}
