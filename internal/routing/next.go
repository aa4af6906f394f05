package routing

import (
	"context"
	"fmt"
	"slices"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// headLimit is how many of the longest waiting are seen, of each served department and of the account: enough to tell why
// the neighbours were passed over.
const headLimit = 20

// Next gives the agent the conversation that waits longest in the departments the agent serves (T051, T053, T059, T060). The
// same key again returns the same conversation. Two agents never get the same one (T061), and the limit is never passed
// (T057): in the account's lane nobody else claims while it is counted and decided, on other nodes too, and the claim is
// conditional.
// Errors: AgentInactive, AgentAbsent, ConversationLimitReached, QueueEmpty, IdempotencyKey.
func (s *Service) Next(ctx context.Context, accountID, agentID, key string) (conversation.Conversation, error) {
	var result conversation.Conversation
	err := s.config.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		var err error
		result, _, err = api.Once(ctx, tx, accountID, "next:"+agentID, key, clock.Millis(s.config.Clock.Now()),
			func() (conversation.Conversation, error) { return s.next(ctx, tx, accountID, agentID) })
		return err
	})
	if err != nil {
		return conversation.Conversation{}, err
	}
	return result, nil
}

// next decides and claims until it gets what it decided for: whoever was quicker has made the queue shorter.
func (s *Service) next(ctx context.Context, tx *store.Tx, accountID, agentID string) (conversation.Conversation, error) {
	event := Event{Kind: NextRequested, AgentID: agentID}
	for {
		snapshot, err := s.snapshot(ctx, tx, accountID, agentID)
		if err != nil {
			return conversation.Conversation{}, err
		}
		decision, reasons := Decide(snapshot, event)
		if decision.Refused != "" {
			return conversation.Conversation{}, fault.New(decision.Refused).With("limit", snapshot.Agent.Limit)
		}
		c, ok, err := s.config.Conversations.Claim(ctx, tx, accountID, decision.ConversationID, agentID)
		if err != nil {
			return conversation.Conversation{}, fmt.Errorf("routing: claim: %w", err)
		}
		if ok {
			return c, s.record(ctx, tx, accountID, event, snapshot, decision, reasons)
		}
	}
}

// snapshot loads what the decision depends on, as the running write sees it; who is present comes from memory.
func (s *Service) snapshot(ctx context.Context, tx *store.Tx, accountID, agentID string) (Snapshot, error) {
	known, err := s.agentOf(accountID, agentID)
	if err != nil {
		return Snapshot{}, err
	}
	held, err := s.config.Conversations.ActiveCount(ctx, tx, accountID, agentID)
	if err != nil {
		return Snapshot{}, fmt.Errorf("routing: snapshot: %w", err)
	}
	snapshot := Snapshot{Agent: able(known, held)}
	head, err := s.config.Conversations.QueueHead(ctx, tx, accountID, snapshot.Agent.DepartmentIDs, headLimit)
	if err != nil {
		return Snapshot{}, fmt.Errorf("routing: snapshot: %w", err)
	}
	activeOf := func(agentID string) (int, error) {
		return s.config.Conversations.ActiveCount(ctx, tx, accountID, agentID)
	}
	for _, q := range head {
		reserved, err := s.reservedFor(accountID, q.DepartmentID, q.PreferredAgentID, q.PreferredUntil, activeOf)
		if err != nil {
			return Snapshot{}, fmt.Errorf("routing: snapshot: %w", err)
		}
		snapshot.Waiting = append(snapshot.Waiting, Candidate{
			ConversationID: q.ID, Number: q.Number, DepartmentID: q.DepartmentID, QueueEnteredAt: q.QueueEnteredAt, ReservedFor: reserved,
		})
	}
	return snapshot, nil
}

// reservedFor returns the agent for whom an accepted invite is kept, or empty: the time is over, or the agent is not there, is full,
// or does not serve the department. activeOf tells how many conversations an agent holds.
func (s *Service) reservedFor(
	accountID, departmentID string, agentID *string, until *int64, activeOf func(agentID string) (int, error),
) (string, error) {
	if agentID == nil || until == nil || *until <= clock.Millis(s.config.Clock.Now()) {
		return "", nil
	}
	known, ok := s.config.Presence.Agent(accountID, *agentID)
	if !ok || !slices.Contains(known.DepartmentIDs, departmentID) {
		return "", nil
	}
	held, err := activeOf(*agentID)
	if err != nil || refuse(able(known, held), Event{Kind: NextRequested, AgentID: *agentID}) != "" {
		return "", err
	}
	return *agentID, nil
}
