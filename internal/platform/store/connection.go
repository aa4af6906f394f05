package store

import (
	"context"
	"database/sql"
	"fmt"
)

// connection is a lane's connection with its prepared statements.
type connection struct {
	engine Engine
	sql    *sql.Conn
	stmts  map[string]*sql.Stmt
	broken bool
	// later are statements of the running transaction that go with the next one; see Tx.Later.
	later []put
}

func newConnection(ctx context.Context, s *Store) (*connection, error) {
	c, err := s.writeDB.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("store: connect: %w", err)
	}
	fresh := &connection{engine: s.engine, sql: c, stmts: make(map[string]*sql.Stmt)}
	// Prepared ahead: PostgreSQL prepares nothing inside a transaction that has failed, and these are what ends one.
	for _, statement := range []string{"ROLLBACK TO w", "RELEASE w", "ROLLBACK"} {
		if _, err := fresh.prepared(ctx, statement); err != nil {
			fresh.close()
			return nil, err
		}
	}
	return fresh, nil
}

func (c *connection) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt, ok := c.stmts[query]; ok {
		return stmt, nil
	}
	stmt, err := c.sql.PrepareContext(ctx, rebind(c.engine, query))
	if err != nil {
		return nil, fmt.Errorf("store: prepare %q: %w", query, err)
	}
	c.stmts[query] = stmt
	return stmt, nil
}

func (c *connection) exec(ctx context.Context, query string, args ...any) (int64, error) {
	if len(c.later) > 0 {
		return c.together(ctx, query, args, nil)
	}
	stmt, err := c.prepared(ctx, query)
	if err != nil {
		return 0, err
	}
	result, err := stmt.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (c *connection) close() {
	for _, stmt := range c.stmts {
		_ = stmt.Close() // the connection goes with it; nothing to save
	}
	c.stmts = make(map[string]*sql.Stmt)
	_ = c.sql.Close()
}
