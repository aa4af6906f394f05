package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// A plan that was made for an empty table does not stay.
func TestPlans_AreMadeAnew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		if st.Engine() == store.SQLite {
			return // it keeps no plans
		}
		ctx := store.InLane(t.Context(), "account")
		write := func(fn func(ctx context.Context, tx *store.Tx) error) {
			t.Helper()
			if err := st.Write(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		// Without the account as a mere check this is the statement that PostgreSQL gets wrong on an empty table.
		const text = "UPDATE quick_replies SET uses = uses + 1 WHERE id = ? AND account_id = ?"
		plan := func() (lines string) {
			t.Helper()
			write(func(ctx context.Context, tx *store.Tx) error {
				lines = ""
				var name string
				err := tx.QueryRow(ctx, "SELECT name FROM pg_prepared_statements WHERE statement = ?", store.Text(store.Postgres, text)).Scan(&name)
				if err != nil {
					return err
				}
				rows, err := tx.Query(ctx, fmt.Sprintf("EXPLAIN EXECUTE %q('none', 'none')", name))
				if err != nil {
					return err
				}
				defer func() { _ = rows.Close() }()
				for rows.Next() {
					var line string
					if err := rows.Scan(&line); err != nil {
						return err
					}
					lines += line + "\n"
				}
				return rows.Err()
			})
			return lines
		}
		for range 10 {
			write(func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Exec(ctx, text, "none", "none")
				return err
			})
		}
		write(func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, "INSERT INTO accounts (id, name, time_zone, language, created_at) VALUES ('a', 'A', 'UTC', 'pt', 0)")
			return errors.Join(err, fillReplies(ctx, tx))
		})
		if before := plan(); strings.Contains(before, "quick_replies_pkey") {
			t.Skip("this PostgreSQL plans an empty table well: nothing to see\n" + before)
		}
		if err := st.AgePlans(ctx); err != nil {
			t.Fatal(err)
		}
		write(func(context.Context, *store.Tx) error { return nil }) // the lane looks after its plans when it is done
		if after := plan(); !strings.Contains(after, "quick_replies_pkey") {
			t.Errorf("planned for an empty table for ever:\n%s", after)
		}
	})
}

func fillReplies(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
		INSERT INTO quick_replies (id, account_id, owner, title, shortcut, folder, body, share, updated_at)
		SELECT CAST(i AS TEXT), 'a', '', 'Olá', '', '', 'Como posso ajudar?', 'nobody', 0 FROM n`)
	return err
}

// Statistics come without samples: with them every statement would be prepared anew for every value.
func TestUpkeep_TakesNoSamples(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		if st.Engine() == store.Postgres { // it looks after itself: there is nothing to do, and nothing fails
			if err := st.Upkeep(t.Context()); err != nil {
				t.Error(err)
			}
			return
		}
		write := func(text string) {
			t.Helper()
			if err := st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				if _, err := tx.Exec(ctx, text); err != nil {
					return fmt.Errorf("%s: %w", text, err)
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		count := func(text string) (n int) {
			t.Helper()
			if err := st.Read().QueryRow(t.Context(), text).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		write("INSERT INTO accounts (id, name, time_zone, language, created_at) VALUES ('a', 'A', 'UTC', 'pt', 0)")
		if err := st.Write(t.Context(), fillReplies); err != nil {
			t.Fatal(err)
		}
		write("ANALYZE") // by somebody who means well
		if count("SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_stat4'") == 0 {
			t.Fatal("ANALYZE takes no samples any more: what is Upkeep for?")
		}
		if err := st.Upkeep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := count("SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_stat4'"); n != 0 {
			t.Error("samples are kept")
		}
		if n := count("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'quick_replies'"); n == 0 {
			t.Error("nothing is known of the tables")
		}
	})
}
