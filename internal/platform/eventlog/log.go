// Package eventlog records every durable change as an event with a strictly increasing position per account, in the same
// transaction as the change, and tells of it after the commit.
//
// Positions are taken under the account's counter row, at the end of each commit, so the order of commits is the order of positions,
// without gaps.
// The bus is only the wire: Tail notices what the wire lost and reads it from the log.
//
// It owns the tables events and account_counters (position).
package eventlog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/aceno-chat/aceno/internal/platform/bus"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// ErrTooOld is returned by Since when the log no longer reaches back to the position: the client has to start afresh.
var ErrTooOld = errors.New("eventlog: the position is older than the log")

const subjectPrefix = "aceno.events."

// Log appends and reads events. It is safe for concurrent use.
type Log struct {
	store *store.Store
	bus   *bus.Bus
	clock clock.Clock
	log   *slog.Logger
	tail  *tail
	stage *stage
}

// New returns a log over the store; call Start before the first Append whose events are to be heard.
func New(st *store.Store, b *bus.Bus, c clock.Clock, logger *slog.Logger) *Log {
	l := &Log{store: st, bus: b, clock: c, log: logger}
	l.tail = newTail(l)
	l.stage = &stage{log: l}
	return l
}

// Append records events in the order given, in the transaction of the change they tell of. They get their positions at its end, together
// with those of the other changes in the same commit: only from there on the account's row is held.
func (l *Log) Append(_ context.Context, tx *store.Tx, accountID string, events ...Event) error {
	at := clock.Millis(l.clock.Now())
	for _, e := range events {
		payload, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("eventlog: encode %s: %w", e.Kind(), err)
		}
		tx.BeforeCommit(l.stage, &Record{
			AccountID: accountID, Kind: e.Kind(), Audience: e.Audience().String(), Subject: e.Subject(), Payload: payload, At: at, event: e,
		})
	}
	return nil
}

// publish tells of committed events: this node's tail directly, the others by the bus. What fails here is found by the tails' sweep.
func (l *Log) publish(accountID string, records []Record) {
	l.tail.hear(records)
	if !l.bus.Shared() {
		return
	}
	data, err := json.Marshal(records)
	if err == nil {
		err = l.bus.Publish(subjectPrefix+accountID, data)
	}
	if err != nil {
		l.log.Error("an event was recorded but not announced", "account", accountID, "position", records[0].Position, "error", err)
	}
}

// Position returns the account's newest position, 0 when nothing ever happened.
func (l *Log) Position(ctx context.Context, accountID string) (int64, error) {
	var position int64
	err := l.store.Read().QueryRow(ctx, "SELECT position FROM account_counters WHERE account_id = ?", accountID).Scan(&position)
	if err != nil {
		return 0, fmt.Errorf("eventlog: position of account %s: %w", accountID, err)
	}
	return position, nil
}

// Since returns up to limit records after position, oldest first. ErrTooOld when some of them are no longer kept.
func (l *Log) Since(ctx context.Context, accountID string, position int64, limit int) ([]Record, error) {
	records, err := l.after(ctx, accountID, position, limit)
	if err != nil || len(records) > 0 {
		return records, err
	}
	newest, err := l.Position(ctx, accountID)
	if err != nil || newest == position {
		return nil, err
	}
	if newest > position { // most likely something has just happened: nothing was too old a moment ago
		if records, err = l.after(ctx, accountID, position, limit); err != nil || len(records) > 0 {
			return records, err
		}
	}
	return nil, ErrTooOld // pruned to the end, or a position from another database
}

// after reads what Since returns; nothing when there is nothing after position.
func (l *Log) after(ctx context.Context, accountID string, position int64, limit int) ([]Record, error) {
	rows, err := l.store.Read().Query(ctx,
		"SELECT position, kind, audience, subject, payload, at FROM events WHERE account_id = ? AND position > ? ORDER BY position LIMIT ?",
		accountID, position, limit)
	if err != nil {
		return nil, fmt.Errorf("eventlog: since %d: %w", position, err)
	}
	defer func() { _ = rows.Close() }()
	var records []Record
	for rows.Next() {
		r := Record{AccountID: accountID}
		var payload string
		if err := rows.Scan(&r.Position, &r.Kind, &r.Audience, &r.Subject, &payload, &r.At); err != nil {
			return nil, fmt.Errorf("eventlog: since %d: %w", position, err)
		}
		r.Payload = json.RawMessage(payload)
		records = append(records, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("eventlog: since %d: %w", position, err)
	}
	if len(records) > 0 && records[0].Position != position+1 {
		return nil, ErrTooOld
	}
	return records, nil
}

// Tail registers fn for every record of every account: in position order, without gaps, once. All listeners are called from one
// goroutine, so fn must be quick and never wait. Register before Start.
func (l *Log) Tail(fn func(Record)) { l.tail.listeners = append(l.tail.listeners, fn) }

// Start begins to listen from the present. Stop with Close.
func (l *Log) Start(ctx context.Context) error { return l.tail.start(ctx) }

// Close ends the tail and waits for it.
func (l *Log) Close() { l.tail.close() }
