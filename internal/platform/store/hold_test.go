package store_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// nodes opens one database twice, as two processes do, and puts two pairs of rows into it.
func nodes(t *testing.T, url string) []*store.Store {
	t.Helper()
	var both []*store.Store
	for range 2 {
		st, err := store.Open(t.Context(), store.Config{URL: url, Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := st.Close(); err != nil {
				t.Error(err)
			}
		})
		both = append(both, st)
	}
	if err := both[0].Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := both[0].Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, name := range []string{"a0", "b0", "a1", "b1"} {
			if err := put(ctx, tx, name, ""); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return both
}

// crossing adds a letter to both rows of a pair, in an order that differs from write to write.
func crossing(ctx context.Context, st *store.Store, i, pair int) error {
	return st.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, name := range [][]string{{"a", "b"}, {"b", "a"}}[i%2] {
			_, err := tx.Exec(ctx, "UPDATE settings SET value = value || 'x' WHERE name = ?", fmt.Sprint(name, pair))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func TestWrite_NodesTakeTurns(t *testing.T) {
	for name, rounds := range map[string]int{
		"by key":      300, // no transaction ever meets another one's locks
		"without one": 30,  // some do, are broken off by the database, and begin again
	} {
		t.Run(name, func(t *testing.T) {
			storetest.EachURL(t, func(t *testing.T, url string) {
				both := nodes(t, url)
				var wg sync.WaitGroup
				for i := range rounds {
					ctx, pair := t.Context(), i%3%2
					if name == "by key" {
						ctx = store.InLane(ctx, fmt.Sprint("account", pair)) // some transactions hold both keys
					}
					wg.Go(func() {
						if err := crossing(ctx, both[i%2], i/2, pair); err != nil {
							t.Error(err)
						}
					})
				}
				wg.Wait()
				for row, want := range map[string]int{"a0": rounds * 2 / 3, "b0": rounds * 2 / 3, "a1": rounds / 3, "b1": rounds / 3} {
					var value string
					if err := both[0].Read().QueryRow(t.Context(), "SELECT value FROM settings WHERE name = ?", row).Scan(&value); err != nil {
						t.Fatal(err)
					}
					if len(value) != want {
						t.Errorf("row %s was changed %d times, want %d", row, len(value), want)
					}
				}
			})
		})
	}
}
