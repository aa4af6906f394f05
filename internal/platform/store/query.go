package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// Row is one result to be scanned.
type Row interface {
	// Scan copies the columns; ErrNoRows when nothing matched.
	Scan(dest ...any) error
}

// Tx is a running write. Use it only inside the function it was given to, and never begin a transaction of your own in it.
//
// Statements are constant texts, so that they stay prepared, and can be found and explained (internal/plans).
type Tx struct {
	conn   *connection
	hooks  []func()
	staged []staged
	done   bool
	// putOff says that Later may wait for the next statement.
	putOff bool
}

// Stage is work that the writes of one commit do together, at its end.
type Stage interface {
	// Flush does it for the values that the writes left, in their order, in a Tx of its own. When it fails, the writes are tried
	// again one by one, so that only the one to blame fails.
	Flush(ctx context.Context, tx *Tx, values []any) error
}

type staged struct {
	stage Stage
	value any
}

// BeforeCommit leaves a value for stage, which is run once for all writes of the same commit. A write that fails leaves nothing.
// stage is comparable, a pointer.
func (t *Tx) BeforeCommit(stage Stage, value any) { t.staged = append(t.staged, staged{stage, value}) }

// AfterCommit has fn run once, after the commit and before Write returns, in the order of the commits. fn must be quick:
// the writer waits for it.
func (t *Tx) AfterCommit(fn func()) { t.hooks = append(t.hooks, fn) }

// Exec runs a statement and returns the number of affected rows.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if t.done {
		return 0, errors.New("store: a write was used after its end")
	}
	n, err := t.conn.exec(ctx, query, args...)
	if err != nil {
		return 0, fmt.Errorf("store: %w", err)
	}
	return n, nil
}

// Query runs a statement that returns rows. The caller closes them before the next statement.
func (t *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if t.done {
		return nil, errors.New("store: a write was used after its end")
	}
	if len(t.conn.later) > 0 {
		if _, err := t.conn.together(ctx, "", nil, nil); err != nil {
			return nil, err
		}
	}
	stmt, err := t.conn.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return rows, nil
}

// QueryRow runs a statement that returns at most one row, once it is scanned.
func (t *Tx) QueryRow(ctx context.Context, query string, args ...any) Row {
	if t.done {
		return failedRow{errors.New("store: a write was used after its end")}
	}
	if len(t.conn.later) > 0 {
		return rowTogether{ctx, t.conn, query, args}
	}
	stmt, err := t.conn.prepared(ctx, query)
	if err != nil {
		return failedRow{err}
	}
	return stmt.QueryRowContext(ctx, args...)
}

// Reader looks at committed data.
type Reader struct {
	db     *sql.DB
	engine Engine
	stmts  sync.Map // query → *sql.Stmt
}

func newReader(db *sql.DB, engine Engine) *Reader { return &Reader{db: db, engine: engine} }

// Query runs a constant text, kept prepared. The caller closes the rows.
func (r *Reader) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	stmt, err := r.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return rows, nil
}

// QueryRow runs a constant text that returns at most one row, kept prepared.
func (r *Reader) QueryRow(ctx context.Context, query string, args ...any) Row {
	stmt, err := r.prepared(ctx, query)
	if err != nil {
		return failedRow{err}
	}
	return stmt.QueryRowContext(ctx, args...)
}

func (r *Reader) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt, ok := r.stmts.Load(query); ok {
		return stmt.(*sql.Stmt), nil //nolint:forcetypeassert // only this function stores
	}
	stmt, err := r.db.PrepareContext(ctx, rebind(r.engine, query))
	if err != nil {
		return nil, fmt.Errorf("store: prepare %q: %w", query, err)
	}
	if other, loaded := r.stmts.LoadOrStore(query, stmt); loaded {
		_ = stmt.Close()              // somebody was quicker
		return other.(*sql.Stmt), nil //nolint:forcetypeassert // only this function stores
	}
	return stmt, nil
}

func (r *Reader) close() error {
	var err error
	r.stmts.Range(func(_, stmt any) bool {
		err = errors.Join(err, stmt.(*sql.Stmt).Close()) //nolint:forcetypeassert // only prepared stores
		return true
	})
	return err
}

type failedRow struct{ err error }

func (f failedRow) Scan(...any) error { return f.err }

var rebound sync.Map // text with ? → text with $1

// aList is how a list of values is given to a statement: `x IN (SELECT value FROM json_each(?))`, with a JSON array of texts.
const (
	aList         = "json_each(?)"
	aPostgresList = "json_array_elements_text(CAST(? AS json)) AS element(value)"
)

// rebind numbers the parameters for PostgreSQL, and writes a list of values as it knows it. Question marks in quoted text stay.
func rebind(engine Engine, query string) string {
	if engine == SQLite || !strings.Contains(query, "?") {
		return query
	}
	if known, ok := rebound.Load(query); ok {
		return known.(string) //nolint:forcetypeassert // only this function stores
	}
	var b strings.Builder
	n, quoted := 0, false
	for _, c := range []byte(strings.ReplaceAll(query, aList, aPostgresList)) {
		switch {
		case c == '\'':
			quoted = !quoted
			b.WriteByte(c)
		case c == '?' && !quoted:
			n++
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
		default:
			b.WriteByte(c)
		}
	}
	rebound.Store(query, b.String())
	return b.String()
}

// Text returns a statement as an engine is given it, for tests that have it explained.
func Text(engine Engine, query string) string { return rebind(engine, query) }
