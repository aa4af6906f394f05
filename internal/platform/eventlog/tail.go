package eventlog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

const (
	sweepEvery = 2 * time.Second
	pageSize   = 500
)

// tail turns what the bus says, which may be late, doubled or lost, into the exact sequence of each account.
type tail struct {
	log       *Log
	listeners []func(Record)
	last      map[string]int64 // by account; only the goroutine of run touches it
	heard     chan []Record
	stopBus   func()
	quit      chan struct{}
	gone      chan struct{}
	started   bool
	waiters   chan waiter
}

// waiter is somebody who waits until an account's tail has passed a position.
type waiter struct {
	account  string
	position int64
	passed   chan struct{}
}

func newTail(l *Log) *tail {
	return &tail{
		log: l, last: make(map[string]int64), heard: make(chan []Record, 4096),
		quit: make(chan struct{}), gone: make(chan struct{}), waiters: make(chan waiter),
	}
}

func (t *tail) start(ctx context.Context) error {
	// Listen first, then look where each account stands: what comes between is found to be known or new by its position.
	stop, err := t.log.bus.Subscribe(subjectPrefix+"*", func(subject string, data []byte) {
		var records []Record
		if err := json.Unmarshal(data, &records); err != nil {
			t.log.log.Error("an unreadable announcement on the bus", "subject", subject, "error", err)
			return
		}
		select {
		case t.heard <- records:
		case <-t.quit:
		}
	})
	if err != nil {
		return err
	}
	t.stopBus = stop
	positions, err := t.positions(ctx)
	if err != nil {
		stop()
		return err
	}
	t.last = positions
	t.started = true
	go t.run() //nolint:gosec // G118: the tail lives until Close, not as long as the call that starts it
	return nil
}

// hear takes what happened on this node. It never waits: what there is no room for is found missing by its position.
func (t *tail) hear(records []Record) {
	select {
	case t.heard <- records:
	default:
	}
}

func (t *tail) close() {
	if !t.started {
		return
	}
	t.stopBus()
	close(t.quit)
	<-t.gone
}

func (t *tail) run() {
	defer close(t.gone)
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-t.quit; cancel() }()
	sweep := time.NewTicker(sweepEvery)
	defer sweep.Stop()
	var waiting []waiter
	for {
		select {
		case <-t.quit:
			return
		case records := <-t.heard:
			for _, r := range records {
				t.take(ctx, r)
			}
		case <-sweep.C:
			t.sweep(ctx)
		case w := <-t.waiters:
			if t.last[w.account] < w.position {
				t.catchUp(ctx, w.account)
			}
			waiting = append(waiting, w)
		}
		waiting = t.release(waiting)
	}
}

func (t *tail) release(waiting []waiter) []waiter {
	kept := waiting[:0]
	for _, w := range waiting {
		if t.last[w.account] >= w.position {
			close(w.passed)
		} else {
			kept = append(kept, w)
		}
	}
	return kept
}

func (t *tail) take(ctx context.Context, r Record) {
	switch last := t.last[r.AccountID]; {
	case r.Position <= last:
	case r.Position == last+1:
		t.tell(r)
	default:
		t.catchUp(ctx, r.AccountID)
	}
}

func (t *tail) tell(r Record) {
	t.last[r.AccountID] = r.Position
	for _, fn := range t.listeners {
		fn(r)
	}
}

// catchUp reads what the bus did not bring.
func (t *tail) catchUp(ctx context.Context, accountID string) {
	for {
		records, err := t.log.Since(ctx, accountID, t.last[accountID], pageSize)
		if err != nil {
			if ctx.Err() == nil {
				t.log.log.Error("the event log could not be read; trying again", "account", accountID, "error", err)
			}
			if errors.Is(err, ErrTooOld) {
				t.skip(ctx, accountID)
			}
			return
		}
		for _, r := range records {
			t.tell(r)
		}
		if len(records) < pageSize {
			return
		}
	}
}

// skip goes to the present after the log was pruned past this node, which then was away for days.
func (t *tail) skip(ctx context.Context, accountID string) {
	if position, err := t.log.Position(ctx, accountID); err == nil {
		t.last[accountID] = position
	}
}

// sweep finds accounts whose last announcement was lost.
func (t *tail) sweep(ctx context.Context) {
	positions, err := t.positions(ctx)
	if err != nil {
		if ctx.Err() == nil {
			t.log.log.Warn("the positions could not be read", "error", err)
		}
		return
	}
	for account, position := range positions {
		if position > t.last[account] {
			t.catchUp(ctx, account)
		}
	}
}

func (t *tail) positions(ctx context.Context) (map[string]int64, error) {
	rows, err := t.log.store.Read().Query(ctx, "SELECT account_id, position FROM account_counters")
	if err != nil {
		return nil, fmt.Errorf("eventlog: positions: %w", err)
	}
	defer func() { _ = rows.Close() }()
	positions := make(map[string]int64)
	for rows.Next() {
		var account string
		var position int64
		if err := rows.Scan(&account, &position); err != nil {
			return nil, fmt.Errorf("eventlog: positions: %w", err)
		}
		positions[strings.Clone(account)] = position
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("eventlog: positions: %w", err)
	}
	return positions, nil
}

// WaitFor returns once every listener of this node was told of the account's events up to position.
func (l *Log) WaitFor(ctx context.Context, accountID string, position int64) error {
	w := waiter{account: accountID, position: position, passed: make(chan struct{})}
	select {
	case l.tail.waiters <- w:
	case <-l.tail.gone:
		return errors.New("eventlog: closed")
	case <-ctx.Done():
		return fmt.Errorf("eventlog: waiting for position %d: %w", position, ctx.Err())
	}
	select {
	case <-w.passed:
		return nil
	case <-l.tail.gone:
		return errors.New("eventlog: closed")
	case <-ctx.Done():
		return fmt.Errorf("eventlog: waiting for position %d: %w", position, ctx.Err())
	}
}
