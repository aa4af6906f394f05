package eventlog_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/eventlog/eventlogtest"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

func appendMany(t *testing.T, log *eventlog.Log, st *store.Store, account string, n int) {
	t.Helper()
	events := make([]eventlog.Event, n)
	for i := range events {
		events[i] = happened{N: i}
	}
	err := st.Write(store.InLane(t.Context(), account), func(ctx context.Context, tx *store.Tx) error {
		return log.Append(ctx, tx, account, events...)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// kept returns an account's oldest position and how many events there are.
func kept(t *testing.T, st *store.Store, account string) (oldest, n int64) {
	t.Helper()
	err := st.Read().QueryRow(t.Context(), "SELECT COALESCE(min(position), 0), count(*) FROM events WHERE account_id = ?", account).Scan(&oldest, &n)
	if err != nil {
		t.Fatal(err)
	}
	return oldest, n
}

func TestPrune_CutsEachAccountUpToItsFirstYoungEvent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		fake := clock.NewFake(time.UnixMilli(1000))
		log := eventlogtest.New(t, st, fake)
		old, both, young := eventlogtest.Account(t, st, "old"), eventlogtest.Account(t, st, "both"), eventlogtest.Account(t, st, "young")
		eventlogtest.Account(t, st, "empty")
		appendMany(t, log, st, old, 2*store.BiteRows)
		appendMany(t, log, st, both, store.BiteRows+7)
		fake.Advance(time.Second)
		appendMany(t, log, st, both, 5)
		appendMany(t, log, st, young, 3)
		n, err := log.Prune(t.Context(), 2000)
		if err != nil || n != 3*store.BiteRows+7 {
			t.Fatalf("%d forgotten, %v", n, err)
		}
		for account, want := range map[string][2]int64{old: {0, 0}, both: {store.BiteRows + 8, 5}, young: {1, 3}} {
			if oldest, n := kept(t, st, account); [2]int64{oldest, n} != want {
				t.Errorf("account %s: %d events from %d, want %v", account, n, oldest, want)
			}
		}
		if n, err := log.Prune(t.Context(), 2000); err != nil || n != 0 {
			t.Errorf("again: %d forgotten, %v", n, err)
		}
	})
}

func TestPrune_LeavesNoGapWhenClocksDisagree(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		fake := clock.NewFake(time.UnixMilli(1000))
		log := eventlogtest.New(t, st, fake)
		account := eventlogtest.Account(t, st, "a")
		for _, at := range []int64{1000, 3000, 1500, 4000} {
			fake.Advance(time.UnixMilli(at).Sub(fake.Now()))
			appendMany(t, log, st, account, 1)
		}
		if n, err := log.Prune(t.Context(), 2000); err != nil || n != 1 {
			t.Fatalf("%d forgotten, %v", n, err)
		}
		if records, err := log.Since(t.Context(), account, 1, 10); err != nil || len(records) != 3 {
			t.Errorf("%d records after the cut, %v; want 3", len(records), err)
		}
	})
}

func TestPrune_InterruptedGoesOnTheNextTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		fake := clock.NewFake(time.UnixMilli(1000))
		log := eventlogtest.New(t, st, fake)
		account := eventlogtest.Account(t, st, "a")
		appendMany(t, log, st, account, 3*store.BiteRows)
		ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
		defer cancel()
		if _, err := log.Prune(ctx, 2000); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("interrupted: %v", err)
		}
		oldest, left := kept(t, st, account)
		if oldest+left != 3*store.BiteRows+1 {
			t.Fatalf("%d events from %d: a gap", left, oldest)
		}
		if n, err := log.Prune(t.Context(), 2000); err != nil || n != left {
			t.Errorf("gone on: %d forgotten of %d, %v", n, left, err)
		}
	})
}
