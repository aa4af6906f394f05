package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// SchemaSum is a hash of all steps of Migrate: two programs with the same sum make the same schema.
func SchemaSum() (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(migrations, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		step, err := migrations.ReadFile(path)
		_, _ = fmt.Fprintf(sum, "%s\n%s\n", path, step) // a hash takes everything
		return err
	})
	if err != nil {
		return "", fmt.Errorf("store: migrations: %w", err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// ErrNewer says that a newer version of the program has worked on the database.
var ErrNewer = errors.New("the database is of a newer version of this program")

// knows refuses a schema with steps that this program does not have: it would fail at some write or other, or lose what it does not know.
func knows(ctx context.Context, provider *goose.Provider) error {
	is, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("store: migrate: %w", err)
	}
	sources := provider.ListSources()
	if newest := sources[len(sources)-1].Version; is > newest {
		return fmt.Errorf("store: %w: its schema has step %d, this one knows %d: start the newer version again, or put a copy from before it back", ErrNewer, is, newest)
	}
	return nil
}

// Migrate brings the schema to the newest step. It only goes forward, and is safe to run at every start. Error: ErrNewer.
func (s *Store) Migrate(ctx context.Context) error { return s.migrate(ctx, math.MaxInt64) }

// migrate is Migrate up to a step.
func (s *Store) migrate(ctx context.Context, last int64) (err error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("store: migrations: %w", err)
	}
	// A connection of its own: the lanes hold theirs for good.
	db, dialect, err := s.migrationDB()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	provider, err := goose.NewProvider(dialect, db, files)
	if err != nil {
		return fmt.Errorf("store: migrations: %w", err)
	}
	if err := knows(ctx, provider); err != nil {
		return err
	}
	steps, err := provider.Status(ctx)
	if err != nil {
		return fmt.Errorf("store: migrate: %w", err)
	}
	pending := slices.DeleteFunc(steps, func(s *goose.MigrationStatus) bool { return s.State != goose.StatePending || s.Source.Version > last })
	old := len(pending) < len(provider.ListSources())
	for i, step := range pending {
		if old {
			// A database with a history: an index over millions of rows takes its time, and nothing else happens meanwhile.
			s.log.Info("the schema is brought up to date; this may take minutes on a large database, and goes on at the next start when it is interrupted",
				"step", step.Source.Path, "number", i+1, "of", len(pending))
		}
		r, err := provider.ApplyVersion(ctx, step.Source.Version, true)
		if errors.Is(err, goose.ErrAlreadyApplied) {
			continue // another node was quicker
		}
		if err != nil {
			return fmt.Errorf("store: migrate: %w", err)
		}
		s.log.Info("schema step applied", "step", r.Source.Path, "took", r.Duration)
	}
	return nil
}

func (s *Store) migrationDB() (*sql.DB, goose.Dialect, error) {
	if s.engine == Postgres {
		config, err := pgx.ParseConfig(s.url)
		if err != nil {
			return nil, "", fmt.Errorf("store: the database address: %w", err)
		}
		return stdlib.OpenDB(*config), goose.DialectPostgres, nil
	}
	var path string
	row := s.reader.QueryRow(context.Background(), "SELECT file FROM pragma_database_list WHERE name = 'main'")
	if err := row.Scan(&path); err != nil {
		return nil, "", fmt.Errorf("store: where is the database: %w", err)
	}
	db, err := sql.Open("sqlite", "file:"+escapePath(path)+"?"+sqlitePragmas)
	if err != nil {
		return nil, "", fmt.Errorf("store: open %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	return db, goose.DialectSQLite3, nil
}
