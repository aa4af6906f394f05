package quickreply

import (
	"context"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Departments says which departments an account has. It answers from memory.
type Departments func(accountID, departmentID string) bool

// Service keeps quick replies. It is safe for concurrent use.
type Service struct {
	store       *store.Store
	log         *eventlog.Log
	clock       clock.Clock
	ids         ident.Generator
	departments Departments
}

// NewService returns a service.
func NewService(st *store.Store, log *eventlog.Log, c clock.Clock, ids ident.Generator, departments Departments) *Service {
	return &Service{store: st, log: log, clock: c, ids: ids, departments: departments}
}

// List returns what the agent may use, and for those who manage also all of the account's; by folder and title.
func (s *Service) List(ctx context.Context, a Actor) ([]Reply, error) {
	all, err := usable(ctx, s.store.Read(), a.AccountID, a.AgentID)
	if err != nil {
		return nil, err
	}
	list := make([]Reply, 0, len(all))
	for _, r := range all {
		if a.MayUse(r) {
			list = append(list, r)
		}
	}
	return list, nil
}

func (s *Service) check(a Actor, r Reply) (Reply, error) {
	return r.check(func(id string) bool { return s.departments(a.AccountID, id) })
}

// Create keeps a new reply: the agent's own when AgentID is set, else the account's.
// Errors: Validation (the shortcut is `taken`; title is `too_many` at the limit), Forbidden for the account's without the permission.
func (s *Service) Create(ctx context.Context, a Actor, r Reply) (Reply, error) {
	if !a.mayWrite(r) {
		return Reply{}, fault.New(fault.Forbidden)
	}
	r, err := s.check(a, r)
	if err != nil {
		return Reply{}, err
	}
	return r, s.store.Write(store.InLane(ctx, a.AccountID), func(ctx context.Context, tx *store.Tx) error {
		r, err = s.create(ctx, tx, a.AccountID, r)
		return err
	})
}

func (s *Service) create(ctx context.Context, tx *store.Tx, accountID string, r Reply) (Reply, error) {
	limit := AgentMax
	if r.AgentID == nil {
		limit = AccountMax
	}
	held, err := count(ctx, tx, accountID, r.owner())
	if err != nil {
		return r, err
	}
	if held >= limit {
		return r, fault.Invalid(fault.Field{Name: "title", Code: fault.FieldTooMany, Limit: limit})
	}
	r.ID, r.Uses, r.Version, r.UpdatedAt = s.ids.New(), 0, 1, clock.Millis(s.clock.Now())
	stored, err := insert(ctx, tx, accountID, r)
	if err == nil && !stored {
		err = taken()
	}
	if err != nil {
		return r, err
	}
	return r, s.log.Append(ctx, tx, accountID, saved(r)...)
}

func taken() error {
	return fault.Invalid(fault.Field{Name: "shortcut", Code: fault.FieldTaken})
}

// saved tells those who may use the reply, and its owner.
func saved(r Reply) []eventlog.Event {
	events := []eventlog.Event{Saved{Reply: r}}
	if r.AgentID != nil && r.Share == Department {
		events = append(events, Saved{Reply: r, toOwner: true})
	}
	return events
}

// Save replaces a reply that the agent may write; r names its identifier and the version that was seen.
// Errors: Validation, NotFound, Forbidden, StaleWrite.
func (s *Service) Save(ctx context.Context, a Actor, r Reply) (Reply, error) {
	var now Reply
	return now, s.store.Write(store.InLane(ctx, a.AccountID), func(ctx context.Context, tx *store.Tx) error {
		before, err := s.writable(ctx, tx, a, r.ID)
		if err != nil {
			return err
		}
		r.AgentID, r.UpdatedAt = before.AgentID, clock.Millis(s.clock.Now())
		if r, err = s.check(a, r); err != nil {
			return err
		}
		other, err := shortcutOf(ctx, tx, a.AccountID, r.owner(), r.Shortcut)
		switch {
		case err != nil:
			return err
		case r.Shortcut != "" && other != "" && other != r.ID:
			return taken()
		}
		ok, err := update(ctx, tx, a.AccountID, r, &now)
		switch {
		case err != nil:
			return err
		case !ok:
			return fault.New(fault.StaleWrite)
		}
		events := saved(now)
		if audience(before) != audience(now) {
			events = append([]eventlog.Event{Removed{ID: r.ID}}, events...)
		}
		return s.log.Append(ctx, tx, a.AccountID, events...)
	})
}

func audience(r Reply) eventlog.Audience { return Saved{Reply: r}.Audience() }

// writable returns a reply that the agent may change. Errors: NotFound when it may not even be used, Forbidden.
func (s *Service) writable(ctx context.Context, tx *store.Tx, a Actor, id string) (Reply, error) {
	r, ok, err := one(ctx, tx, a.AccountID, id)
	switch {
	case err != nil:
		return Reply{}, err
	case !ok || (!a.MayUse(r) && !a.mayWrite(r)):
		return Reply{}, fault.New(fault.NotFound)
	case !a.mayWrite(r):
		return Reply{}, fault.New(fault.Forbidden)
	}
	return r, nil
}

// Remove takes a reply away. Errors: NotFound, Forbidden.
func (s *Service) Remove(ctx context.Context, a Actor, id string) error {
	return s.store.Write(store.InLane(ctx, a.AccountID), func(ctx context.Context, tx *store.Tx) error {
		if _, err := s.writable(ctx, tx, a, id); err != nil {
			return err
		}
		if err := remove(ctx, tx, a.AccountID, id); err != nil {
			return err
		}
		return s.log.Append(ctx, tx, a.AccountID, Removed{ID: id})
	})
}

// Used counts that a reply was inserted. Errors: NotFound.
func (s *Service) Used(ctx context.Context, a Actor, id string) error {
	return s.store.Write(store.InLane(ctx, a.AccountID), func(ctx context.Context, tx *store.Tx) error {
		r, ok, err := one(ctx, tx, a.AccountID, id)
		if err == nil && (!ok || !a.MayUse(r)) {
			err = fault.New(fault.NotFound)
		}
		if err != nil {
			return err
		}
		return use(ctx, tx, a.AccountID, id)
	})
}

// SeedAccount is Seed for an account that is there already; one that has replies keeps what it has.
func (s *Service) SeedAccount(ctx context.Context, accountID, language string) error {
	return s.store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		if held, err := count(ctx, tx, accountID, ""); err != nil || held > 0 {
			return err
		}
		return s.Seed(ctx, tx, accountID, language)
	})
}

// Seed gives a new account its first replies, in its language.
func (s *Service) Seed(ctx context.Context, tx *store.Tx, accountID, language string) error {
	first, ok := seeds[language]
	if !ok {
		first = seeds["en"]
	}
	for _, r := range first {
		r.Share = Everybody
		if _, err := s.create(ctx, tx, accountID, r); err != nil {
			return fmt.Errorf("quickreply: seed: %w", err)
		}
	}
	return nil
}
