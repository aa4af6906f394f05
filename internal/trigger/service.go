package trigger

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/secret"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// Outreach tells what became of what rules sent.
type Outreach interface {
	// OfTriggers returns by rule how often a visitor saw what it sent, and accepted or followed it.
	OfTriggers(ctx context.Context, accountID string) (map[string]Counters, error)
	// Prepared says whether a template of that kind (invite or promotion) is the account's, used or not.
	Prepared(ctx context.Context, accountID string, kind Kind, templateID string) (bool, error)
}

// Presence knows who is on the sites; visitor.Live is it.
type Presence interface {
	Snapshot(accountID string) []*visitor.Visit
	Visit(accountID, visitID string) (visitor.Detail, bool)
}

// Config is what the service needs.
type Config struct {
	Store    *store.Store
	Log      *eventlog.Log
	Clock    clock.Clock
	IDs      ident.Generator
	Logger   *slog.Logger
	Box      *secret.Box
	Actions  Actions
	World    World
	Outreach Outreach
	Presence Presence
	// HasDepartment and HasSite say whether the account has them.
	HasDepartment, HasSite func(accountID, id string) bool
	// Observe is told how long a page view waited for its decision; may be nil.
	Observe func(took time.Duration)
}

// Service keeps the rules and runs them. It is safe for concurrent use.
type Service struct {
	Config

	engine *Engine
	runs   runStore

	mu    sync.RWMutex
	known map[string]map[string]Trigger // by account, by id

	quit, gone chan struct{}
}

const (
	// countersEvery is how often what was counted is written down.
	countersEvery = 10 * time.Second
	// runsKept is for how many days a rule remembers whom it has reached.
	runsKept = 400
)

// New returns a service that knows no rule yet: register Heard with the log's Tail, start the log, then call Load.
func New(c Config) *Service {
	s := &Service{Config: c, runs: runStore{c.Store}, known: make(map[string]map[string]Trigger)}
	s.engine = NewEngine(EngineOptions{
		Actions: c.Actions, World: c.World, Runs: s.runs, Clock: c.Clock, Logger: c.Logger, Address: s.address, Observe: c.Observe,
	})
	return s
}

// address is what is remembered of an IP address: a keyed digest, different for each account.
func (s *Service) address(v *visitor.Visit) string {
	return secret.Hash(s.Box.Sign("trigger-address", []byte(v.AccountID+" "+v.IP.String())))
}

// Engine returns what evaluates the rules: it is fed with visits.
func (s *Service) Engine() *Engine { return s.engine }

// Load reads every rule into memory. Call it after the log was started.
func (s *Service) Load(ctx context.Context) error {
	list, err := selectAll(ctx, s.Store.Read())
	if err != nil {
		return fmt.Errorf("trigger: load: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.known)
	for _, t := range list {
		s.keep(t)
	}
	for accountID := range s.known {
		s.engine.SetRules(accountID, s.list(accountID))
	}
	return nil
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
	defer s.mu.Unlock()
	switch e := event.(type) {
	case Saved:
		e.Trigger.accountID = r.AccountID
		if s.known[r.AccountID][e.Trigger.ID].Version > e.Trigger.Version {
			return
		}
		s.keep(e.Trigger)
	case Removed:
		delete(s.known[r.AccountID], e.TriggerID)
	}
	s.engine.SetRules(r.AccountID, s.list(r.AccountID))
}

// AccountChanged compiles the account's rules anew: its time zone may be another one.
func (s *Service) AccountChanged(accountID string) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	s.engine.SetRules(accountID, s.list(accountID))
}

// keep puts a rule into the memory; the caller holds the lock.
func (s *Service) keep(t Trigger) {
	if s.known[t.accountID] == nil {
		s.known[t.accountID] = make(map[string]Trigger)
	}
	s.known[t.accountID][t.ID] = t
}

// list returns an account's rules in their order; the caller holds the lock.
func (s *Service) list(accountID string) []Trigger {
	list := make([]Trigger, 0, len(s.known[accountID]))
	for _, t := range s.known[accountID] {
		list = append(list, t)
	}
	slices.SortFunc(list, byPriority)
	return list
}

// Start begins to evaluate, and to write down what is counted.
func (s *Service) Start() {
	s.quit, s.gone = make(chan struct{}), make(chan struct{})
	s.engine.Start()
	go func() {
		defer close(s.gone)
		tick := time.NewTicker(countersEvery)
		defer tick.Stop()
		for {
			select {
			case <-s.quit:
				return
			case <-tick.C:
				s.writeCounters(context.Background())
			}
		}
	}()
}

// Stop ends what Start began and writes down what was counted.
func (s *Service) Stop(ctx context.Context) {
	if s.quit == nil {
		return
	}
	close(s.quit)
	<-s.gone
	s.engine.Stop()
	s.writeCounters(ctx)
}

// Tidy forgets the runs of rules that were removed, and those that are older than they are kept for.
func (s *Service) Tidy(ctx context.Context) error {
	if err := s.runs.forgetRemoved(ctx); err != nil {
		return fmt.Errorf("trigger: tidy: %w", err)
	}
	if err := s.runs.forgetOld(ctx, clock.Millis(s.Clock.Now().AddDate(0, 0, -runsKept))); err != nil {
		return fmt.Errorf("trigger: tidy: %w", err)
	}
	return nil
}

func (s *Service) writeCounters(ctx context.Context) {
	counted := s.engine.Counted()
	if len(counted) == 0 {
		return
	}
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for id, c := range counted {
			if err := addCounters(ctx, tx, id, c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.Logger.Error("triggers: what was counted could not be written, trying again", "error", err)
		for id, c := range counted {
			s.engine.tally.add(id, c)
		}
	}
}
