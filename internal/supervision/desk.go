package supervision

import (
	"context"
	"fmt"
	"slices"

	"github.com/aceno-chat/aceno/internal/conversation"
)

// DeskMax is how many conversations the supervisor's list holds at most.
const DeskMax = 500

// Supervision is a conversation as a supervisor's list shows it.
type Supervision struct {
	ID           string             `json:"id"`
	Number       int64              `json:"number"`
	State        conversation.State `json:"state" enum:"waiting,active"`
	SiteID       string             `json:"site_id"`
	DepartmentID string             `json:"department_id"`
	AgentID      *string            `json:"agent_id" doc:"null while waiting"`
	VisitorName  string             `json:"visitor_name"`
	// Times are milliseconds UTC.
	QueueEnteredAt  int64                                            `json:"queue_entered_at"`
	JoinedAt        *int64                                           `json:"joined_at"`
	UnansweredSince *int64                                           `json:"unanswered_since" doc:"since when the visitor waits for an answer"`
	LastMessage     *conversation.Embedded[conversation.LastMessage] `json:"last_message"`
	Watching        bool                                             `json:"watching" doc:"the caller watches it"`
}

// Desk is what a supervisor watches over now.
type Desk struct {
	Conversations []Supervision `json:"conversations" nullable:"false" doc:"Open ones in scope, in the order in which they came; at most 500."`
	More          bool          `json:"more" doc:"There are others."`
	AgentIDs      []string      `json:"agent_ids" nullable:"false" doc:"The active agents in scope."`
}

// Desk returns the open conversations and the agents in the supervisor's scope (T143).
func (s *Service) Desk(ctx context.Context, a conversation.AgentActor) (Desk, error) {
	// One more than the most tells whether there are others; of those out of scope there may be any number.
	all, err := s.config.Conversations.OpenIn(ctx, a.AccountID, func(departmentID, agentID string) bool {
		return a.Scope.Supervises(departmentID, agentID)
	}, DeskMax+1)
	if err != nil {
		return Desk{}, fmt.Errorf("supervision: desk: %w", err)
	}
	d := Desk{Conversations: make([]Supervision, 0, len(all)), AgentIDs: s.agentsOf(a)}
	if d.More = len(all) > DeskMax; d.More {
		all = all[:DeskMax]
	}
	for _, c := range all {
		d.Conversations = append(d.Conversations, Supervision{
			ID: c.ID, Number: c.Number, State: c.State, SiteID: c.SiteID, DepartmentID: c.DepartmentID, AgentID: c.AgentID,
			VisitorName: c.VisitorName(), QueueEnteredAt: c.QueueEnteredAt, JoinedAt: c.JoinedAt, UnansweredSince: c.UnansweredSince,
			LastMessage: c.LastMessage, Watching: slices.Contains(s.Watchers(c.ID), a.ID),
		})
	}
	return d, nil
}

// agentsOf returns the active agents whom the supervisor watches over: named, or serving a department that is.
func (s *Service) agentsOf(a conversation.AgentActor) []string {
	ids := []string{}
	for _, one := range s.config.Agents.Agents(a.AccountID) {
		if one.Active && s.Oversees(a, one.ID, one.DepartmentIDs) {
			ids = append(ids, one.ID)
		}
	}
	return ids
}

// Oversees says whether the supervisor watches over an agent who serves these departments.
func (s *Service) Oversees(a conversation.AgentActor, agentID string, departmentIDs []string) bool {
	return a.Scope.Supervises("", agentID) ||
		slices.ContainsFunc(departmentIDs, func(id string) bool { return a.Scope.Supervises(id, "") })
}
