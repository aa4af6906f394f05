package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/jackc/pgx/v5"
)

// ErrInUse says that another process works on the database.
var ErrInUse = errors.New("another process works on this database")

const (
	// reservationLook is how often a reservation is looked after that a connection holds.
	reservationLook = 5 * time.Second
	// reservationTry is how often one is asked for while somebody else has it.
	reservationTry = 100 * time.Millisecond
)

// reservationName names the lock on PostgreSQL.
const reservationName = "the database"

// Reserve keeps the database to this process until Close, or until the process ends, however it ends: two that serve the same people
// without hearing of each other undo each other's work. Among says that they do hear of each other; then any number may work on a
// PostgreSQL database, and none alone meanwhile. On SQLite there is always one.
//
// patience is how long to wait for one that is about to end. lost tells, at most once, that somebody else took the reservation while the
// connection to the database was down: then this process has to end. Error: ErrInUse.
func (s *Store) Reserve(ctx context.Context, among bool, patience time.Duration) (lost <-chan error, err error) {
	take := s.reserveFile
	if s.engine == Postgres {
		take = func(ctx context.Context) (bool, error) { return s.reserveByConnection(ctx, among) }
	}
	deadline := time.Now().Add(patience)
	for {
		ok, err := take(ctx)
		switch {
		case err != nil:
			return nil, err
		case ok:
			return s.lost, nil
		case time.Now().After(deadline):
			return nil, ErrInUse
		}
		select {
		case <-time.After(reservationTry):
		case <-ctx.Done():
			return nil, fmt.Errorf("store: reserve: %w", ctx.Err())
		}
	}
}

// reserveFile locks a file beside the database. The system gives it up with the process.
func (s *Store) reserveFile(context.Context) (bool, error) {
	path := strings.TrimPrefix(s.url, "sqlite:") + ".lock"
	file := flock.New(path, flock.SetPermissions(privateFile))
	ok, err := file.TryLock()
	if err != nil {
		return false, fmt.Errorf("store: reserve by %s: %w", path, err)
	}
	if ok {
		s.release = file.Close
	}
	return ok, nil
}

// reserveByConnection takes a lock that lasts as long as a connection of its own, and looks after it.
func (s *Store) reserveByConnection(ctx context.Context, among bool) (bool, error) {
	connection, ok, err := s.lockByConnection(ctx, among)
	if err != nil || !ok {
		return false, err
	}
	watching, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.watchReservation(watching, connection, among)
	}()
	s.release = func() error {
		stop()
		<-ended
		return nil
	}
	return true, nil
}

func (s *Store) lockByConnection(ctx context.Context, among bool) (_ *pgx.Conn, ok bool, err error) {
	connection, err := pgx.Connect(ctx, s.url)
	if err != nil {
		return nil, false, fmt.Errorf("store: reserve: %w", err)
	}
	defer func() {
		if !ok {
			err = errors.Join(err, connection.Close(context.WithoutCancel(ctx)))
		}
	}()
	// A machine that lost its power says no farewell: half a minute later the database gives its lock to somebody else.
	const alive = "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 4"
	if _, err := connection.Exec(ctx, alive); err != nil {
		return nil, false, fmt.Errorf("store: reserve: %w", err)
	}
	text := "SELECT pg_try_advisory_lock(" + lockName + ")"
	if among {
		text = "SELECT pg_try_advisory_lock_shared(" + lockName + ")"
	}
	if err := connection.QueryRow(ctx, rebind(Postgres, text), reservationName).Scan(&ok); err != nil {
		return nil, false, fmt.Errorf("store: reserve: %w", err)
	}
	return connection, ok, nil
}

// watchReservation takes the lock anew when its connection is lost, and tells when somebody else was quicker.
func (s *Store) watchReservation(ctx context.Context, connection *pgx.Conn, among bool) {
	ticker := time.NewTicker(s.reservationLook)
	defer ticker.Stop()
	defer func() {
		if connection != nil {
			_ = connection.Close(context.WithoutCancel(ctx)) // the lock goes with it, one way or the other
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if connection != nil && pinged(ctx, connection, s.reservationLook) == nil {
			continue
		}
		if connection != nil {
			_ = connection.Close(context.WithoutCancel(ctx)) // it is lost
			connection = nil
		}
		fresh, ok, err := s.lockByConnection(ctx, among)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			s.log.Warn("the database does not answer: nothing keeps others from it meanwhile", "error", err)
		case !ok:
			s.lost <- ErrInUse
			return
		default:
			connection = fresh
		}
	}
}

func pinged(ctx context.Context, connection *pgx.Conn, patience time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return connection.Ping(ctx) //nolint:wrapcheck // whether it is lost is all that counts
}

// privateFile are the rights of the database's files: they hold everything that visitors and agents wrote.
const privateFile os.FileMode = 0o600

// keepPrivate makes a database's file before SQLite does, and takes the rights of others away from those there are.
func (s *Store) keepPrivate(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, privateFile) //nolint:gosec // the operator's own file
	if err != nil {
		return fmt.Errorf("store: open %s: %w", path, err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("store: open %s: %w", path, err)
	}
	for _, each := range []string{path, path + "-wal", path + "-shm"} {
		about, err := os.Stat(each)
		if err != nil || about.Mode().Perm()&^privateFile == 0 {
			continue
		}
		if err := os.Chmod(each, privateFile); err != nil {
			s.log.Warn("others may read the database's file", "file", each, "error", err)
		}
	}
	return nil
}
