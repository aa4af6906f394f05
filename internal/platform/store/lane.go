package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

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
	// begun says that a transaction is running, care how well its writes are kept apart.
	begun bool
	care  care
	// since is when the first of those being written was handed in; nil when nobody is.
	since atomic.Pointer[time.Time]
	// plans are those of conn.
	plans plans
}

func newLane(ctx context.Context, s *Store) (*lane, error) {
	l := &lane{
		store: s, jobs: make(chan *job, laneQueue), gone: make(chan struct{}), plans: plans{since: time.Now(), keep: firstPlans},
	}
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

// care is how well the writes of one transaction are kept apart.
type care int

const (
	// hopeful lets them share it: when one has to be undone, all are, and come again with more care. A savepoint costs two journeys
	// to the database for each, and hardly one in a hundred is undone.
	hopeful care = iota
	// careful gives each its savepoint.
	careful
	// alone gives each a transaction of its own: what several share at its end has failed.
	alone
)

// usual is the care of a lane to begin with. SQLite's savepoints cost next to nothing.
func (l *lane) usual() care {
	if l.store.engine == SQLite {
		return careful
	}
	return hopeful
}

// batchTime is for how long a transaction takes in whoever waits.
func (l *lane) batchTime() time.Duration {
	if l.store.engine == SQLite {
		return batchTime
	}
	return batchTimeFar
}

func (l *lane) run() {
	defer close(l.gone)
	defer func() { l.conn.close() }()
	for first := range l.jobs {
		for todo, c := []*job{first}, l.usual(); len(todo) > 0; {
			l.since.Store(&todo[0].since)
			todo, c = l.turn(todo, c)
		}
		l.since.Store(nil)
		l.renewPlans()
	}
}

// turn runs one transaction: those in todo, and whoever waits behind them. It returns those who have to begin the next one, and with
// how much care.
//
// The first has the transaction to itself while it runs, so it needs no savepoint: when it fails, all is undone and nothing lost.
func (l *lane) turn(todo []*job, c care) (again []*job, next care) {
	if err := l.begin(); err != nil {
		l.fail(todo, err)
		return nil, c
	}
	l.care = c
	batch := make([]*job, 0, 16)
	started := time.Now()
	for {
		var j *job
		if j, todo = l.following(todo); j == nil {
			break
		}
		if clean := l.attempt(j, len(batch) == 0, c); !clean {
			_ = l.rollback() // what came of it stands in the connection
			return repeated(append(batch, j), todo), careful
		}
		if l.comesAgain(j) {
			todo = repeated([]*job{j}, todo)
			break
		}
		batch = append(batch, j)
		if !l.begun || c == alone || len(batch) == batchMost || l.conn.broken || time.Since(started) > l.batchTime() {
			break
		}
	}
	return l.commit(batch, todo, c)
}

// following returns the next job and those of todo behind it; nil when nobody waits.
func (l *lane) following(todo []*job) (*job, []*job) {
	if len(todo) > 0 {
		return todo[0], todo[1:]
	}
	select {
	case j := <-l.jobs: // nil once the lane is closed and empty
		return j, nil
	default:
		return nil, nil
	}
}

// repeated returns the jobs that have to run again, before those behind them.
func repeated(jobs, behind []*job) []*job {
	for _, j := range jobs {
		j.afresh()
	}
	return append(jobs, behind...)
}

// comesAgain says whether a job goes to the beginning of the next transaction, where it holds nothing that others want.
func (l *lane) comesAgain(j *job) bool {
	if l.conn.broken || !errors.Is(j.err, errHeld) && !isSerialization(j.err) {
		return false
	}
	return !j.triedEnough()
}

// begin starts the transaction, on a fresh connection when the last one was lost.
func (l *lane) begin() error {
	l.held, l.worked, l.conn.later = make(map[string]bool, 1), false, nil
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
	l.conn, l.plans = fresh, plans{since: time.Now(), keep: firstPlans}
	if _, err := l.conn.exec(ctx, statement); err != nil {
		l.conn.broken = true
		return fmt.Errorf("store: begin: %w", err)
	}
	l.begun = true
	return nil
}

// attempt runs one function and leaves its verdict in the job. When one that is the first fails, the transaction is rolled back. clean
// is false when something may stand in the transaction that should not.
func (l *lane) attempt(j *job, first bool, c care) (clean bool) {
	// An interrupted statement would roll back everybody's transaction, so the caller's cancellation stops here.
	ctx := context.WithoutCancel(j.ctx)
	if err := j.ctx.Err(); err != nil {
		j.err = fmt.Errorf("store: waiting to write: %w", err)
		return true
	}
	switch {
	case first:
		if j.err = l.work(ctx, j); errors.Is(j.err, errLater) {
			return false
		} else if j.err != nil {
			if err := l.rollback(); err != nil {
				j.err = errors.Join(j.err, err)
			}
		}
		return true
	case c == hopeful:
		j.err = l.work(ctx, j)
		return j.err == nil || errors.Is(j.err, errHeld)
	default:
		j.err = l.inSavepoint(ctx, j)
		return true
	}
}

// rollback ends the running transaction and all it did. What fails is the connection.
func (l *lane) rollback() error {
	l.begun, l.conn.later = false, nil
	if _, err := l.conn.exec(context.Background(), "ROLLBACK"); err != nil {
		l.conn.broken = true
		return fmt.Errorf("store: undo: %w", err)
	}
	return nil
}

// work runs the job's function with the job's key held.
func (l *lane) work(ctx context.Context, j *job) error {
	tx := &Tx{conn: l.conn, putOff: l.care == hopeful}
	err := l.hold(ctx, j.key)
	if err == nil {
		err = call(ctx, j.fn, tx)
	}
	tx.done = true
	if err != nil {
		return err
	}
	j.hooks, j.staged = tx.hooks, tx.staged
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

// commit does what the batch left for its end, makes all of it durable, runs the hooks in order, and answers everybody. It returns
// those who have to run again: when the end fails, each goes alone, so that only who is to blame fails.
func (l *lane) commit(batch, rest []*job, c care) (again []*job, next care) {
	if !l.begun {
		answer(batch) // one that was the first, and failed
		return rest, c
	}
	if l.conn.broken {
		l.fail(batch, errors.New("store: the connection was lost inside a transaction"))
		return rest, c
	}
	hooks, err := l.flush(batch)
	if err != nil {
		_ = l.rollback() // what came of it stands in the connection
		if errors.Is(err, errLater) {
			return repeated(unfailed(batch), rest), careful
		}
		if again := apart(batch, err); len(again) > 0 {
			return repeated(again, rest), alone
		}
		l.fail(batch, err)
		return rest, c
	}
	l.begun = false
	if _, err := l.conn.exec(context.Background(), "COMMIT"); err != nil {
		_ = l.rollback()
		l.fail(batch, fmt.Errorf("store: commit: %w", err))
		return rest, c
	}
	for _, j := range batch {
		for _, hook := range j.hooks {
			hook()
		}
	}
	for _, hook := range hooks {
		hook()
	}
	answer(batch)
	return rest, c
}

// flush runs the stages of the batch, each once with what all of it left for it, and returns their hooks.
func (l *lane) flush(batch []*job) ([]func(), error) {
	var stages []Stage
	values := map[Stage][]any{}
	for _, j := range batch {
		for _, s := range j.staged {
			if _, ok := values[s.stage]; !ok {
				stages = append(stages, s.stage)
			}
			values[s.stage] = append(values[s.stage], s.value)
		}
	}
	tx := &Tx{conn: l.conn}
	defer func() { tx.done = true }()
	for _, stage := range stages {
		err := call(context.Background(), func(ctx context.Context, tx *Tx) error { return stage.Flush(ctx, tx, values[stage]) }, tx)
		if err != nil {
			return nil, err
		}
	}
	if len(l.conn.later) > 0 {
		if _, err := l.conn.together(context.Background(), "", nil, nil); err != nil {
			return nil, err
		}
	}
	return tx.hooks, nil
}

// parted tells those of a batch that succeeded from those that failed by themselves.
func parted(batch []*job) (good, bad []*job) {
	for _, j := range batch {
		if j.err == nil {
			good = append(good, j)
		} else {
			bad = append(bad, j)
		}
	}
	return good, bad
}

// unfailed answers those of a batch that failed by themselves, and returns the others.
func unfailed(batch []*job) []*job {
	good, bad := parted(batch)
	answer(bad)
	return good
}

// apart returns those of a batch whose common end failed and who are worth another try, each alone; the others are answered. One
// that was alone already has failed by itself, unless the database asks for a repetition.
func apart(batch []*job, failure error) []*job {
	good, bad := parted(batch)
	if len(good) == 1 && (!isSerialization(failure) || good[0].triedEnough()) {
		return nil
	}
	answer(bad)
	return good
}

// fail answers those of a batch that had succeeded with what undid them.
func (l *lane) fail(batch []*job, failure error) {
	l.begun = false
	l.store.log.Error("a batch of writes was lost", "writes", len(batch), "error", failure)
	for _, j := range batch {
		if j.err == nil {
			j.err = failure
		}
	}
	answer(batch)
}

func answer(batch []*job) {
	for _, j := range batch {
		j.done <- j.err
	}
}
