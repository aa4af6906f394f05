package supervision

import (
	"context"
	"fmt"
	"sync"

	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Deed is something a supervisor did, for the audit log.
type Deed struct {
	AgentID                             string
	Action                              string
	SubjectKind, SubjectID, SubjectName string
	Details                             map[string]string
}

// The actions of this package's deeds, as the audit log calls them.
const (
	Granted = "supervision.granted"
	Watched = "conversation.watched"
)

// Agents knows who the agents are; agent.Presence is it. It answers from memory.
type Agents interface {
	Agent(accountID, agentID string) (agent.Agent, bool)
	Agents(accountID string) []agent.Agent
}

// Departments knows which departments an account has.
type Departments interface {
	InAccount(ctx context.Context, tx *store.Tx, accountID string, ids []string) (bool, error)
}

// Conversations is what supervision needs of conversations; conversation.Service is it.
type Conversations interface {
	Get(ctx context.Context, a conversation.AgentActor, id string) (conversation.Conversation, error)
	TakeOver(ctx context.Context, a conversation.AgentActor, id, fromAgentID string) (conversation.Conversation, error)
	EndBySupervisor(ctx context.Context, a conversation.AgentActor, id string) (conversation.Conversation, error)
	OpenIn(ctx context.Context, accountID string, in func(departmentID, agentID string) bool, limit int) ([]conversation.Conversation, error)
}

// Config is what a Service stands on.
type Config struct {
	Store         *store.Store
	Log           *eventlog.Log
	Agents        Agents
	Departments   Departments
	Conversations Conversations
	// Record writes a deed into the audit log, in the same write.
	Record func(ctx context.Context, tx *store.Tx, accountID string, d Deed) error
	// Scope returns what an agent may see now, nothing for one that is not known.
	Scope func(accountID, agentID string) eventlog.Scope
	// Granted is told of an agent who watches over something else now, from the log's goroutine: be quick.
	Granted func(accountID, agentID string)
}

// Service grants supervision and lets supervisors watch. It is safe for concurrent use.
type Service struct {
	config Config

	mu      sync.RWMutex
	grants  map[string]map[string]Grant // by account and agent
	watches watches
}

// NewService returns a service that knows no grant yet: register Heard with the log's Tail, start the log, then call Load.
func NewService(c Config) *Service {
	return &Service{config: c, grants: make(map[string]map[string]Grant), watches: newWatches()}
}

// Load reads every grant into memory. Call it after the log was started: what happens meanwhile waits and is applied on top.
func (s *Service) Load(ctx context.Context) error {
	if err := selectGrants(ctx, s.config.Store.Read(), s.keep); err != nil {
		return fmt.Errorf("supervision: load: %w", err)
	}
	return nil
}

// Heard keeps the memory true to the log. Register it with the log's Tail, after what keeps agents true to it.
func (s *Service) Heard(r eventlog.Record) {
	switch r.Kind {
	case GrantedKind, WatchBeganKind, WatchEndedKind, agent.SessionEndedKind,
		conversation.KindClaimed, conversation.KindReturned, conversation.KindEnded, conversation.KindAbandoned,
		conversation.KindTransferred, conversation.KindParticipants:
	default:
		return
	}
	event, err := eventlog.Decode(r)
	if err != nil {
		return // Decode fails only for what this version did not write
	}
	switch e := event.(type) {
	case GrantedEvent:
		s.keep(r.AccountID, e.Grant)
		s.config.Granted(r.AccountID, e.Grant.AgentID)
		s.watches.narrow(r.AccountID, e.Grant.AgentID, s.config.Scope(r.AccountID, e.Grant.AgentID))
	case WatchBegan:
		s.watches.begin(watch{r.AccountID, e.ConversationID, e.DepartmentID, e.InCharge}, e.AgentID)
	case WatchEnded:
		s.watches.end(e.ConversationID, e.AgentID)
	case agent.SessionEnded:
		if e.Reason != agent.Replaced {
			s.watches.leave(e.AgentID)
		}
	case interface {
		Changed() conversation.Conversation
	}:
		s.moved(r.AccountID, e.Changed())
	}
}

// moved ends the watches of a conversation that is over, or that went where a watcher's scope does not reach.
func (s *Service) moved(accountID string, c conversation.Conversation) {
	if !c.State.Open() {
		s.watches.drop(c.ID)
		return
	}
	s.watches.move(c.ID, c.DepartmentID, c.Agent(), func(agentID string) eventlog.Scope { return s.config.Scope(accountID, agentID) })
}
