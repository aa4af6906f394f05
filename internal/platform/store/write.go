package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"runtime/debug"
	"sync"
	"time"

	"github.com/uptrace/bun"
)

// ErrClosed is returned for a write after Close.
var ErrClosed = errors.New("store: closed")

const (
	laneQueue  = 1024
	batchMost  = 512                   // functions in one commit
	batchTime  = 20 * time.Millisecond // after which a batch takes no further function
	retriesMax = 5
)

type laneKey struct{}

// InLane returns a context whose writes go through the lane of key, the account's identifier: work on rows that are always
// locked together should not meet in two transactions. On PostgreSQL it holds the key besides, so that the nodes of a
// cluster take turns per account instead of finding each other's rows locked. On SQLite it changes nothing.
func InLane(ctx context.Context, key string) context.Context {
	return context.WithValue(ctx, laneKey{}, key)
}

// Write runs fn in a transaction and returns after the commit. It is the only way to change data.
//
// When fn returns an error, what it did is undone and Write returns that error. fn may run more than once (PostgreSQL
// asks for it after a serialisation failure), so it has no effect but through tx; see Tx.AfterCommit for the rest.
// ctx is heeded while waiting; once fn has begun it runs to its end.
func (s *Store) Write(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	l := s.lanes[0]
	key, ok := ctx.Value(laneKey{}).(string)
	if ok && len(s.lanes) > 1 {
		h := fnv.New32a()
		_, _ = h.Write([]byte(key))
		l = s.lanes[h.Sum32()%uint32(len(s.lanes))]
	}
	j := &job{ctx: ctx, key: key, fn: fn, done: make(chan error, 1)}
	l.gate.RLock()
	if l.closed {
		l.gate.RUnlock()
		return ErrClosed
	}
	select {
	case l.jobs <- j:
		l.gate.RUnlock()
	case <-ctx.Done():
		l.gate.RUnlock()
		return fmt.Errorf("store: waiting to write: %w", ctx.Err())
	}
	return <-j.done
}

type job struct {
	ctx   context.Context //nolint:containedctx // a job is the caller's call, carried to the writer's goroutine
	key   string          // of InLane, or empty
	fn    func(ctx context.Context, tx *Tx) error
	done  chan error
	hooks []func()
	err   error
	tries int // how often it had to begin a batch anew
}

// lane is one writer: a goroutine, its connection, and the statements prepared on it.
type lane struct {
	store  *Store
	jobs   chan *job
	gone   chan struct{}
	gate   sync.RWMutex
	closed bool
	conn   *connection
	// held are the keys that the running transaction holds, on PostgreSQL; worked says that it may hold rows already.
	held   map[string]bool
	worked bool
	// begun says that a transaction is running.
	begun bool
}

func newLane(ctx context.Context, s *Store) (*lane, error) {
	l := &lane{store: s, jobs: make(chan *job, laneQueue), gone: make(chan struct{})}
	var err error
	if l.conn, err = newConnection(ctx, s); err != nil {
		return nil, err
	}
	go l.run()
	return l, nil
}

func (l *lane) stop() {
	l.gate.Lock()
	already := l.closed
	l.closed = true
	l.gate.Unlock()
	if !already {
		close(l.jobs)
	}
	<-l.gone
}

func (l *lane) run() {
	defer close(l.gone)
	defer func() { l.conn.close() }()
	for first := range l.jobs {
		for next := first; next != nil; {
			batch, again, err := l.collect(next)
			l.commit(batch, err)
			next = again
		}
	}
}

// collect begins a transaction and runs first and whoever waits behind it. again is one that has to begin the next transaction:
// what it needs is held by another one, which may be waiting for what this one holds.
//
// The first has the transaction to itself while it runs, so it needs no savepoint: when it fails, all is undone and nothing lost.
// Those behind it each run in one.
func (l *lane) collect(first *job) (batch []*job, again *job, err error) {
	if err := l.begin(); err != nil {
		return []*job{first}, nil, err
	}
	batch = make([]*job, 0, 16)
	started := time.Now()
	for j, ok := first, true; ok; {
		l.attempt(j, len(batch) == 0)
		if l.comesAgain(j) {
			return batch, j, nil
		}
		batch = append(batch, j)
		if j.err != nil && len(batch) == 1 {
			return batch, nil, nil // it is undone, and the transaction over
		}
		if len(batch) == batchMost || l.conn.broken || time.Since(started) > batchTime {
			return batch, nil, nil
		}
		select {
		case j, ok = <-l.jobs:
		default:
			ok = false
		}
	}
	return batch, nil, nil
}

// comesAgain says whether a job goes to the beginning of the next transaction, where it holds nothing that others want.
func (l *lane) comesAgain(j *job) bool {
	if l.conn.broken || !errors.Is(j.err, errHeld) && !isSerialization(j.err) {
		return false
	}
	if j.tries++; j.tries > retriesMax {
		return false
	}
	j.err = nil
	return true
}

