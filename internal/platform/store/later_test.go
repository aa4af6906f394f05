package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

const insertSetting = "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING"

// What was put off is there for the next statement of the write, and for everybody after the commit.
func TestLater_IsDone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		err := st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			for i := range 3 {
				if n, err := tx.Later(ctx, insertSetting, fmt.Sprint("n", i), "v"); err != nil || n != 1 {
					return fmt.Errorf("%d, %w", n, err)
				}
			}
			var value sql.NullString
			if err := tx.QueryRow(ctx, "SELECT value FROM settings WHERE name = ?", "n2").Scan(&value); err != nil || value.String != "v" {
				return fmt.Errorf("by row: %q, %w", value.String, err)
			}
			if err := tx.QueryRow(ctx, "SELECT value FROM settings WHERE name = ?", "none").Scan(&value); !errors.Is(err, store.ErrNoRows) {
				return fmt.Errorf("no row: %w", err)
			}
			if _, err := tx.Later(ctx, insertSetting, "n3", "v"); err != nil {
				return err
			}
			if err := tx.QueryRow(ctx, "SELECT value FROM settings WHERE name = ?", "none").Scan(&value); !errors.Is(err, store.ErrNoRows) {
				return fmt.Errorf("no row after what was put off: %w", err)
			}
			if _, err := tx.Later(ctx, insertSetting, "n4", "v"); err != nil {
				return err
			}
			if n, err := tx.Exec(ctx, "UPDATE settings SET value = ? WHERE name IN ('n3', 'n4')", "w"); err != nil || n != 2 {
				return fmt.Errorf("by exec: %d, %w", n, err)
			}
			if _, err := tx.Later(ctx, insertSetting, "n5", "v"); err != nil {
				return err
			}
			rows, err := tx.Query(ctx, "SELECT name FROM settings WHERE name LIKE 'n%'")
			if err != nil {
				return err
			}
			n := 0
			for rows.Next() {
				n++
			}
			if err := errors.Join(rows.Err(), rows.Close()); err != nil || n != 6 {
				return fmt.Errorf("by query: %d, %w", n, err)
			}
			_, err = tx.Later(ctx, insertSetting, "n6", "v")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := names(t, st); n != 7 {
			t.Errorf("%d rows after the commit", n)
		}
	})
}

func names(t *testing.T, st *store.Store) (n int) {
	t.Helper()
	if err := st.Read().QueryRow(t.Context(), "SELECT count(*) FROM settings WHERE name LIKE 'n%'").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Who finds the row there already is told so, and its neighbours in the same commit lose nothing.
func TestLater_TellsTheTruth(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		write := func(name string) (inserted int64, err error) {
			err = st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				var err error
				if inserted, err = tx.Later(ctx, insertSetting, name, "v"); err != nil {
					return err
				}
				if inserted == 0 {
					return errTaken
				}
				return nil
			})
			return inserted, err
		}
		if _, err := write("n0"); err != nil {
			t.Fatal(err)
		}
		if n, err := write("n0"); !errors.Is(err, errTaken) || n != 0 {
			t.Errorf("again: %d, %v", n, err)
		}
		const writers = 40
		var mu sync.Mutex
		taken := 0
		var all sync.WaitGroup
		for i := range writers {
			all.Go(func() {
				_, err := write(fmt.Sprint("n", i%20)) // each name twice, n0 for the third time
				mu.Lock()
				defer mu.Unlock()
				switch {
				case errors.Is(err, errTaken):
					taken++
				case err != nil:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := names(t, st); n != 20 || taken != 21 {
			t.Errorf("%d rows, %d were taken", n, taken)
		}
	})
}

var errTaken = errors.New("taken")

// A statement that fails undoes its own write and no other.
func TestLater_FailsAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		const refused = "INSERT INTO account_counters (account_id) VALUES (?)" // there is no such account
		var all sync.WaitGroup
		var mu sync.Mutex
		failed := 0
		for i := range 30 {
			all.Go(func() {
				err := st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
					if _, err := tx.Later(ctx, insertSetting, fmt.Sprint("n", i), "v"); err != nil {
						return err
					}
					if i%3 != 0 {
						return nil
					}
					_, err := tx.Later(ctx, refused, "nobody")
					return err
				})
				mu.Lock()
				defer mu.Unlock()
				if (err != nil) != (i%3 == 0) {
					t.Errorf("%d: %v", i, err)
				}
				if err != nil {
					failed++
				}
			})
		}
		all.Wait()
		if n := names(t, st); n != 20 || failed != 10 {
			t.Errorf("%d rows, %d failed", n, failed)
		}
	})
}
