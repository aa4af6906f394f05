// Package storetest gives each test its own migrated database, on every engine there is.
package storetest

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

// PostgresEnv names the environment variable with the address of a PostgreSQL in which tests may make databases.
// `make test` starts one; without it the tests run on SQLite only.
const PostgresEnv = "ACENO_TEST_POSTGRES_URL"

// Each runs test on a fresh, migrated store of every engine.
func Each(t *testing.T, test func(t *testing.T, st *store.Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	if os.Getenv(PostgresEnv) != "" {
		t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
	}
}

var template struct {
	once sync.Once
	data []byte
	err  error
}

// SQLite returns a fresh, migrated store in a file of its own. It is closed with the test.
func SQLite(t testing.TB) *store.Store {
	t.Helper()
	template.once.Do(func() { template.data, template.err = migrated() })
	if template.err != nil {
		t.Fatalf("storetest: the template: %v", template.err)
	}
	path := filepath.Join(t.TempDir(), "aceno.db")
	if err := os.WriteFile(path, template.data, 0o600); err != nil {
		t.Fatalf("storetest: %v", err)
	}
	return open(t, "sqlite:"+path)
}

// migrated makes an empty database once per process; each test gets a copy of the file.
func migrated() ([]byte, error) {
	dir, err := os.MkdirTemp("", "aceno-template")
	if err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "template.db")
	ctx := context.Background()
	st, err := store.Open(ctx, store.Config{URL: "sqlite:" + path, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	if err := st.Migrate(ctx); err != nil {
		return nil, err
	}
	// Closing the last connection folds the write-ahead log into the file.
	if err := st.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// EachURL runs test with the address of a fresh database of every engine, for what opens its store itself.
func EachURL(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, "sqlite:"+filepath.Join(t.TempDir(), "aceno.db")) })
	if os.Getenv(PostgresEnv) != "" {
		t.Run("postgres", func(t *testing.T) { test(t, freshDatabase(t, "template1")) })
	}
}

// Postgres returns a fresh, migrated store in a database of its own. It is dropped with the test.
func Postgres(t testing.TB) *store.Store {
	t.Helper()
	model, err := migratedDatabase()
	if err != nil {
		t.Fatalf("storetest: the template: %v", err)
	}
	return open(t, freshDatabase(t, model))
}

func open(t testing.TB, address string) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), store.Config{URL: address, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatalf("storetest: %v", err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Errorf("storetest: close: %v", err)
		}
	})
	return st
}
