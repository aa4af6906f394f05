package routing

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Present is what memory knows of an agent.
type Present struct {
	AgentID string
	Active  bool
	// Status is the wish: online, busy or offline.
	Status string
	// Present is the wish and a live connection together.
	Present       bool
	Limit         int
	DepartmentIDs []string
}

// Presence knows who is here. It answers from memory.
type Presence interface {
	Agent(accountID, agentID string) (Present, bool)
	// Agents returns the active agents of the account, in the order people see them.
	Agents(accountID string) []Present
}

// Conversations is what routing needs of conversations; conversation.Service is it.
type Conversations interface {
	QueueHead(ctx context.Context, tx *store.Tx, accountID string, departmentIDs []string, limit int) ([]conversation.Queued, error)
	ActiveCount(ctx context.Context, tx *store.Tx, accountID, agentID string) (int, error)
	Claim(ctx context.Context, tx *store.Tx, accountID, conversationID, agentID string) (conversation.Conversation, bool, error)
	Board() *conversation.Board
}

// Config is what the service needs.
type Config struct {
	Store         *store.Store
	Log           *eventlog.Log
	Conversations Conversations
	Presence      Presence
	Clock         clock.Clock
	Idents        ident.Generator
}

// Service distributes conversations. It is safe for concurrent use.
type Service struct{ config Config }

// New returns a service.
func New(c Config) *Service { return &Service{config: c} }

// DepartmentStatus is a department's queue.
type DepartmentStatus struct {
	DepartmentID string `json:"department_id"`
	Waiting      int    `json:"waiting"`
	LongestSince *int64 `json:"longest_since" doc:"entry of who waits longest"`
	Active       int    `json:"active"`
}

// AgentStatus is an agent's load.
type AgentStatus struct {
	AgentID string `json:"agent_id"`
	Active  int    `json:"active"`
	Limit   int    `json:"limit"`
	Present bool   `json:"present"`
	Status  string `json:"status" enum:"online,busy,offline"`
}

// WaitingStatus is somebody who waits.
type WaitingStatus struct {
	ConversationID string `json:"conversation_id"`
	Number         int64  `json:"number"`
	VisitorName    string `json:"visitor_name"`
	DepartmentID   string `json:"department_id"`
	QueueEnteredAt int64  `json:"queue_entered_at"`
}

// NextStatus is whom "next in queue" would attend.
type NextStatus struct {
	ConversationID string `json:"conversation_id"`
}

// QueueStatus is the status window (T063, T064), for the departments an agent may see.
type QueueStatus struct {
	Departments []DepartmentStatus `json:"departments" nullable:"false"`
	Agents      []AgentStatus      `json:"agents" nullable:"false"`
	Waiting     []WaitingStatus    `json:"waiting" nullable:"false" doc:"In waiting order."`
	Next        *NextStatus        `json:"next"`
}

// TransformSchema is called by huma: there may be no next.
func (QueueStatus) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return api.OrNull(s, "next")
}

// StatusOf returns the status window for a scope: its departments that have anything, the agents who serve them, who waits
// there, and who would be next for the agent.
func (s *Service) StatusOf(ctx context.Context, accountID string, scope eventlog.Scope) (QueueStatus, error) {
	board := s.config.Conversations.Board()
	departments, err := board.ByDepartment(ctx, accountID, scope)
	if err != nil {
		return QueueStatus{}, fmt.Errorf("routing: status: %w", err)
	}
	waiting, err := board.Waiting(ctx, accountID, scope)
	if err != nil {
		return QueueStatus{}, fmt.Errorf("routing: status: %w", err)
	}
	held, err := board.ActiveByAgent(ctx, accountID)
	if err != nil {
		return QueueStatus{}, fmt.Errorf("routing: status: %w", err)
	}
	status := QueueStatus{Departments: []DepartmentStatus{}, Agents: []AgentStatus{}, Waiting: make([]WaitingStatus, 0, len(waiting))}
	for id := range scope.DepartmentIDs {
		if _, ok := departments[id]; !ok {
			departments[id] = conversation.Counters{}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(departments)) {
		c := departments[id]
		status.Departments = append(status.Departments, DepartmentStatus{
			DepartmentID: id, Waiting: c.Waiting, LongestSince: c.WaitingSince, Active: c.Active,
		})
	}
	for _, a := range s.config.Presence.Agents(accountID) {
		if a.AgentID == scope.AgentID || scope.All || slices.ContainsFunc(a.DepartmentIDs, func(id string) bool { return scope.DepartmentIDs[id] }) {
			status.Agents = append(status.Agents, AgentStatus{
				AgentID: a.AgentID, Active: held[a.AgentID], Limit: a.Limit, Present: a.Present, Status: a.Status,
			})
		}
	}
	for _, c := range waiting {
		status.Waiting = append(status.Waiting, WaitingStatus{
			ConversationID: c.ID, Number: c.Number, VisitorName: c.Visitor.Name, DepartmentID: c.DepartmentID, QueueEnteredAt: c.QueueEnteredAt,
		})
	}
	status.Next = s.forecast(accountID, scope.AgentID, waiting, held)
	return status, nil
}

// forecast asks Decide whom the agent would attend now.
func (s *Service) forecast(accountID, agentID string, waiting []conversation.OpenConversation, active map[string]int) *NextStatus {
	known, ok := s.config.Presence.Agent(accountID, agentID)
	if !ok {
		return nil
	}
	held := active[agentID]
	snapshot := Snapshot{Agent: able(known, held)}
	activeOf := func(id string) (int, error) { return active[id], nil }
	for _, c := range waiting {
		reserved, _ := s.reservedFor(accountID, c.DepartmentID, c.PreferredAgentID, c.PreferredUntil, activeOf) // this activeOf cannot fail
		snapshot.Waiting = append(snapshot.Waiting, Candidate{
			ConversationID: c.ID, Number: c.Number, DepartmentID: c.DepartmentID, QueueEnteredAt: c.QueueEnteredAt, ReservedFor: reserved,
		})
	}
	// Being away or full does not change who is next.
	snapshot.Agent.Present, snapshot.Agent.Status, snapshot.Agent.Limit = true, statusOnline, held+1
	decision, _ := Decide(snapshot, Event{Kind: NextRequested, AgentID: agentID})
	if decision.ConversationID == "" {
		return nil
	}
	return &NextStatus{ConversationID: decision.ConversationID}
}

func able(p Present, held int) Agent {
	return Agent{
		ID: p.AgentID, Active: p.Active, Status: p.Status, Present: p.Present, Limit: p.Limit, ActiveConversations: held,
		DepartmentIDs: slices.Sorted(slices.Values(p.DepartmentIDs)),
	}
}

// agentOf returns what memory knows of the agent. Error: NotFound.
func (s *Service) agentOf(accountID, agentID string) (Present, error) {
	known, ok := s.config.Presence.Agent(accountID, agentID)
	if !ok {
		return Present{}, fault.New(fault.NotFound)
	}
	return known, nil
}
