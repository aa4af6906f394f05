package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

func put(ctx context.Context, tx *store.Tx, name, value string) error {
	_, err := tx.Exec(ctx, "INSERT INTO settings (name, value) VALUES (?, ?)", name, value)
	return err
}

func count(t *testing.T, st *store.Store) int {
	t.Helper()
	var n int
	if err := st.Read().QueryRow(t.Context(), "SELECT count(*) FROM settings").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWrite_CommitsWhatSucceedsAndUndoesWhatFails(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		refusal := errors.New("no")
		var wg sync.WaitGroup
		results := make([]error, 200)
		for i := range results {
			wg.Go(func() {
				results[i] = st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
					if err := put(ctx, tx, strings.Repeat("k", i+1), "v"); err != nil {
						return err
					}
					if i%2 == 1 {
						return refusal
					}
					return nil
				})
			})
		}
		wg.Wait()
		for i, err := range results {
			if want := i%2 == 1; errors.Is(err, refusal) != want || (!want && err != nil) {
				t.Fatalf("write %d: %v", i, err)
			}
		}
		if got := count(t, st); got != 100 {
			t.Fatalf("%d rows, want the 100 of the writes that succeeded", got)
		}
	})
}

func TestWrite_AFailedStatementHarmsNobodyElse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() {
				err := st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
					if i%5 == 0 {
						_, err := tx.Exec(ctx, "INSERT INTO settings (name) VALUES (?)", "incomplete")
						return err
					}
					return put(ctx, tx, strings.Repeat("k", i+1), "it's ?")
				})
				if (err != nil) != (i%5 == 0) {
					t.Errorf("write %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if got := count(t, st); got != 40 {
			t.Fatalf("%d rows, want 40", got)
		}
	})
}

func TestWrite_APanicIsAnErrorAndIsUndone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		err := st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			if err := put(ctx, tx, "a", "b"); err != nil {
				return err
			}
			panic("a faulty rule")
		})
		if err == nil || !strings.Contains(err.Error(), "a faulty rule") {
			t.Fatalf("err = %v, want the panic", err)
		}
		if got := count(t, st); got != 0 {
			t.Fatalf("%d rows, want none", got)
		}
	})
}

func TestAfterCommit_RunsOnceInOrderAndOnlyAfterSuccess(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		var ran []string
		write := func(name string, fail bool) {
			_ = st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				tx.AfterCommit(func() { ran = append(ran, name) })
				if fail {
					return errors.New("no")
				}
				return put(ctx, tx, name, "")
			})
		}
		write("a", false)
		write("b", true)
		write("c", false)
		if got := strings.Join(ran, ""); got != "ac" {
			t.Fatalf("hooks ran: %q, want ac", got)
		}
	})
}

func TestIsUnique(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		twice := func() error {
			return st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error { return put(ctx, tx, "a", "b") })
		}
		if err := twice(); err != nil {
			t.Fatal(err)
		}
		if err := twice(); !store.IsUnique(err) {
			t.Fatalf("IsUnique(%v) = false", err)
		}
	})
}

func TestWrite_RefusesTheCancelledAndTheClosed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		err := st.Write(cancelled, func(ctx context.Context, tx *store.Tx) error { return put(ctx, tx, "a", "b") })
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("err = %v, want context.Canceled", err)
		}
		if got := count(t, st); got != 0 {
			t.Fatalf("%d rows, want none", got)
		}
	})
	path := filepath.Join(t.TempDir(), "odd ?#% name.db")
	st, err := store.Open(t.Context(), store.Config{URL: "sqlite:" + path})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if err := st.Write(t.Context(), func(context.Context, *store.Tx) error { return nil }); !errors.Is(err, store.ErrClosed) {
		t.Fatalf("err = %v, want ErrClosed", err)
	}
}

func TestOpen_KeepsWhatWasWrittenBefore(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "aceno.db")
	for i := range 2 {
		st, err := store.Open(t.Context(), store.Config{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		if err := st.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := count(t, st); got != i {
			t.Fatalf("%d rows at start %d, want %d", got, i, i)
		}
		if err := st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return put(ctx, tx, strings.Repeat("k", i+1), "v")
		}); err != nil {
			t.Fatal(err)
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpen_RefusesAnUnknownAddress(t *testing.T) {
	if _, err := store.Open(t.Context(), store.Config{URL: "mysql://x"}); err == nil {
		t.Fatal("opened a database of an unknown kind")
	}
}

func TestDelay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		ctx := store.InLane(t.Context(), "account")
		begun, end := make(chan struct{}), make(chan struct{})
		var writing sync.WaitGroup
		once := sync.OnceFunc(func() { close(begun) })
		writing.Go(func() {
			if err := st.Write(ctx, func(context.Context, *store.Tx) error { once(); <-end; return nil }); err != nil {
				t.Error(err)
			}
		})
		<-begun
		if st.Delay(ctx) <= 0 || st.LongestDelay() <= 0 {
			t.Error("nothing is late while a write takes for ever")
		}
		close(end)
		writing.Wait()
		if err := st.Write(ctx, func(context.Context, *store.Tx) error { return nil }); err != nil {
			t.Fatal(err)
		}
	})
}
