package routing

import (
	"context"
	"fmt"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// headLimit is how many of the longest waiting are seen, of each department concerned and of the account: enough to tell why
// the neighbours were passed over.
const headLimit = 20

// Next gives the agent the conversation that is next in the departments the agent serves (T051, T053, T059, T060); one that is being
// offered to the agent comes first. The same key again returns the same conversation. Two agents never get the same one (T061), and the
// limit is never passed (T057): in the account's lane nobody else claims while it is counted and decided, on other nodes too, and the
// claim is conditional.
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
		p, err := s.newPass(ctx, tx, accountID)
		if err != nil {
			return conversation.Conversation{}, err
		}
		if err := p.endOffers(); err != nil {
			return conversation.Conversation{}, err
		}
		snapshot, err := p.snapshotFor(agentID)
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
		if !ok {
			continue
		}
		if _, err := s.record(ctx, tx, accountID, event, snapshot, decision, reasons); err != nil {
			return conversation.Conversation{}, err
		}
		return c, p.takeOffered(c.ID)
	}
}

// takeOffered counts an offer of the conversation as accepted: its agent has pulled it before the panel said that it was shown.
func (p *pass) takeOffered(conversationID string) error {
	for _, o := range p.offers {
		if o.ConversationID == conversationID {
			return p.s.accept(p.ctx, p.tx, p.accountID, o)
		}
	}
	_, err := p.tx.Exec(p.ctx, clearMiss, p.accountID, conversationID)
	if err != nil {
		return fmt.Errorf("routing: claim: %w", err)
	}
	return nil
}

// snapshotFor loads what the decision for one agent depends on.
func (p *pass) snapshotFor(agentID string) (Situation, error) {
	known, ok := p.s.config.Presence.Agent(p.accountID, agentID)
	if !ok {
		return Situation{}, fault.New(fault.NotFound)
	}
	held, err := p.s.config.Conversations.ActiveCount(p.ctx, p.tx, p.accountID, agentID)
	if err != nil {
		return Situation{}, fmt.Errorf("routing: snapshot: %w", err)
	}
	agent := able(known, held)
	agent.Offers = openOf(p.offers, agentID)
	snapshot := Situation{Now: p.now, Agent: &agent}
	head, err := p.s.config.Conversations.QueueHead(p.ctx, p.tx, p.accountID, agent.DepartmentIDs, headLimit+len(p.offers))
	if err != nil {
		return Situation{}, fmt.Errorf("routing: snapshot: %w", err)
	}
	offeredTo := make(map[string]string, len(p.offers))
	for _, o := range p.offers {
		offeredTo[o.ConversationID] = o.AgentID
	}
	missed, err := misses(p.ctx, p.tx, p.accountID)
	if err != nil {
		return Situation{}, err
	}
	var countErr error
	holds := func(id string) int {
		n, err := p.s.config.Conversations.ActiveCount(p.ctx, p.tx, p.accountID, id)
		if err != nil {
			countErr = err
		}
		return n + openOf(p.offers, id)
	}
	for _, q := range head {
		c := candidate(q)
		c.OfferedTo, c.MissedBy = offeredTo[q.ID], missed[q.ID]
		p.s.reserve(&c, p.now, q, p.agents, holds)
		snapshot.Waiting = append(snapshot.Waiting, c)
	}
	if countErr != nil {
		return Situation{}, fmt.Errorf("routing: snapshot: %w", countErr)
	}
	return snapshot, nil
}
