package store_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// migrateEnv has this test binary bring the database at that address up to date, telling each step on standard output.
const migrateEnv = "ACENO_STORE_TEST_MIGRATE"

// migrateAsProcess is what the binary then does.
func migrateAsProcess(url string) error {
	ctx := context.Background()
	st, err := store.Open(ctx, store.Config{URL: url, Logger: slog.New(slog.NewTextHandler(os.Stdout, nil))})
	if err != nil {
		return err
	}
	if err := st.Migrate(ctx); err != nil {
		return err
	}
	return st.Close()
}

// beforeGrowth is the last step of the schema before conversations had an index for each look.
const beforeGrowth = 22

// A long step of the schema that is killed in the middle leaves nothing half done, and is done at the next start.
func TestMigrate_KilledGoesOn(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		old := openAt(t, url)
		if err := old.MigrateTo(t.Context(), beforeGrowth); err != nil {
			t.Fatal(err)
		}
		if err := old.Write(t.Context(), fillOld); err != nil {
			t.Fatal(err)
		}
		if err := old.Close(); err != nil {
			t.Fatal(err)
		}
		// Killed at each of the first steps in turn: as soon as it says that it begins.
		for kills := range 3 {
			said := migrateUntil(t, url, "step=")
			if !strings.Contains(said, "this may take minutes") {
				t.Errorf("kill %d: said %q", kills, said)
			}
		}
		st := openAt(t, url)
		defer func() { _ = st.Close() }()
		if err := st.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		var rows, uses, open int
		for query, to := range map[string]*int{
			"SELECT count(*) FROM conversations":                        &rows,
			"SELECT COALESCE(sum(uses), 0) FROM tags":                   &uses,
			"SELECT count(*) FROM conversations WHERE ended_at IS NULL": &open,
		} {
			if err := st.Read().QueryRow(t.Context(), query).Scan(to); err != nil {
				t.Fatal(err)
			}
		}
		if rows != oldConversations || uses != oldConversations || open != 1 {
			t.Errorf("%d conversations, %d tags, %d open", rows, uses, open)
		}
	})
}

func openAt(t *testing.T, url string) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), store.Config{URL: url, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// migrateUntil lets a process of its own migrate and kills it when it says the word. It returns the line.
func migrateUntil(t *testing.T, url, word string) string {
	t.Helper()
	process := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	process.Env = append(os.Environ(), migrateEnv+"="+url)
	out, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	lines, said := bufio.NewScanner(out), ""
	for lines.Scan() {
		if said = lines.Text(); strings.Contains(said, word) {
			break
		}
	}
	_ = process.Process.Kill() // it may have ended by itself
	_ = process.Wait()
	return said
}

const oldConversations = 20_000

// fillOld writes what an installation of before may have: all but the last conversation have ended, each has a tag.
func fillOld(ctx context.Context, tx *store.Tx) error {
	for _, text := range []string{
		"INSERT INTO accounts (id, name, time_zone, language, created_at) VALUES ('a', 'A', 'UTC', 'pt', 0)",
		"INSERT INTO account_counters (account_id) VALUES ('a')",
		"INSERT INTO sites (id, account_id, name, key, allowed_domains, language, active, created_at) VALUES ('s', 'a', 'S', 'k', '[]', 'pt', TRUE, 0)",
		"INSERT INTO departments (id, account_id, name, display_name, description, position, active, created_at) VALUES ('d', 'a', 'D', 'D', '', 0, TRUE, 0)",
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
		 INSERT INTO conversations (id, account_id, number, client_id, site_id, department_id, visitor_id, visit_id, state, visitor, visitor_name,
		 visitor_email, queue_entered_at, ended_at) SELECT 'c' || CAST(i AS TEXT), 'a', i, 'x', 's', 'd', 'v' || CAST(i AS TEXT), '',
		 CASE WHEN i = 20000 THEN 'waiting' ELSE 'ended' END, '{}', '', '', i, CASE WHEN i = 20000 THEN NULL ELSE i END FROM n`,
		"INSERT INTO conversation_tags (conversation_id, tag, account_id, at) SELECT id, 'vip', 'a', 0 FROM conversations",
	} {
		if _, err := tx.Exec(ctx, text); err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
	}
	return nil
}
