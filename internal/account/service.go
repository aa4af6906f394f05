package account

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Service creates, changes and finds accounts. It is safe for concurrent use.
type Service struct {
	store *store.Store
	log   *eventlog.Log
	clock clock.Clock
	ids   ident.Generator

	mu    sync.RWMutex
	known map[string]Account
}

// NewService returns a service that knows no account yet: register Heard with the log's Tail, start the log, then call Load.
func NewService(st *store.Store, log *eventlog.Log, c clock.Clock, ids ident.Generator) *Service {
	return &Service{store: st, log: log, clock: c, ids: ids, known: make(map[string]Account)}
}

// Load reads every account into memory. Call it after the log was started: what happens meanwhile waits and is applied on top.
func (s *Service) Load(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	list, err := selectAll(ctx, s.store.Read())
	if err != nil {
		return fmt.Errorf("account: load: %w", err)
	}
	clear(s.known)
	for _, a := range list {
		s.known[a.ID] = a
	}
	return nil
}

// Heard keeps the memory true to the log. Register it with the log's Tail.
func (s *Service) Heard(r eventlog.Record) {
	if r.Kind != SavedKind {
		return
	}
	event, err := eventlog.Decode(r)
	if err != nil {
		return // Decode fails only for what this version did not write
	}
	if saved, ok := event.(Saved); ok {
		s.mu.Lock()
		s.known[saved.Account.ID] = saved.Account
		s.mu.Unlock()
	}
}

// Get returns an account. NotFound when there is none.
func (s *Service) Get(ctx context.Context, id string) (Account, error) {
	s.mu.RLock()
	a, ok := s.known[id]
	s.mu.RUnlock()
	if ok {
		return a, nil
	}
	a, err := selectOne(ctx, s.store.Read(), id)
	if errors.Is(err, store.ErrNoRows) {
		return Account{}, fault.New(fault.NotFound)
	}
	if err != nil {
		return Account{}, fmt.Errorf("account: get %s: %w", id, err)
	}
	return a, nil
}

// All returns every account, oldest first.
func (s *Service) All(ctx context.Context) ([]Account, error) {
	list, err := selectAll(ctx, s.store.Read())
	if err != nil {
		return nil, fmt.Errorf("account: all: %w", err)
	}
	return list, nil
}

// Create makes an account. Validation names the fields name, time_zone and language.
func (s *Service) Create(ctx context.Context, n New) (Account, error) {
	n, err := n.Check()
	if err != nil {
		return Account{}, err
	}
	var a Account
	err = s.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var err error
		a, err = s.CreateIn(ctx, tx, n)
		return err
	})
	return a, err
}

// CreateIn is Create inside a write that makes more than the account. n is what Check returned.
func (s *Service) CreateIn(ctx context.Context, tx *store.Tx, n New) (Account, error) {
	a := Account{
		ID: s.ids.New(), Name: n.Name, TimeZone: n.TimeZone, Language: n.Language,
		Active: true, CreatedAt: clock.Millis(s.clock.Now()),
	}
	if err := insert(ctx, tx, a); err != nil {
		return Account{}, err
	}
	return a, s.log.Append(ctx, tx, a.ID, Saved{Account: a})
}

// Changes says what to change; nil leaves a field as it is.
type Changes struct {
	Name     *string
	TimeZone *string
	Language *string
	// Active false refuses sign-ins and ends what the account's agents do (T003).
	Active *bool
}

// Update changes an account and returns it. NotFound, or Validation as in Create.
func (s *Service) Update(ctx context.Context, id string, c Changes) (Account, error) {
	if err := c.check(); err != nil {
		return Account{}, err
	}
	var a Account
	err := s.store.Write(store.InLane(ctx, id), func(ctx context.Context, tx *store.Tx) error {
		var err error
		if a, err = update(ctx, tx, id, c); errors.Is(err, store.ErrNoRows) {
			return fault.New(fault.NotFound)
		} else if err != nil {
			return fmt.Errorf("account: update %s: %w", id, err)
		}
		return s.log.Append(ctx, tx, id, Saved{Account: a})
	})
	if err != nil {
		return Account{}, err
	}
	return a, s.log.Settle(ctx, id)
}

func (c *Changes) check() error {
	var f field.Check
	if c.Name != nil {
		name := f.Line("name", *c.Name, 1, NameMax)
		c.Name = &name
	}
	if c.Language != nil {
		field.OneOf(&f, "language", *c.Language, Languages()...)
	}
	if c.TimeZone != nil {
		if _, err := location(*c.TimeZone); err != nil {
			f.Refuse("time_zone", fault.FieldUnknown, nil)
		}
	}
	return f.Err()
}
