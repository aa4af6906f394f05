package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver for making databases

	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// making is the advisory lock under which the one process makes the template that all use.
const making = 7_205_759_403

// admin opens the server's own database; it is closed again, since packages look for what their tests leave behind.
func admin() (*sql.DB, error) { return sql.Open("pgx", os.Getenv(PostgresEnv)) }

// freshDatabase copies a database under a new name and returns its address. The copy is dropped with the test.
func freshDatabase(t testing.TB, model string) string {
	t.Helper()
	db, err := admin()
	if err != nil {
		t.Fatalf("storetest: %v", err)
	}
	name := "test_" + ident.V7{}.New()
	if _, err := db.Exec(fmt.Sprintf("CREATE DATABASE %q TEMPLATE %q", name, model)); err != nil {
		t.Fatalf("storetest: %v", err)
	}
	t.Cleanup(func() {
		if _, err := db.Exec(fmt.Sprintf("DROP DATABASE %q WITH (FORCE)", name)); err != nil {
			t.Errorf("storetest: %v", err)
		}
		if err := db.Close(); err != nil {
			t.Errorf("storetest: %v", err)
		}
	})
	address, err := at(name)
	if err != nil {
		t.Fatalf("storetest: %v", err)
	}
	return address
}

// at returns the address of another database of the same server.
func at(database string) (string, error) {
	address, err := url.Parse(os.Getenv(PostgresEnv))
	if err != nil {
		return "", fmt.Errorf("%s: %w", PostgresEnv, err)
	}
	address.Path = "/" + database
	return address.String(), nil
}

// migratedDatabase makes an empty, migrated database once per server and schema: all steps for each test would take
// most of the tests' time. It is named after the steps, and has its name only when it is whole.
var migratedDatabase = sync.OnceValues(func() (name string, err error) {
	sum, err := store.SchemaSum()
	if err != nil {
		return "", err
	}
	name = "aceno_template_" + sum[:16]
	db, err := admin()
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	ctx := context.Background()
	one, err := db.Conn(ctx)
	if err != nil {
		return "", err
	}
	// The lock goes with the connection.
	defer func() { err = errors.Join(err, one.Close()) }()
	if _, err := one.ExecContext(ctx, "SELECT pg_advisory_lock($1)", making); err != nil {
		return "", err
	}
	defer func() {
		_, failed := one.ExecContext(ctx, "SELECT pg_advisory_unlock($1)", making)
		err = errors.Join(err, failed)
	}()
	var there bool
	row := one.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", name)
	if err := row.Scan(&there); err != nil || there {
		return name, err
	}
	return name, makeTemplate(ctx, one, name)
})

func makeTemplate(ctx context.Context, one *sql.Conn, name string) error {
	draft := "test_" + ident.V7{}.New()
	if _, err := one.ExecContext(ctx, fmt.Sprintf("CREATE DATABASE %q", draft)); err != nil {
		return err
	}
	address, err := at(draft)
	if err != nil {
		return err
	}
	st, err := store.Open(ctx, store.Config{URL: address, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	if err := errors.Join(st.Migrate(ctx), st.Close()); err != nil {
		return err
	}
	_, err = one.ExecContext(ctx, fmt.Sprintf("ALTER DATABASE %q RENAME TO %q", draft, name))
	return err
}
