package store

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"time"
)

// ErrClosed is returned for a write after Close.
var ErrClosed = errors.New("store: closed")

const (
	laneQueue = 1024
	batchMost = 512                   // functions in one commit
	batchTime = 20 * time.Millisecond // after which a batch takes no further function, while others wait
	// batchTimeFar is batchTime on PostgreSQL, where a commit costs ten journeys there and back beside the disk.
	batchTimeFar = 50 * time.Millisecond
	retriesMax   = 5
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
// When fn returns an error, what it did is undone and Write returns that error. fn may run more than once (after a serialisation
// failure, or when a neighbour in the same commit had to be undone), so it has no effect but through tx, and sets what it returns
// to its caller afresh each time; see Tx.AfterCommit for the rest.
// ctx is heeded while waiting; once fn has begun it runs to its end.
func (s *Store) Write(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	l, key := s.laneOf(ctx)
	j := &job{ctx: ctx, key: key, fn: fn, done: make(chan error, 1), since: time.Now()}
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

// laneOf returns the lane of a context, and its key.
func (s *Store) laneOf(ctx context.Context) (*lane, string) {
	key, ok := ctx.Value(laneKey{}).(string)
	if !ok || len(s.lanes) == 1 {
		return s.lanes[0], key
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(key))
	return s.lanes[h.Sum32()%uint32(len(s.lanes))], key
}

// Delay tells for how long what is written now in the lane of ctx has been waiting already: what comes next will wait about as long.
// 0 when nobody waits. Whoever has something to refuse may ask it before taking on more work.
func (s *Store) Delay(ctx context.Context) time.Duration {
	l, _ := s.laneOf(ctx)
	since := l.since.Load()
	if since == nil {
		return 0
	}
	return time.Since(*since)
}

// LongestDelay is the longest Delay of all lanes.
func (s *Store) LongestDelay() (longest time.Duration) {
	for _, l := range s.lanes {
		if since := l.since.Load(); since != nil {
			longest = max(longest, time.Since(*since))
		}
	}
	return longest
}

type job struct {
	ctx   context.Context //nolint:containedctx // a job is the caller's call, carried to the writer's goroutine
	key   string          // of InLane, or empty
	since time.Time       // when it was handed in
	fn    func(ctx context.Context, tx *Tx) error
	done  chan error
	hooks []func()
	// staged is what it left for the end of the batch.
	staged []staged
	err    error
	tries  int // how often it had to begin a batch anew
}

// afresh forgets what the job's last run left.
func (j *job) afresh() {
	j.hooks, j.staged, j.err = nil, nil, nil
}

// triedEnough counts a run that has to be repeated, and says whether it was the last.
func (j *job) triedEnough() bool {
	j.tries++
	return j.tries > retriesMax
}
