package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/jobs"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type fixture struct {
	store *store.Store
	clock *clock.Fake
	// ended receives each job whose outcome was written.
	ended chan jobs.Job
}

func (f *fixture) runner(t *testing.T, h jobs.Handler) *jobs.Runner {
	t.Helper()
	r := jobs.New(f.store, f.clock, ident.V7{}, slog.New(slog.DiscardHandler))
	r.Handle("greet", h)
	r.OnEnd(func(j jobs.Job) { f.ended <- j })
	t.Cleanup(r.Stop)
	return r
}

func (f *fixture) add(t *testing.T, r *jobs.Runner, kind string, payload any) {
	t.Helper()
	err := f.store.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error { return r.Add(ctx, tx, "a", kind, payload) })
	if err != nil {
		t.Fatal(err)
	}
}

// count counts the rows of a state.
func (f *fixture) count(t *testing.T, state string) int {
	t.Helper()
	var n int
	if err := f.store.Read().QueryRow(t.Context(), "SELECT count(*) FROM jobs WHERE state = ?", state).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func (f *fixture) expect(t *testing.T, state string, want int) {
	t.Helper()
	if n := f.count(t, state); n != want {
		t.Errorf("%d jobs are %s, want %d", n, state, want)
	}
}

func each(t *testing.T, fn func(t *testing.T, f *fixture)) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		fn(t, &fixture{store: st, clock: clock.NewFake(time.UnixMilli(1_000_000)), ended: make(chan jobs.Job, 100)})
	})
}

func TestRunner_DoesWhatWasCommittedOnceAndForgetsIt(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		got := make(chan string, 10)
		r := f.runner(t, func(_ context.Context, j jobs.Job) error {
			got <- string(j.Payload)
			return nil
		})
		r.Start(t.Context())
		f.add(t, r, "greet", "Ana")
		if first := <-got; first != `"Ana"` { // jobs that are due together are done side by side, in no order
			t.Errorf("did %s first", first)
		}
		refusal := errors.New("no")
		err := f.store.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return errors.Join(r.Add(ctx, tx, "a", "greet", "nobody"), refusal)
		})
		if !errors.Is(err, refusal) {
			t.Fatal(err)
		}
		f.add(t, r, "greet", "Rui")
		if second := <-got; second != `"Rui"` {
			t.Errorf("did %s then", second)
		}
		<-f.ended
		<-f.ended
		f.expect(t, "pending", 0)
	})
}

func TestRunner_TriesAgainLaterEachTimeAndGivesUp(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		r := f.runner(t, func(context.Context, jobs.Job) error { return errors.New("the other side is away") })
		f.add(t, r, "greet", "Ana")
		r.Start(t.Context())
		wait := 15 * time.Second
		for want := 1; want <= jobs.MaxAttempts; want++ {
			if got := <-f.ended; got.Attempt != want {
				t.Fatalf("attempt %d, want %d", got.Attempt, want)
			}
			f.clock.Advance(wait)
			r.Wake()
			wait = min(2*wait, 4*time.Hour)
		}
		f.expect(t, "failed", 1)
		f.clock.Advance(31 * 24 * time.Hour)
		// Each round forgets first; the one under way may have done so before the clock was put on.
		for range 10 {
			if f.count(t, "failed") == 0 {
				break
			}
			f.add(t, r, "greet", "Rui")
			<-f.ended
		}
		f.expect(t, "failed", 0)
	})
}

func TestRunner_EndsWhatCannotBeMended(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		r := f.runner(t, func(_ context.Context, j jobs.Job) error {
			if j.Attempt > 1 {
				t.Error("tried again")
			}
			return jobs.Permanent(errors.New("no such address"))
		})
		r.Start(t.Context())
		f.add(t, r, "greet", "Ana")
		<-f.ended
		f.expect(t, "failed", 1)
	})
}

func TestRunner_APanicIsAFailure(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		r := f.runner(t, func(context.Context, jobs.Job) error { panic("a faulty rule") })
		r.Start(t.Context())
		f.add(t, r, "greet", "Ana")
		<-f.ended
		f.expect(t, "pending", 1)
	})
}

func TestRunner_NodesShareTheWork(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		var mu sync.Mutex
		done := map[string]int{}
		handler := func(_ context.Context, j jobs.Job) error {
			mu.Lock()
			defer mu.Unlock()
			done[j.ID]++
			return nil
		}
		one, two := f.runner(t, handler), f.runner(t, handler)
		for range 40 {
			f.add(t, one, "greet", "Ana")
		}
		one.Start(t.Context())
		two.Start(t.Context())
		for range 40 {
			<-f.ended
		}
		f.expect(t, "pending", 0)
		one.Stop()
		two.Stop()
		if len(done) != 40 {
			t.Errorf("%d jobs done, want 40", len(done))
		}
		for id, n := range done {
			if n != 1 {
				t.Errorf("job %s was done %d times", id, n)
			}
		}
	})
}

func TestRunner_WhatWasInterruptedRunsAgainWhenItsLeaseIsOver(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		begun := make(chan bool)
		first := f.runner(t, func(ctx context.Context, _ jobs.Job) error {
			begun <- true
			<-ctx.Done()
			return ctx.Err()
		})
		f.add(t, first, "greet", "Ana")
		first.Start(t.Context())
		<-begun
		first.Stop()
		again := make(chan int, 1)
		second := f.runner(t, func(_ context.Context, j jobs.Job) error {
			again <- j.Attempt
			return nil
		})
		f.clock.Advance(3 * time.Minute)
		second.Start(t.Context())
		if got := <-again; got != 2 {
			t.Errorf("attempt %d, want 2", got)
		}
		<-f.ended
		f.expect(t, "pending", 0)
	})
}
