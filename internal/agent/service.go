package agent

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/blob"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/secret"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Account is what agents need to know of their account.
type Account struct {
	ID       string `json:"id" format:"uuid"`
	Name     string `json:"name"`
	TimeZone string `json:"time_zone" doc:"IANA name, as America/Sao_Paulo."`
	Language string `json:"language" enum:"pt,en,es"`
	// Active false refuses sign-ins (T003).
	Active bool `json:"-"`
	// Today is the date in the account's time zone, as YYYY-MM-DD.
	Today string `json:"-"`
}

// Departments knows which departments an account has.
type Departments interface {
	// InAccount says, inside a write, whether every one of ids is a department of the account.
	InAccount(ctx context.Context, tx *store.Tx, accountID string, ids []string) (bool, error)
}

// Config is what a Service stands on.
type Config struct {
	Store  *store.Store
	Log    *eventlog.Log
	Clock  clock.Clock
	IDs    ident.Generator
	Logger *slog.Logger
	Hasher *Hasher
	// Bucket keeps the photos.
	Bucket   *blob.Bucket
	Presence *Presence
	// Account returns an account as of now, or NotFound.
	Account     func(ctx context.Context, id string, now time.Time) (Account, error)
	Departments Departments
	// Supervised returns what an agent whose role may supervise watches over. Nil means everything.
	Supervised func(accountID, agentID string) Supervised
	// Witness writes down, in the same write, that byAgentID ended the session of an agent. Nil means nowhere.
	Witness func(ctx context.Context, tx *store.Tx, accountID, byAgentID string, ended Agent) error
	// Box signs what devices are known by. Nil means a key of this process alone.
	Box *secret.Box
	// Failed writes down, in the same write, wrong passwords for an agent. Nil means nowhere.
	Failed func(ctx context.Context, tx *store.Tx, f Failures) error
	// Outcome is told what came of each sign-in. Nil means nobody.
	Outcome func(Outcome)
	// Active returns how many conversations each of the account's agents attends now, by agent. Nil means none.
	Active func(accountID string) map[string]int
}

// Service creates, changes and lists agents, and keeps their sessions. It is safe for concurrent use.
type Service struct {
	config   Config
	sessions *sessionCache
	paces    *paces
	devices  devices
	networks *networks
	failures *tally
}

// NewService returns a service. Register Heard with the log's Tail.
func NewService(c Config) *Service {
	if c.Active == nil {
		c.Active = func(string) map[string]int { return nil }
	}
	if c.Witness == nil {
		c.Witness = func(context.Context, *store.Tx, string, string, Agent) error { return nil }
	}
	if c.Box == nil {
		c.Box = secret.New([]byte(ident.Secret(tokenBytes)))
	}
	if c.Failed == nil {
		c.Failed = func(context.Context, *store.Tx, Failures) error { return nil }
	}
	if c.Outcome == nil {
		c.Outcome = func(Outcome) {}
	}
	if c.Supervised == nil {
		c.Supervised = func(string, string) Supervised { return Supervised{All: true} }
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return &Service{
		config: c, sessions: newSessionCache(), paces: newPaces(c.Clock), devices: devices{c.Box}, networks: newNetworks(), failures: newTally(),
	}
}

// Heard keeps presence and the sessions held in memory true to the log, whichever node the change was made on.
func (s *Service) Heard(r eventlog.Record) {
	if r.Kind == SavedKind || r.Kind == SessionEndedKind {
		s.sessions.forget(r.Subject)
	}
	s.config.Presence.Heard(r)
}

// Me is the signed-in agent, as the panel needs it.
type Me struct {
	Agent         Agent               `json:"agent"`
	Account       Account             `json:"account"`
	Permissions   []access.Permission `json:"permissions" nullable:"false" doc:"What the agent may do."`
	SupervisesAll bool                `json:"supervises_all" doc:"Sees the whole account rather than the own departments."`
	Preferences   Preferences         `json:"preferences" doc:"What the panel keeps for the agent."`
	Returned      *Returned           `json:"returned" doc:"Conversations that went back to the queue while the agent was away; null when there is nothing to tell."`
}

// Me returns the agent as the panel needs it. NotFound when the account has none of that id.
func (s *Service) Me(ctx context.Context, accountID, agentID string) (Me, error) {
	account, err := s.config.Account(ctx, accountID, s.config.Clock.Now())
	if err != nil {
		return Me{}, err
	}
	a, err := s.get(ctx, s.config.Store.Read(), account, agentID)
	if err != nil {
		return Me{}, err
	}
	text, returned, err := selectOwn(ctx, s.config.Store.Read(), agentID)
	if err != nil {
		return Me{}, fmt.Errorf("agent: me: %w", err)
	}
	preferences, err := decodePreferences(text)
	if err != nil {
		return Me{}, err
	}
	return Me{
		Agent: a, Account: account, Permissions: s.permissions(a), SupervisesAll: s.supervised(a).All, Preferences: preferences,
		Returned: returned,
	}, nil
}

// Get returns an agent of the account. NotFound when the account has none of that id.
func (s *Service) Get(ctx context.Context, accountID, agentID string) (Agent, error) {
	account, err := s.config.Account(ctx, accountID, s.config.Clock.Now())
	if err != nil {
		return Agent{}, err
	}
	return s.get(ctx, s.config.Store.Read(), account, agentID)
}

// get reads an agent with what is not in its row.
func (s *Service) get(ctx context.Context, q queryer, account Account, agentID string) (Agent, error) {
	a, err := selectAgent(ctx, q, account.ID, agentID)
	if errors.Is(err, store.ErrNoRows) {
		return Agent{}, fault.New(fault.NotFound)
	}
	if err != nil {
		return Agent{}, fmt.Errorf("agent: get %s: %w", agentID, err)
	}
	if a.FirstConnectionAt, err = selectFirstConnection(ctx, q, agentID, account.Today); err != nil {
		return Agent{}, fmt.Errorf("agent: get %s: %w", agentID, err)
	}
	return s.complete(a, s.config.Active(account.ID)), nil
}

// complete fills what is only in memory.
func (s *Service) complete(a Agent, active map[string]int) Agent {
	a.ActiveConversations = active[a.ID]
	// From the row's own wish: the log may not have told Presence of it yet.
	a.Present = a.Active && a.Status != Offline && s.config.Presence.Live(a.ID)
	return a
}

// List returns the account's agents, the inactive ones too, by name.
func (s *Service) List(ctx context.Context, accountID string) ([]Agent, error) {
	account, err := s.config.Account(ctx, accountID, s.config.Clock.Now())
	if err != nil {
		return nil, err
	}
	list, err := selectAgents(ctx, s.config.Store.Read(), accountID)
	if err != nil {
		return nil, fmt.Errorf("agent: list: %w", err)
	}
	first, err := selectFirstConnections(ctx, s.config.Store.Read(), accountID, account.Today)
	if err != nil {
		return nil, fmt.Errorf("agent: list: %w", err)
	}
	active := s.config.Active(accountID)
	for i := range list {
		if at, ok := first[list[i].ID]; ok {
			list[i].FirstConnectionAt = &at
		}
		list[i] = s.complete(list[i], active)
	}
	slices.SortFunc(list, byName)
	return list, nil
}
