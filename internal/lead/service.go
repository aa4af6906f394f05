package lead

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// Visits knows how visitors came; visitor.Store is it.
type Visits interface {
	// First returns how the visitor of a visit came the first time.
	First(ctx context.Context, v *visitor.Visit) (visitor.First, error)
}

// Config is what the service needs.
type Config struct {
	Store  *store.Store
	Log    *eventlog.Log
	Clock  clock.Clock
	IDs    ident.Generator
	Visits Visits
	// Show tells the live table of a lead; one without a mark has MarkedAt 0. It returns at once.
	Show func(accountID string, l Lead)
	// Work runs what may wait outside of the caller.
	Work func(func(context.Context) error)
}

// Service marks, lists and unmarks leads. It is safe for concurrent use.
type Service struct {
	Config

	mu sync.Mutex
	// marked are the accounts that were asked for, and whether they have leads: of those without nobody is looked up.
	marked map[string]bool
	// unstored are the marks of visitors who have not agreed to be known, by visitor; waiting is their number.
	unstored map[string]rule
	waiting  atomic.Int64
}

// rule is what marked somebody.
type rule struct{ id, name string }

// NewService returns a service: register Heard with the log's Tail.
func NewService(c Config) *Service {
	return &Service{Config: c, marked: make(map[string]bool), unstored: make(map[string]rule)}
}

// Heard shows what the log tells of. Register it with the log's Tail.
func (s *Service) Heard(r eventlog.Record) {
	if r.Kind != MarkedKind && r.Kind != RemovedKind {
		return
	}
	event, err := eventlog.Decode(r)
	if err != nil {
		return // Decode fails only for what this version did not write
	}
	switch e := event.(type) {
	case Marked:
		s.mu.Lock()
		s.marked[r.AccountID] = true
		s.mu.Unlock()
		s.Show(r.AccountID, e.Lead)
	case Removed:
		s.Show(r.AccountID, Lead{VisitorID: e.VisitorID})
	}
}

// Mark makes a lead of the visitor of a visit, unless the visitor is one. Of who has not agreed to be known nothing is stored.
func (s *Service) Mark(ctx context.Context, v *visitor.Visit, triggerID, triggerName string) error {
	if v.Limited {
		s.mu.Lock()
		_, known := s.unstored[v.VisitorID]
		if !known {
			s.unstored[v.VisitorID] = rule{triggerID, triggerName}
			s.waiting.Add(1)
		}
		s.mu.Unlock()
		if !known {
			s.Show(v.AccountID, s.lead(v, triggerID, triggerName, firstOf(v)))
		}
		return nil
	}
	first, err := s.Visits.First(ctx, v)
	if err != nil {
		return err
	}
	l := s.lead(v, triggerID, triggerName, first)
	return s.Store.Write(store.InLane(ctx, v.AccountID), func(ctx context.Context, tx *store.Tx) error {
		made, err := insert(ctx, tx, l)
		if err != nil || !made {
			return err
		}
		return s.Log.Append(ctx, tx, v.AccountID, Marked{Lead: l})
	})
}

func (s *Service) lead(v *visitor.Visit, triggerID, triggerName string, first visitor.First) Lead {
	return Lead{
		ID: s.IDs.New(), accountID: v.AccountID, SiteID: v.SiteID, VisitorID: v.VisitorID, Number: v.Number, Name: v.Name(), Email: v.Email(),
		TriggerID: triggerID, TriggerName: triggerName, PageURL: v.PageURL.String(), MarkedAt: clock.Millis(s.Clock.Now()),
		First: Credit{
			At: first.At, EntryURL: first.EntryURL, Referrer: first.Referrer, ReferrerKind: string(first.Kind), ReferrerName: first.Name,
			UTMSource: first.UTMSource, UTMMedium: first.UTMMedium, UTMCampaign: first.UTMCampaign,
		},
	}
}

// firstOf is all that is known of somebody whose visits are not told apart.
func firstOf(v *visitor.Visit) visitor.First {
	return visitor.First{At: v.StartedAt, Kind: v.ReferrerKind, Name: v.ReferrerName.String()}
}

// Returned shows the mark of a visitor who is back. It may wait for the database.
func (s *Service) Returned(ctx context.Context, accountID, visitorID string) error {
	if has, err := s.hasLeads(ctx, accountID); err != nil || !has {
		return err
	}
	l, err := byVisitor(ctx, s.Store.Read(), accountID, visitorID)
	if errors.Is(err, store.ErrNoRows) {
		return nil
	}
	if err == nil {
		s.Show(accountID, l)
	}
	return err
}

// hasLeads says whether an account has leads. The database is asked once; from then on the log tells of the first.
func (s *Service) hasLeads(ctx context.Context, accountID string) (bool, error) {
	s.mu.Lock()
	has, known := s.marked[accountID]
	s.mu.Unlock()
	if known {
		return has, nil
	}
	has, err := hasLeads(ctx, s.Store.Read(), accountID)
	if err != nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	// What the log told meanwhile is newer.
	if _, known := s.marked[accountID]; !known {
		s.marked[accountID] = has
	}
	return s.marked[accountID], nil
}

// VisitChanged stores the mark of a visitor who agreed to be known meanwhile.
func (s *Service) VisitChanged(v *visitor.Visit) {
	if s.waiting.Load() == 0 || v.Limited {
		return
	}
	if r, ok := s.take(v.VisitorID); ok {
		s.Work(func(ctx context.Context) error { return s.Mark(ctx, v, r.id, r.name) })
	}
}

// VisitLeft forgets the mark of a visitor who went without having agreed.
func (s *Service) VisitLeft(v *visitor.Visit) {
	if s.waiting.Load() > 0 {
		s.take(v.VisitorID)
	}
}

// take returns an unstored mark and forgets it.
func (s *Service) take(visitorID string) (rule, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.unstored[visitorID]
	if ok {
		delete(s.unstored, visitorID)
		s.waiting.Add(-1)
	}
	return r, ok
}

// List returns an account's leads and who brought them.
func (s *Service) List(ctx context.Context, accountID string, f Filter) (Page, error) {
	p := Page{}
	var err error
	if p.Leads, err = selectPage(ctx, s.Store.Read(), accountID, f); err != nil {
		return Page{}, err
	}
	if p.More = len(p.Leads) > f.Limit; p.More {
		p.Leads = p.Leads[:f.Limit]
	}
	if p.Origins, p.Total, err = selectOrigins(ctx, s.Store.Read(), accountID, f); err != nil {
		return Page{}, err
	}
	return p, nil
}

// Remove takes a mark away. The same rule does not set it again. Error: NotFound.
func (s *Service) Remove(ctx context.Context, accountID, id string) error {
	return s.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		visitorID, err := remove(ctx, tx, accountID, id)
		if errors.Is(err, store.ErrNoRows) {
			return fault.New(fault.NotFound)
		}
		if err != nil {
			return err
		}
		return s.Log.Append(ctx, tx, accountID, Removed{ID: id, VisitorID: visitorID})
	})
}