// begin starts the transaction, on a fresh connection when the last one was lost.
func (l *lane) begin() error {
	l.held, l.worked = make(map[string]bool, 1), false
	statement := "BEGIN"
	if l.store.engine == SQLite {
		// The one writer takes the lock at once: a deferred BEGIN could fail halfway, when it first writes.
		statement = "BEGIN IMMEDIATE"
	}
	ctx := context.Background()
	if !l.conn.broken {
		if _, err := l.conn.exec(ctx, statement); err == nil {
			l.begun = true
			return nil
		}
	}
	l.conn.close()
	fresh, err := newConnection(ctx, l.store)
	if err != nil {
		l.conn.broken = true
		return err
	}
	l.conn = fresh
	if _, err := l.conn.exec(ctx, statement); err != nil {
		l.conn.broken = true
		return fmt.Errorf("store: begin: %w", err)
	}
	l.begun = true
	return nil
}

// attempt runs one function, in a savepoint unless it is alone in its transaction, and leaves its verdict in the job. When one that
// is alone fails, the transaction is rolled back.
func (l *lane) attempt(j *job, alone bool) {
	// An interrupted statement would roll back everybody's transaction, so the caller's cancellation stops here.
	ctx := context.WithoutCancel(j.ctx)
	if err := j.ctx.Err(); err != nil {
		j.err = fmt.Errorf("store: waiting to write: %w", err)
	} else if !alone {
		j.err = l.inSavepoint(ctx, j)
		return
	} else {
		j.err = l.work(ctx, j)
	}
	if j.err == nil || !alone {
		return
	}
	if _, undo := l.conn.exec(ctx, "ROLLBACK"); undo != nil {
		l.conn.broken = true
		j.err = errors.Join(j.err, fmt.Errorf("store: undo: %w", undo))
	}
	l.begun = false
}

// work runs the job's function with the job's key held.
func (l *lane) work(ctx context.Context, j *job) error {
	tx := &Tx{IDB: l.conn.bun, conn: l.conn}
	err := l.hold(ctx, j.key)
	if err == nil {
		err = call(ctx, j.fn, tx)
	}
	tx.done = true
	if err != nil {
		return err
	}
	j.hooks = tx.hooks
	l.worked = true
	if j.key != "" {
		l.held[j.key] = true // a lock taken in a savepoint lasts when the savepoint does
	}
	return nil
}

func (l *lane) inSavepoint(ctx context.Context, j *job) error {
	if _, err := l.conn.exec(ctx, "SAVEPOINT w"); err != nil {
		l.conn.broken = true
		return fmt.Errorf("store: savepoint: %w", err)
	}
	err := l.work(ctx, j)
	if err == nil {
		if _, err = l.conn.exec(ctx, "RELEASE w"); err == nil {
			return nil
		}
		l.conn.broken = true
		return fmt.Errorf("store: release: %w", err)
	}
	if _, undo := l.conn.exec(ctx, "ROLLBACK TO w"); undo != nil {
		l.conn.broken = true
		return errors.Join(err, fmt.Errorf("store: undo: %w", undo))
	}
	if _, undo := l.conn.exec(ctx, "RELEASE w"); undo != nil {
		l.conn.broken = true
		return errors.Join(err, fmt.Errorf("store: undo: %w", undo))
	}
	return err
}

// call turns a panic in fn into an error, so that one faulty rule does not take its neighbours in the batch with it.
func call(ctx context.Context, fn func(context.Context, *Tx) error, tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("store: panic in a write: %v\n%s", p, debug.Stack())
		}
	}()
	return fn(ctx, tx)
}

// commit makes the batch durable, runs the hooks in order, and answers everybody.
func (l *lane) commit(batch []*job, failure error) {
	if failure == nil && !l.begun {
		for _, j := range batch { // one that was alone, and failed
			j.done <- j.err
		}
		return
	}
	l.begun = false
	if failure == nil && l.conn.broken {
		failure = errors.New("store: the connection was lost inside a transaction")
	}
	if failure == nil {
		if _, err := l.conn.exec(context.Background(), "COMMIT"); err != nil {
			failure = fmt.Errorf("store: commit: %w", err)
		}
	}
	if failure != nil {
		l.store.log.Error("a batch of writes was lost", "writes", len(batch), "error", failure)
		if _, err := l.conn.exec(context.Background(), "ROLLBACK"); err != nil {
			l.conn.broken = true
		}
		for _, j := range batch {
			if j.err == nil {
				j.err = failure
			}
			j.done <- j.err
		}
		return
	}
	for _, j := range batch {
		for _, hook := range j.hooks {
			hook()
		}
		j.done <- j.err
	}
}

// connection is a lane's connection with its prepared statements.
type connection struct {
	engine Engine
	sql    *sql.Conn
	bun    bun.IDB
	stmts  map[string]*sql.Stmt
	broken bool
}

func newConnection(ctx context.Context, s *Store) (*connection, error) {
	c, err := s.bunDB.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("store: connect: %w", err)
	}
	fresh := &connection{engine: s.engine, sql: c.Conn, bun: c, stmts: make(map[string]*sql.Stmt)}
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
