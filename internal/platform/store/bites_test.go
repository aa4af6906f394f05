package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

func fill(t *testing.T, st *store.Store, rows int) {
	t.Helper()
	err := st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for i := range rows {
			if err := put(ctx, tx, fmt.Sprintf("%04d", i), ""); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func bite(ctx context.Context, tx *store.Tx) (int64, error) {
	return tx.Exec(ctx, "DELETE FROM settings WHERE name IN (SELECT name FROM settings ORDER BY name LIMIT 100)")
}

func TestBites_AreWritesOfTheirOwnUntilNothingIsLeft(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		fill(t, st, 250)
		var left []int
		total, err := st.Bites(t.Context(), func(ctx context.Context, tx *store.Tx) (int64, error) {
			tx.AfterCommit(func() { left = append(left, count(t, st)) })
			return bite(ctx, tx)
		})
		if err != nil || total != 250 || fmt.Sprint(left) != "[150 50 0 0]" {
			t.Fatalf("%d rows, %v left after each bite, error %v", total, left, err)
		}
	})
}

func TestBites_InterruptedGoOnWithTheNextCall(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		fill(t, st, 250)
		ctx, cancel := context.WithCancel(t.Context())
		total, err := st.Bites(ctx, func(ctx context.Context, tx *store.Tx) (int64, error) {
			tx.AfterCommit(cancel)
			return bite(ctx, tx)
		})
		if !errors.Is(err, context.Canceled) || total != 100 || count(t, st) != 150 {
			t.Fatalf("%d rows of the first bite, %d left, error %v", total, count(t, st), err)
		}
		if total, err = st.Bites(t.Context(), bite); err != nil || total != 150 || count(t, st) != 0 {
			t.Fatalf("%d rows of the next call, %d left, error %v", total, count(t, st), err)
		}
		refusal := errors.New("no")
		fill(t, st, 1)
		if _, err = st.Bites(t.Context(), func(ctx context.Context, tx *store.Tx) (int64, error) {
			n, err := bite(ctx, tx)
			return n, errors.Join(err, refusal)
		}); !errors.Is(err, refusal) || count(t, st) != 1 {
			t.Fatalf("a bite that failed: %v, %d rows", err, count(t, st))
		}
	})
}

func TestQuery_TakesAListOfValues(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		fill(t, st, 10)
		for list, want := range map[string]int{`[]`: 0, `["0003","0007","9999"]`: 2, `["it's ?"]`: 0} {
			var n int
			err := st.Read().QueryRow(t.Context(), "SELECT count(*) FROM settings WHERE name <> ? AND name IN (SELECT value FROM json_each(?)) AND value = ?",
				"0000", list, "").Scan(&n)
			if err != nil || n != want {
				t.Errorf("%s: %d found, want %d, error %v", list, n, want, err)
			}
		}
	})
}
