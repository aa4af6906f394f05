// Package eventlogtest gives tests a running event log on a bus of their own.
package eventlogtest

import (
	"context"
	"log/slog"
	"sync"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/bus"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// New returns a started log over st. listeners are registered before the start. It is closed with the test.
func New(t testing.TB, st *store.Store, c clock.Clock, listeners ...func(eventlog.Record)) *eventlog.Log {
	t.Helper()
	b, err := bus.Start(t.Context(), bus.Config{Name: "test"})
	if err != nil {
		t.Fatalf("eventlogtest: %v", err)
	}
	log := eventlog.New(st, b, c, slog.New(slog.DiscardHandler))
	for _, fn := range listeners {
		log.Tail(fn)
	}
	if err := log.Start(t.Context()); err != nil {
		t.Fatalf("eventlogtest: %v", err)
	}
	t.Cleanup(func() {
		log.Close()
		b.Close()
	})
	return log
}

// Account inserts a bare account with its counters and returns its identifier, for tests of features below account.
func Account(t testing.TB, st *store.Store, id string) string {
	t.Helper()
	err := st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO accounts (id, name, time_zone, language, active, created_at) VALUES (?, ?, ?, ?, ?, ?)",
			id, "Test", "America/Sao_Paulo", "pt", true, 0)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "INSERT INTO account_counters (account_id) VALUES (?)", id)
		return err
	})
	if err != nil {
		t.Fatalf("eventlogtest: %v", err)
	}
	return id
}

// Recorder collects records; give its Take to New.
type Recorder struct {
	mu      sync.Mutex
	records []eventlog.Record
}

// Take keeps a record.
func (r *Recorder) Take(record eventlog.Record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.records = append(r.records, record)
}

// Records returns what was taken so far.
func (r *Recorder) Records() []eventlog.Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]eventlog.Record(nil), r.records...)
}

// Kinds waits until everything the account's log holds was told, and returns the kinds in order.
func (r *Recorder) Kinds(t testing.TB, log *eventlog.Log, accountID string) []string {
	t.Helper()
	position, err := log.Position(t.Context(), accountID)
	if err != nil {
		t.Fatal(err)
	}
	if err := log.WaitFor(t.Context(), accountID, position); err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, record := range r.Records() {
		if record.AccountID == accountID {
			kinds = append(kinds, record.Kind)
		}
	}
	return kinds
}
