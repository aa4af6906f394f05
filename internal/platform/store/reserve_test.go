package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

func TestReserve(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		first, second := openAt(t, url), openAt(t, url)
		defer func() { _ = second.Close() }()
		if _, err := first.Reserve(t.Context(), false, 0); err != nil {
			t.Fatal(err)
		}
		for _, among := range []bool{false, true} {
			if _, err := second.Reserve(t.Context(), among, 0); !errors.Is(err, store.ErrInUse) {
				t.Errorf("among %v: %v, want ErrInUse", among, err)
			}
		}
		waiting := make(chan error, 1)
		go func() {
			_, err := second.Reserve(t.Context(), false, time.Minute)
			waiting <- err
		}()
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-waiting; err != nil {
			t.Errorf("after the first ended: %v", err)
		}
	})
}

// Who hears of each other may work side by side on PostgreSQL, and nobody alone meanwhile.
func TestReserve_Among(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		stores := []*store.Store{openAt(t, url), openAt(t, url), openAt(t, url)}
		for _, st := range stores {
			defer func() { _ = st.Close() }()
		}
		if _, err := stores[0].Reserve(t.Context(), true, 0); err != nil {
			t.Fatal(err)
		}
		_, err := stores[1].Reserve(t.Context(), true, 0)
		if many := stores[1].Engine() == store.Postgres; many != (err == nil) {
			t.Errorf("a second among others: %v", err)
		}
		if _, err := stores[2].Reserve(t.Context(), false, 0); !errors.Is(err, store.ErrInUse) {
			t.Errorf("one alone: %v, want ErrInUse", err)
		}
	})
}

// A connection that breaks takes the reservation with it: it is taken anew, or somebody else has it and this process is told to end.
func TestReserve_ConnectionLost(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		first, second := openAt(t, url), openAt(t, url)
		defer func() { _ = first.Close() }()
		defer func() { _ = second.Close() }()
		first.LookOften()
		lost, err := first.Reserve(t.Context(), false, 0)
		if err != nil || first.Engine() == store.SQLite {
			return // the system keeps a lock on a file
		}
		breakReservations(t, url)
		for { // it comes back
			if _, err := second.Reserve(t.Context(), false, 0); errors.Is(err, store.ErrInUse) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			if err := second.GiveUp(); err != nil {
				t.Fatal(err)
			}
		}
		select {
		case err := <-lost:
			if !errors.Is(err, store.ErrInUse) { // the second had it for a moment, and the first was told so
				t.Errorf("lost: %v", err)
			}
			return
		default:
		}
		for { // somebody is quicker, sooner or later
			breakReservations(t, url)
			if _, err := second.Reserve(t.Context(), false, 0); err == nil {
				break
			}
		}
		if err := <-lost; !errors.Is(err, store.ErrInUse) {
			t.Errorf("lost: %v, want ErrInUse", err)
		}
	})
}

// breakReservations ends the connections that hold a lock for as long as they last.
func breakReservations(t *testing.T, url string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	db, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close(ctx) }()
	_, err = db.Exec(ctx, "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid() "+
		"AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")
	if err != nil {
		t.Fatal(err)
	}
}

func TestMigrate_RefusesANewerSchema(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		err := st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9000, TRUE)")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = st.Migrate(t.Context())
		if !errors.Is(err, store.ErrNewer) || !strings.Contains(err.Error(), "step 9000") {
			t.Errorf("%v, want ErrNewer that names the step", err)
		}
	})
}

// The files are nobody else's, whoever made the folder and whatever they were before.
func TestOpen_KeepsFilesPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "aceno.db")
	for _, before := range []string{"none", "readable"} {
		if before == "readable" {
			if err := os.Chmod(path, 0o644); err != nil { //nolint:gosec // that is what is to be mended
				t.Fatal(err)
			}
		}
		st := openAt(t, "sqlite:"+path)
		if _, err := st.Reserve(t.Context(), false, 0); err != nil {
			t.Fatal(err)
		}
		if err := st.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(path + "*")
		if err != nil || len(files) < 4 {
			t.Errorf("%s: %v, %v, want database, log, memory and lock", before, files, err)
		}
		for _, file := range files {
			if about, err := os.Stat(file); err != nil || about.Mode().Perm() != 0o600 {
				t.Errorf("%s: %s: %v, %v", before, file, about.Mode(), err)
			}
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
