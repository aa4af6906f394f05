package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// errLater says that a statement that was put off failed, or did not change its one row: the writes of the transaction are run again,
// with care.
var errLater = errors.New("store: a statement that was put off did not change its row")

// put is a statement that goes with the next one.
type put struct {
	query string
	args  []any
}

// Later runs a statement that changes one row, and whose outcome hardly ever matters, and returns the number of affected rows.
//
// On PostgreSQL it may be put off until the next statement, and go with it in one journey: under load a message then costs one instead of
// two, which is most of what it costs. Then 1 is returned as if it had succeeded. When it turns out otherwise, the write is run again with
// nothing put off, and Later returns what is true. So the function treats 0 and errors as with Exec.
func (t *Tx) Later(ctx context.Context, query string, args ...any) (int64, error) {
	if !t.putOff {
		return t.Exec(ctx, query, args...)
	}
	if t.done {
		return 0, errors.New("store: a write was used after its end")
	}
	if _, err := t.conn.prepared(ctx, query); err != nil {
		return 0, err
	}
	t.conn.later = append(t.conn.later, put{query, args})
	return 1, nil
}

// together sends what was put off, and then a statement, in one journey, and returns how many rows that one affected. last is empty when
// nothing is to follow. dest is where its row goes, nil when it has none. Error: errLater.
func (c *connection) together(ctx context.Context, last string, args, dest []any) (affected int64, err error) {
	later := c.later
	c.later = nil
	if last != "" {
		if _, err := c.prepared(ctx, last); err != nil {
			return 0, err
		}
	}
	err = c.sql.Raw(func(driver any) error {
		conn, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("store: %T is not the driver's connection", driver)
		}
		batch := &pgx.Batch{}
		for _, p := range later {
			batch.Queue(rebind(Postgres, p.query), p.args...)
		}
		if last != "" {
			batch.Queue(rebind(Postgres, last), args...)
		}
		results := conn.Conn().SendBatch(ctx, batch)
		affected, err = outcome(results, len(later), last != "", dest)
		if closed := results.Close(); err == nil {
			err = closed
		}
		return err
	})
	return affected, err
}

// outcome reads the answers: of those that were put off, then of the last one.
func outcome(results pgx.BatchResults, later int, last bool, dest []any) (affected int64, err error) {
	missed := false
	for range later {
		tag, err := results.Exec()
		if err != nil {
			return 0, fmt.Errorf("%w: %w", errLater, err)
		}
		missed = missed || tag.RowsAffected() != 1
	}
	switch {
	case last && dest != nil:
		err = results.QueryRow().Scan(dest...)
	case last:
		tag, failed := results.Exec()
		affected, err = tag.RowsAffected(), failed
	}
	if missed {
		return 0, errLater
	}
	return affected, err
}

// rowTogether is the row of a statement that takes with it what was put off.
type rowTogether struct {
	ctx   context.Context //nolint:containedctx // of the call that QueryRow is; Scan is its second half
	conn  *connection
	query string
	args  []any
}

// Scan is part of Row.
func (r rowTogether) Scan(dest ...any) error {
	_, err := r.conn.together(r.ctx, r.query, r.args, dest)
	return err
}
