package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

const (
	// MaxAttempts is how often a job is tried: the last time about a day after the first.
	MaxAttempts = 12
	// lease is how long a job may run before another node may take it.
	lease = 2 * time.Minute
	// firstDelay doubles with each attempt, up to longestDelay.
	firstDelay   = 15 * time.Second
	longestDelay = 4 * time.Hour
	// sweepEvery finds what another node, or a crash, left behind.
	sweepEvery = 30 * time.Second
	atOnce     = 4
	failedKept = 30 * 24 * time.Hour
)

// Job is one piece of work.
type Job struct {
	ID, AccountID, Kind string
	Payload             json.RawMessage
	// Attempt counts from 1.
	Attempt int

	dueAt int64
}

// Handler does a job. It may run again with the same job, so what it does must bear repetition. An error has it run again
// later; one made by Permanent ends it.
type Handler func(ctx context.Context, j Job) error

type permanentError struct{ cause error }

func (e permanentError) Error() string { return e.cause.Error() }
func (e permanentError) Unwrap() error { return e.cause }

// Permanent marks a failure that no repetition can mend.
func Permanent(err error) error { return permanentError{err} }

// Runner adds jobs and runs them. It is safe for concurrent use.
type Runner struct {
	store    *store.Store
	clock    clock.Clock
	ids      ident.Generator
	log      *slog.Logger
	handlers map[string]Handler

	// ended is called after the outcome of a run was written; inert but in tests, which wait for it.
	ended func(Job)

	wake    chan struct{}
	cancel  context.CancelFunc
	running sync.WaitGroup
}

// New returns a runner that knows no kind of job yet: see Handle.
func New(st *store.Store, c clock.Clock, ids ident.Generator, log *slog.Logger) *Runner {
	return &Runner{
		store: st, clock: c, ids: ids, log: log, handlers: make(map[string]Handler), ended: func(Job) {},
		wake: make(chan struct{}, 1), cancel: func() {},
	}
}

// Handle says who does the jobs of a kind. Call it before Start.
func (r *Runner) Handle(kind string, h Handler) { r.handlers[kind] = h }

// Add writes a job inside the change that asks for it. It runs soon after the commit. payload is encoded as JSON.
func (r *Runner) Add(ctx context.Context, tx *store.Tx, accountID, kind string, payload any) error {
	data, err := json.Marshal(payload)
	if err != nil {
		return fmt.Errorf("jobs: encode %s: %w", kind, err)
	}
	if err := insert(ctx, tx, r.ids.New(), accountID, kind, string(data), clock.Millis(r.clock.Now())); err != nil {
		return err
	}
	tx.AfterCommit(r.Wake)
	return nil
}

// Wake has the runner look for jobs that are due.
func (r *Runner) Wake() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Start begins to run jobs, those of earlier lives too. Stop ends it.
func (r *Runner) Start(ctx context.Context) {
	ctx, r.cancel = context.WithCancel(context.WithoutCancel(ctx))
	r.running.Go(func() { r.loop(ctx) })
	r.Wake()
}

// Stop interrupts what runs, which then runs again after the next start, and waits for it.
func (r *Runner) Stop() {
	r.cancel()
	r.running.Wait()
}

func (r *Runner) loop(ctx context.Context) {
	timer := time.NewTimer(sweepEvery)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.wake:
		case <-timer.C:
		}
		next, err := r.round(ctx)
		if err != nil && ctx.Err() == nil {
			r.log.Error("jobs could not be looked for", "error", err)
		}
		timer.Reset(next)
	}
}

// round runs everything that is due, and returns after how long to look again.
func (r *Runner) round(ctx context.Context) (time.Duration, error) {
	if err := r.forget(ctx); err != nil {
		return sweepEvery, err
	}
	for ctx.Err() == nil {
		now := clock.Millis(r.clock.Now())
		due, err := selectDue(ctx, r.store.Read(), now, atOnce)
		if err != nil {
			return sweepEvery, err
		}
		if len(due) == 0 {
			break
		}
		var batch sync.WaitGroup
		for _, j := range due {
			taken, err := r.take(ctx, &j, now)
			if err != nil {
				batch.Wait()
				return sweepEvery, err
			}
			if taken {
				batch.Go(func() { r.run(ctx, j) })
			}
		}
		batch.Wait()
	}
	return r.untilNext(ctx)
}

// untilNext is how long until the next job is due, at most until the next sweep.
func (r *Runner) untilNext(ctx context.Context) (time.Duration, error) {
	at, ok, err := selectNext(ctx, r.store.Read())
	if err != nil || !ok {
		return sweepEvery, err
	}
	wait := time.Duration(at-clock.Millis(r.clock.Now())) * time.Millisecond
	return min(max(wait, time.Millisecond), sweepEvery), nil
}

func (r *Runner) take(ctx context.Context, j *Job, now int64) (taken bool, err error) {
	until := now + lease.Milliseconds()
	err = r.store.Write(store.InLane(ctx, j.AccountID), func(ctx context.Context, tx *store.Tx) error {
		var err error
		taken, err = takeDue(ctx, tx, j.ID, j.dueAt, until)
		return err
	})
	j.dueAt = until
	j.Attempt++
	return taken, err
}

// run does a job that was taken, and writes what became of it.
func (r *Runner) run(ctx context.Context, j Job) {
	err := r.do(ctx, j)
	if ctx.Err() != nil {
		return // interrupted by Stop: its lease ends by itself
	}
	now := clock.Millis(r.clock.Now())
	write := func(ctx context.Context, tx *store.Tx) error { return deleteDone(ctx, tx, j.ID) }
	_, permanent := errors.AsType[permanentError](err)
	switch {
	case permanent, err != nil && j.Attempt >= MaxAttempts:
		r.log.Error("a job failed for good", "kind", j.Kind, "job", j.ID, "attempt", j.Attempt, "error", err)
		write = func(ctx context.Context, tx *store.Tx) error { return giveUp(ctx, tx, j.ID, err.Error(), now) }
	case err != nil:
		delay := min(firstDelay<<(j.Attempt-1), longestDelay)
		r.log.Warn("a job failed and will be tried again", "kind", j.Kind, "job", j.ID, "attempt", j.Attempt, "in", delay, "error", err)
		write = func(ctx context.Context, tx *store.Tx) error {
			return postpone(ctx, tx, j.ID, err.Error(), now+delay.Milliseconds())
		}
	}
	if err := r.store.Write(store.InLane(ctx, j.AccountID), write); err != nil && ctx.Err() == nil {
		r.log.Error("a job's end could not be written", "kind", j.Kind, "job", j.ID, "error", err)
	}
	r.ended(j)
}

func (r *Runner) do(ctx context.Context, j Job) (err error) {
	h, ok := r.handlers[j.Kind]
	if !ok {
		return fmt.Errorf("jobs: nobody here does %q", j.Kind) // perhaps a newer node does
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("jobs: %s panicked: %v", j.Kind, p)
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, lease/2)
	defer cancel()
	return h(ctx, j)
}

// forget deletes what failed for good long ago: one bite a round, since what is due comes first.
func (r *Runner) forget(ctx context.Context) error {
	before := clock.Millis(r.clock.Now().Add(-failedKept))
	some, err := anyFailed(ctx, r.store.Read(), before)
	if err != nil || !some {
		return err
	}
	return r.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return deleteFailed(ctx, tx, before) })
}
