package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// ledger is a stage that writes the names it was left, and refuses one of them.
type ledger struct {
	refused string
	mu      sync.Mutex
	flushes int
	told    []string
}

func (l *ledger) Flush(ctx context.Context, tx *store.Tx, values []any) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flushes++
	for _, v := range values {
		name := v.(string)
		if name == l.refused {
			return errors.New("refused")
		}
		if err := put(ctx, tx, "ledger "+name, ""); err != nil {
			return err
		}
		tx.AfterCommit(func() { l.told = append(l.told, name) })
	}
	return nil
}

// together runs writes behind one that keeps the writer busy until all of them wait, so that they meet in one commit.
func together(t *testing.T, st *store.Store, writes int, fn func(i int) func(context.Context, *store.Tx) error) []error {
	t.Helper()
	results := make([]error, writes)
	var wg sync.WaitGroup
	begun, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	wg.Go(func() {
		err := st.Write(t.Context(), func(context.Context, *store.Tx) error {
			once.Do(func() { close(begun) })
			<-release
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-begun
	var sent sync.WaitGroup
	for i := range writes {
		sent.Add(1)
		wg.Go(func() {
			sent.Done()
			results[i] = st.Write(t.Context(), fn(i))
		})
	}
	sent.Wait()
	close(release)
	wg.Wait()
	return results
}

func TestBeforeCommit_DoesTheWorkOfACommitAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		l := &ledger{}
		results := together(t, st, 40, func(i int) func(context.Context, *store.Tx) error {
			return func(ctx context.Context, tx *store.Tx) error {
				tx.BeforeCommit(l, fmt.Sprint(i))
				if i%10 == 3 {
					return errors.New("no")
				}
				return put(ctx, tx, fmt.Sprint(i), "")
			}
		})
		for i, err := range results {
			if (err != nil) != (i%10 == 3) {
				t.Errorf("write %d: %v", i, err)
			}
		}
		if len(l.told) != 36 || len(slices.Compact(slices.Sorted(slices.Values(l.told)))) != 36 {
			t.Fatalf("told of %v, want each of the 36 that succeeded once", l.told)
		}
		if got := count(t, st); got != 72 {
			t.Fatalf("%d rows, want 36 and those of the ledger", got)
		}
	})
}

func TestBeforeCommit_OnlyWhoIsToBlameFails(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		l := &ledger{refused: "7"}
		results := together(t, st, 20, func(i int) func(context.Context, *store.Tx) error {
			return func(ctx context.Context, tx *store.Tx) error {
				tx.BeforeCommit(l, fmt.Sprint(i))
				return put(ctx, tx, fmt.Sprint(i), "")
			}
		})
		for i, err := range results {
			if (err != nil) != (i == 7) {
				t.Errorf("write %d: %v", i, err)
			}
		}
		if got := count(t, st); got != 38 {
			t.Fatalf("%d rows, want 19 and those of the ledger", got)
		}
	})
}

// TestWrite_WhoIsUndoneLeavesTheOthersOnce: a failing neighbour may have everybody run again, nobody twice in the end.
func TestWrite_WhoIsUndoneLeavesTheOthersOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		if err := st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error { return put(ctx, tx, "sum", "") }); err != nil {
			t.Fatal(err)
		}
		var hooks int
		results := together(t, st, 60, func(i int) func(context.Context, *store.Tx) error {
			return func(ctx context.Context, tx *store.Tx) error {
				if _, err := tx.Exec(ctx, "UPDATE settings SET value = value || 'x' WHERE name = 'sum'"); err != nil {
					return err
				}
				tx.AfterCommit(func() { hooks++ })
				switch i % 20 {
				case 5:
					return errors.New("no")
				case 11:
					_, err := tx.Exec(ctx, "INSERT INTO settings (name) VALUES (?)", "incomplete")
					return err
				}
				return nil
			}
		})
		failed := 0
		for _, err := range results {
			if err != nil {
				failed++
			}
		}
		var sum string
		if err := st.Read().QueryRow(t.Context(), "SELECT value FROM settings WHERE name = 'sum'").Scan(&sum); err != nil {
			t.Fatal(err)
		}
		if failed != 6 || len(sum) != 54 || hooks != 54 {
			t.Fatalf("%d failed, %d counted, %d hooks; want 6, 54, 54", failed, len(sum), hooks)
		}
	})
}
