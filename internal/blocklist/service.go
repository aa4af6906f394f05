package blocklist

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Service blocks addresses and knows which are blocked. It is safe for concurrent use.
type Service struct {
	store *store.Store
	log   *eventlog.Log
	clock clock.Clock
	ids   ident.Generator
	// changed is told of an account whose list, or what is in effect of it, is another one now.
	changed func(accountID string)

	mu     sync.RWMutex
	lists  map[string]*list // by account
	timers map[string]*time.Timer
	closed bool
}

// NewService returns a service that knows no block yet: register Heard with the log's Tail, start the log, then call Load. changed is
// called with each account whose blocks changed or ended, from any goroutine; it must be quick.
func NewService(st *store.Store, log *eventlog.Log, c clock.Clock, ids ident.Generator, changed func(accountID string)) *Service {
	return &Service{
		store: st, log: log, clock: c, ids: ids, changed: changed, lists: make(map[string]*list), timers: make(map[string]*time.Timer),
	}
}

// Load reads every block into memory. Call it after the log was started: what happens meanwhile waits and is applied on top.
func (s *Service) Load(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.lists)
	if err := selectAll(ctx, s.store.Read(), func(accountID string, b Block) { s.listOf(accountID).put(b) }); err != nil {
		return fmt.Errorf("blocklist: load: %w", err)
	}
	for accountID := range s.lists {
		s.awaitEnd(accountID)
	}
	return nil
}

// Close stops waiting for blocks to end.
func (s *Service) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, t := range s.timers {
		t.Stop()
	}
}

// Heard keeps the memory true to the log. Register it with the log's Tail.
func (s *Service) Heard(r eventlog.Record) {
	if r.Kind != SavedKind && r.Kind != RemovedKind {
		return
	}
	event, err := eventlog.Decode(r)
	if err != nil {
		return // Decode fails only for what this version did not write
	}
	s.mu.Lock()
	switch e := event.(type) {
	case Saved:
		s.listOf(r.AccountID).put(e.Block)
	case Removed:
		s.listOf(r.AccountID).drop(e.ID)
	}
	s.awaitEnd(r.AccountID)
	s.mu.Unlock()
	s.changed(r.AccountID)
}

// listOf returns the account's list; the caller holds the lock.
func (s *Service) listOf(accountID string) *list {
	l := s.lists[accountID]
	if l == nil {
		l = newList()
		s.lists[accountID] = l
	}
	return l
}

// awaitEnd has changed called when the account's next block ends by itself; the caller holds the lock.
func (s *Service) awaitEnd(accountID string) {
	if t := s.timers[accountID]; t != nil {
		t.Stop()
		delete(s.timers, accountID)
	}
	now := clock.Millis(s.clock.Now())
	next := s.listOf(accountID).nextEnd(now)
	if next == 0 || s.closed {
		return
	}
	s.timers[accountID] = time.AfterFunc(time.Duration(next-now)*time.Millisecond, func() {
		s.mu.Lock()
		s.awaitEnd(accountID)
		s.mu.Unlock()
		s.changed(accountID)
	})
}

// Blocked says whether a visitor at the address may not chat now.
func (s *Service) Blocked(accountID string, addr netip.Addr) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	l := s.lists[accountID]
	if l == nil || len(l.byID) == 0 {
		return false
	}
	_, blocked := l.find(addr, clock.Millis(s.clock.Now()))
	return blocked
}

// List returns the account's blocks, the newest first; those that have ended too. The caller may keep the slice.
func (s *Service) List(accountID string) []Block {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if l := s.lists[accountID]; l != nil {
		return l.all()
	}
	return []Block{}
}

// Create blocks an address in an agent's name. Validation names the fields; address is `taken` while a block of it is in effect, and
// `too_many` when the account has AccountMax.
func (s *Service) Create(ctx context.Context, accountID, agentID string, n New) (Block, error) {
	now := clock.Millis(s.clock.Now())
	n, err := n.Check(now)
	if err != nil {
		return Block{}, err
	}
	b := Block{ID: s.ids.New(), Address: n.Address, Reason: n.Reason, AgentID: agentID, CreatedAt: now, ExpiresAt: n.ExpiresAt}
	err = s.store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		held, err := count(ctx, tx, accountID)
		if err != nil {
			return fmt.Errorf("blocklist: create: %w", err)
		}
		if held >= AccountMax {
			return fault.Invalid(fault.Field{Name: "address", Code: fault.FieldTooMany, Limit: AccountMax})
		}
		stored, err := insert(ctx, tx, accountID, b)
		if err != nil {
			return fmt.Errorf("blocklist: create: %w", err)
		}
		if !stored {
			return fault.Invalid(fault.Field{Name: "address", Code: fault.FieldTaken})
		}
		return s.log.Append(ctx, tx, accountID, Saved{Block: b})
	})
	if err != nil {
		return Block{}, err
	}
	return b, s.log.Settle(ctx, accountID)
}

// Remove takes a block off. Errors: NotFound.
func (s *Service) Remove(ctx context.Context, accountID, id string) error {
	err := s.store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		found, err := remove(ctx, tx, accountID, id)
		switch {
		case err != nil:
			return fmt.Errorf("blocklist: remove: %w", err)
		case !found:
			return fault.New(fault.NotFound)
		}
		return s.log.Append(ctx, tx, accountID, Removed{ID: id})
	})
	if err != nil {
		return err
	}
	return s.log.Settle(ctx, accountID)
}
