package conversation

import (
	"context"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Claim gives a waiting conversation to an agent, inside the caller's write. ok is false when it no longer waits: somebody
// was quicker, and nothing was changed. Whether the agent may have it is routing's decision.
func (s *Service) Claim(ctx context.Context, tx *store.Tx, accountID, conversationID, agentID string) (c Conversation, ok bool, err error) {
	now := s.now()
	c, ok, err = found(tx.QueryRow(ctx, claim, agentID, now, conversationID, accountID))
	if err != nil || !ok {
		return Conversation{}, false, err
	}
	names := s.names(ctx, c)
	joined := s.systemMessage(c.ID, SystemJoined, map[string]string{"agent": names.Agent, "agent_id": agentID}, now)
	return c, true, s.tell(ctx, tx, c, joined, ClaimedEvent{Change{Conversation: c, Names: names}})
}

// ReturnAll sends every active conversation of an agent back to the head of its queue and returns how many. reason is one of
// the Reason constants (T008).
func (s *Service) ReturnAll(ctx context.Context, accountID, agentID, reason string) (int, error) {
	returned := 0
	err := s.write(ctx, accountID, func(ctx context.Context, tx *store.Tx) error {
		returned = 0
		ids, err := collect(ctx, tx, scanID, activeOfAgent, agentID, accountID)
		if err != nil {
			return err
		}
		for _, id := range ids {
			ok, err := s.giveBack(ctx, tx, accountID, agentID, id, reason)
			if err != nil {
				return err
			}
			if ok {
				returned++
			}
		}
		return nil
	})
	return returned, err
}

// Return sends one active conversation back to the head of its queue. Errors: NotFound, ConversationEnded, ConversationNotYours.
func (s *Service) Return(ctx context.Context, a AgentActor, conversationID, reason string) error {
	return s.write(ctx, a.AccountID, func(ctx context.Context, tx *store.Tx) error {
		ok, err := s.giveBack(ctx, tx, a.AccountID, a.ID, conversationID, reason)
		if err != nil || ok {
			return err
		}
		c, ok, err := found(tx.QueryRow(ctx, selectByID, conversationID, a.AccountID))
		switch {
		case err != nil:
			return err
		case !ok || !a.sees(c):
			return fault.New(fault.NotFound)
		case !c.State.Open():
			return fault.New(fault.ConversationEnded)
		default:
			return fault.New(fault.ConversationNotYours)
		}
	})
}

func (s *Service) giveBack(ctx context.Context, tx *store.Tx, accountID, agentID, conversationID, reason string) (bool, error) {
	c, ok, err := found(tx.QueryRow(ctx, giveBack, conversationID, accountID, agentID))
	if err != nil || !ok {
		return false, err
	}
	if err := s.withdrawPending(ctx, tx, c); err != nil {
		return false, err
	}
	place, err := position(ctx, tx, c)
	if err != nil {
		return false, err
	}
	params := map[string]string{
		"agent": s.agents.AgentName(ctx, accountID, agentID), "agent_id": agentID, "reason": reason,
	}
	m := s.systemMessage(c.ID, SystemReturned, params, s.now())
	return true, s.tell(ctx, tx, c, m, ReturnedEvent{
		Change: Change{Conversation: c, Names: s.names(ctx, c)}, Position: place, FormerAgentID: agentID, Reason: reason,
	})
}

func scanID(row scanner) (string, error) {
	var id string
	if err := row.Scan(&id); err != nil {
		return "", fmt.Errorf("conversation: scan: %w", err)
	}
	return id, nil
}
