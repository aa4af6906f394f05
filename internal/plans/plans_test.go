//go:build !race

package plans

import (
	"context"
	"database/sql"
	"log/slog"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/aceno-chat/aceno/internal/bench/history"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

const root = "../.."

// TestStatements_FindTheirRows explains every SQL text of the program on every engine there is, before and after it has a
// history.
func TestStatements_FindTheirRows(t *testing.T) {
	var r *report
	var texts []Text
	whole := false
	storetest.EachURL(t, func(t *testing.T, url string) {
		migrate(t, url)
		if strings.HasPrefix(url, "sqlite:") {
			db := openSQLite(t, url)
			r, texts = begin(t, db)
			r.sqlite(t, db, "SQLite without statistics", texts, nil)
			small := fill(t, url, 20_000)
			r.sqlite(t, db, "SQLite with statistics", texts, small)
			return
		}
		whole = true
		db := openPostgres(t, url)
		r.postgres(t, db, "PostgreSQL, planned while it was empty", texts, nil)
		small := fill(t, url, 100_000)
		fillUp(t, db, r.schema.columns)
		r.postgres(t, db, "PostgreSQL, filled and analysed", texts, small)
		forgetStatistics(t, db)
		r.postgres(t, db, "PostgreSQL, filled, its statistics gone", texts, small)
	})
	for _, block := range r.blocks() {
		t.Error(block)
	}
	if !whole {
		return // an exception may be for the engine that is not here
	}
	for _, name := range r.unneeded() {
		t.Errorf("nothing needs the exception for %s any longer", name)
	}
}

// begin reads the source, and judges what needs no database.
func begin(t *testing.T, db *sql.DB) (*report, []Text) {
	t.Helper()
	s, err := describe(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range s.tables {
		_, grows := growing[table]
		if grows == settled[table] {
			t.Errorf("table %s: say in tables.go whether it grows with history, and what bounds a look-up in it", table)
		}
	}
	found, err := read(root, s.tables)
	if err != nil {
		t.Fatal(err)
	}
	if len(found.texts) < 100 {
		t.Fatalf("only %d texts in the source: does this test still know what they look like?", len(found.texts))
	}
	r := newReport(s, exceptions)
	for _, l := range found.loose {
		r.loose(l)
	}
	for _, text := range found.texts {
		r.text(text)
	}
	return r, found.texts
}

func migrate(t *testing.T, url string) {
	t.Helper()
	st, err := store.Open(t.Context(), store.Config{URL: url, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
}

func openSQLite(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", strings.TrimPrefix(url, "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func openPostgres(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	config, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	db, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close(context.WithoutCancel(t.Context())) })
	return db
}

func (r *report) sqlite(t *testing.T, db *sql.DB, circumstance string, texts []Text, small map[string]bool) {
	t.Helper()
	for _, text := range texts {
		plan, err := explainSQLite(t.Context(), db, text.SQL)
		if err != nil {
			r.broken(text, circumstance, err)
			continue
		}
		lines := make([]string, 0, len(plan))
		for _, step := range plan {
			lines = append(lines, step.detail)
		}
		r.judge(text, circumstance, r.schema.sqliteAccesses(text.SQL, plan), lines, small)
	}
}

func explainSQLite(ctx context.Context, db *sql.DB, text string) (plan []step, err error) {
	arguments := make([]any, strings.Count(store.Text(store.Postgres, text), "$"))
	rows, err := db.QueryContext(ctx, "EXPLAIN QUERY PLAN "+text, arguments...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s step
		var unused any
		if err := rows.Scan(&s.id, &s.parent, &unused, &s.detail); err != nil {
			return nil, err
		}
		plan = append(plan, s)
	}
	return plan, rows.Err()
}

func (r *report) postgres(t *testing.T, db *pgx.Conn, circumstance string, texts []Text, small map[string]bool) {
	t.Helper()
	if _, err := db.Exec(t.Context(), "SET plan_cache_mode = force_generic_plan"); err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		plan, err := explainPostgres(t.Context(), db, text.SQL)
		if err != nil {
			r.broken(text, circumstance, err)
			continue
		}
		r.judge(text, circumstance, r.schema.postgresAccesses(plan), plan.lines(""), small)
	}
}

func explainPostgres(ctx context.Context, db *pgx.Conn, text string) (plan node, err error) {
	numbered := store.Text(store.Postgres, text)
	if _, err := db.Exec(ctx, "PREPARE p AS "+numbered); err != nil {
		return node{}, err
	}
	defer func() { _, _ = db.Exec(ctx, "DEALLOCATE p") }()
	execute := "EXECUTE p"
	if n := strings.Count(numbered, "$"); n > 0 {
		execute += "(" + strings.Repeat("NULL, ", n-1) + "NULL)"
	}
	var answer []byte
	if err := db.QueryRow(ctx, "EXPLAIN (FORMAT JSON) "+execute).Scan(&answer); err != nil {
		return node{}, err
	}
	return postgresPlan(answer)
}

// forgetStatistics takes from the planner all that ANALYZE found.
func forgetStatistics(t *testing.T, db *pgx.Conn) {
	t.Helper()
	for _, text := range []string{
		"DELETE FROM pg_statistic WHERE starelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)",
		"UPDATE pg_class SET reltuples = -1, relpages = 0 WHERE relnamespace = 'public'::regnamespace",
		"DISCARD PLANS",
	} {
		if _, err := db.Exec(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
}

// few is how many rows make a table small: a page or two are read quicker than an index.
const few = 400

// busy lets the newest of the past go on still, as at noon, and divides it between two accounts: an index of what is going on
// that has no row, or those of one account only, would be walked gladly. The oldest of the past is that of a hundred small accounts.
var busy = []string{
	"WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 99) " +
		"INSERT INTO accounts (id, name, time_zone, language, active, created_at) " +
		"SELECT 'small ' || CAST(n AS TEXT), name, time_zone, language, active, created_at FROM accounts CROSS JOIN n",
	"UPDATE conversations SET account_id = 'small ' || CAST(number % 100 AS TEXT) WHERE id IN (SELECT id FROM conversations ORDER BY number LIMIT 600)",
	"UPDATE leads SET account_id = 'small ' || CAST(marked_at % 100 AS TEXT) WHERE id IN (SELECT id FROM leads ORDER BY marked_at LIMIT 600)",
	"INSERT INTO accounts (id, name, time_zone, language, active, created_at) " +
		"SELECT 'other', name, time_zone, language, active, created_at FROM accounts LIMIT 1",
	"UPDATE conversations SET ended_at = NULL, ended_by = NULL, closed = FALSE, visitor_id = 'open' || id, " +
		"state = CASE WHEN number % 3 = 0 THEN 'waiting' ELSE 'active' END, " +
		"agent_id = CASE WHEN number % 3 = 0 THEN NULL ELSE agent_id END, joined_at = CASE WHEN number % 3 = 0 THEN NULL ELSE joined_at END " +
		"WHERE id IN (SELECT id FROM conversations ORDER BY number DESC LIMIT 300)",
	"UPDATE conversations SET closed = FALSE WHERE id IN (SELECT id FROM conversations WHERE state = 'ended' ORDER BY number DESC LIMIT 100)",
	"UPDATE conversation_participants SET left_at = NULL WHERE conversation_id IN " +
		"(SELECT conversation_id FROM conversation_participants ORDER BY conversation_id DESC LIMIT 100)",
	"UPDATE offers SET ended_at = NULL, state = 'offered' WHERE id IN (SELECT id FROM offers ORDER BY offered_at DESC LIMIT 100)",
	"UPDATE offers SET missed_last = TRUE WHERE id IN (SELECT id FROM offers ORDER BY offered_at LIMIT 100)",
	"UPDATE transfers SET settled_at = NULL, state = 'pending' WHERE id IN (SELECT id FROM transfers ORDER BY created_at DESC LIMIT 100)",
	"UPDATE outreach_deliveries SET ended_at = NULL, state = 'shown', visitor_id = 'open' || id " +
		"WHERE id IN (SELECT id FROM outreach_deliveries ORDER BY queued_at DESC LIMIT 300)",
	"UPDATE conversations SET account_id = 'other' WHERE ended_at IS NULL AND number % 2 = 0",
	"UPDATE offers SET account_id = 'other' WHERE (ended_at IS NULL OR missed_last) AND offered_at % 2 = 0",
	"UPDATE transfers SET account_id = 'other' WHERE settled_at IS NULL AND created_at % 2 = 0",
	"UPDATE contact_requests SET account_id = 'other' WHERE created_at % 3 = 0",
	"UPDATE trigger_runs SET trigger_id = 'rule ' || CAST(at % 50 AS TEXT)",
	"UPDATE sessions SET ended_at = NULL WHERE id IN (SELECT max(id) FROM sessions GROUP BY agent_id)",
	"ANALYZE",
}

// fill gives the database an account with a past, and returns the tables that stay small in it.
func fill(t *testing.T, url string, conversations int) (small map[string]bool) {
	t.Helper()
	st, err := store.Open(t.Context(), store.Config{URL: url, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	house := conversationtest.New(t, st)
	filled, err := history.Fill(t.Context(), st, history.Options{
		AccountID: conversationtest.Account, Conversations: conversations, Now: house.Clock.Now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	err = st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, text := range busy {
			if _, err := tx.Exec(ctx, text); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	small = map[string]bool{}
	for table := range growing {
		small[table] = filled.Rows[table] < few
	}
	return small
}
