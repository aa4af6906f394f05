package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/aceno-chat/aceno/internal/platform/address"
)

// Engine is the database underneath.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// ErrNoRows is what a Row's Scan returns when nothing matched.
var ErrNoRows = sql.ErrNoRows

// Config says which database to open.
type Config struct {
	// URL is `sqlite:PATH` or a `postgres://` address.
	URL string
	// Logger receives what no caller waits for; slog.Default() when nil.
	Logger *slog.Logger
	// Lanes is how many transactions PostgreSQL runs side by side; 0 means 4. SQLite always has one.
	Lanes int
}

// Store is an open database. It is safe for concurrent use.
type Store struct {
	engine  Engine
	url     string
	log     *slog.Logger
	writeDB *sql.DB
	readDB  *sql.DB
	reader  *Reader
	lanes   []*lane
	// release gives up what Reserve took; nil without a reservation. lost is of Reserve.
	release         func() error
	lost            chan error
	reservationLook time.Duration
}

// Open connects to the database and starts its writers. It does not touch the schema: see Migrate.
func Open(ctx context.Context, c Config) (*Store, error) {
	s := &Store{log: c.Logger, url: c.URL, lost: make(chan error, 1), reservationLook: reservationLook}
	if s.log == nil {
		s.log = slog.Default()
	}
	lanes := 1
	var err error
	switch {
	case strings.HasPrefix(c.URL, "sqlite:"):
		err = s.openSQLite(ctx, strings.TrimPrefix(c.URL, "sqlite:"))
	case strings.HasPrefix(c.URL, "postgres://"), strings.HasPrefix(c.URL, "postgresql://"):
		lanes = max(c.Lanes, 0)
		if lanes == 0 {
			lanes = 4
		}
		err = s.openPostgres(c.URL, lanes)
	default:
		return nil, errors.New("store: the database address must begin with sqlite: or postgres://")
	}
	if err != nil {
		return nil, err
	}
	if err := s.readDB.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("store: connect to %s: %w", s.engine, err), s.closePools())
	}
	for range lanes {
		l, err := newLane(ctx, s)
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
		s.lanes = append(s.lanes, l)
	}
	return s, nil
}

// sqlitePragmas hold on every connection. FULL means that a commit that was answered survives a power cut.
const sqlitePragmas = "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
	"&_pragma=foreign_keys(1)&_pragma=temp_store(MEMORY)&_pragma=journal_size_limit(67108864)&_pragma=wal_autocheckpoint(8000)"

func (s *Store) openSQLite(ctx context.Context, path string) error {
	s.engine = SQLite
	if err := s.keepPrivate(path); err != nil {
		return err
	}
	escaped := escapePath(path)
	var err error
	if s.writeDB, err = sql.Open("sqlite", "file:"+escaped+"?"+sqlitePragmas); err != nil {
		return fmt.Errorf("store: open %s: %w", path, err)
	}
	s.writeDB.SetMaxOpenConns(1)
	// The write connection creates the file and switches it to WAL before a reader looks.
	if err := s.writeDB.PingContext(ctx); err != nil {
		return errors.Join(fmt.Errorf("store: open %s: %w", path, err), s.writeDB.Close())
	}
	if s.readDB, err = sql.Open("sqlite", "file:"+escaped+"?"+sqlitePragmas+"&_pragma=query_only(1)"); err != nil {
		return errors.Join(fmt.Errorf("store: open %s: %w", path, err), s.writeDB.Close())
	}
	s.readDB.SetMaxOpenConns(max(4, runtime.NumCPU()))
	s.readDB.SetMaxIdleConns(max(4, runtime.NumCPU()))
	s.reader = newReader(s.readDB, SQLite)
	return nil
}

// escapePath writes a file's path so that it stands as it is in a `file:` address.
func escapePath(path string) string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}

// CheckURL says what is wrong with a database's address, without showing it: `sqlite:PATH`, or `postgres://user:password@host:5432/name`.
func CheckURL(text string) error {
	if strings.HasPrefix(text, "sqlite:") {
		return nil
	}
	if _, err := address.Parse(text, "postgres", "postgresql"); err != nil {
		return fmt.Errorf("store: the address %w; it is written as postgres://user:password@host:5432/name or sqlite:FILE", err)
	}
	return nil
}

func (s *Store) openPostgres(url string, lanes int) error {
	s.engine = Postgres
	if err := CheckURL(url); err != nil {
		return err
	}
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return fmt.Errorf("store: the database address: %w", err)
	}
	s.writeDB = stdlib.OpenDB(*config)
	s.writeDB.SetMaxOpenConns(lanes)
	s.writeDB.SetMaxIdleConns(lanes)
	s.readDB = stdlib.OpenDB(*config, stdlib.OptionAfterConnect(planAnew))
	s.readDB.SetMaxOpenConns(8)
	s.readDB.SetMaxIdleConns(8)
	s.reader = newReader(s.readDB, Postgres)
	return nil
}

// Engine tells which database is underneath. A caller that branches on it says why beside the branch.
func (s *Store) Engine() Engine { return s.engine }

// Read returns the way to look without changing anything. It sees what was committed.
func (s *Store) Read() *Reader { return s.reader }

// Ping says whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.readDB.PingContext(ctx); err != nil {
		return fmt.Errorf("store: ping: %w", err)
	}
	return nil
}

// Close finishes the writes that were begun, refuses further ones, and closes the connections.
func (s *Store) Close() error {
	for _, l := range s.lanes {
		l.stop()
	}
	return s.closePools()
}

func (s *Store) closePools() error {
	err := errors.Join(s.reader.close(), s.readDB.Close(), s.writeDB.Close())
	if s.release != nil {
		err = errors.Join(err, s.release()) // last: nobody begins before this one has ended
	}
	return err
}

// IsUnique says whether err is the violation of a unique index. On PostgreSQL the transaction is lost with it:
// where a duplicate is expected, write ON CONFLICT DO NOTHING and look at the affected rows instead.
func IsUnique(err error) bool {
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pgErr.Code == "23505"
	}
	if liteErr, ok := errors.AsType[*sqlite.Error](err); ok {
		return liteErr.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || liteErr.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}

// isSerialization says whether PostgreSQL asks for the transaction to be tried again (40001, 40P01).
func isSerialization(err error) bool {
	pgErr, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pgErr.Code == "40001" || pgErr.Code == "40P01")
}
