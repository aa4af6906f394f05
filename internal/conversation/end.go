package conversation

import (
	"context"
	"net/netip"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// EndByAgent ends the agent's own active conversation (T122). Ending again what this agent ended returns it unchanged.
// Errors: NotFound, ConversationEnded (by somebody else), ConversationNotYours.
func (s *Service) EndByAgent(ctx context.Context, a AgentActor, id string) (Conversation, error) {
	var result Conversation
	err := s.write(ctx, a.AccountID, func(ctx context.Context, tx *store.Tx) error {
		now := s.now()
		c, ok, err := found(tx.QueryRow(ctx, endByAgent, now, id, a.AccountID, a.ID))
		if err != nil {
			return err
		}
		if !ok {
			result, err = s.notEnded(ctx, tx, a, id)
			return err
		}
		result = c
		return s.tellEnded(ctx, tx, c, ByAgent, now)
	})
	if err != nil {
		return Conversation{}, err
	}
	return result, nil
}

func (s *Service) tellEnded(ctx context.Context, tx *store.Tx, c Conversation, by Party, now int64) error {
	if err := s.withdrawPending(ctx, tx, c); err != nil {
		return err
	}
	params := map[string]string{"by": string(by)}
	if c.EndReason != nil {
		params["reason"] = *c.EndReason
		if *c.EndReason == ReasonInactivity {
			params["inactive"] = "yes" // of the reasons the visitor is told this one alone
		}
	}
	m := s.systemMessage(c.ID, SystemEnded, params, now)
	return s.tell(ctx, tx, c, m, EndedEvent{Change{Conversation: c, Names: s.names(ctx, c)}})
}

// notEnded tells why an agent's end changed nothing.
func (s *Service) notEnded(ctx context.Context, tx *store.Tx, a AgentActor, id string) (Conversation, error) {
	c, ok, err := found(tx.QueryRow(ctx, selectByID, id, a.AccountID))
	switch {
	case err != nil:
		return Conversation{}, err
	case !ok || !a.sees(c):
		return Conversation{}, fault.New(fault.NotFound)
	case c.State.Open():
		return Conversation{}, fault.New(fault.ConversationNotYours)
	case c.Agent() == a.ID && c.EndedBy != nil && *c.EndedBy == ByAgent:
		return c, nil
	default:
		return Conversation{}, fault.New(fault.ConversationEnded)
	}
}

// EndByVisitor ends the visitor's conversation (T157); one that still waits is abandoned (T067). Ending again what the
// visitor ended returns it unchanged. Errors: NotFound, ConversationEnded (by somebody else).
func (s *Service) EndByVisitor(ctx context.Context, v VisitorActor, id string) (VisitorConversation, error) {
	var result Conversation
	err := s.write(ctx, v.AccountID, func(ctx context.Context, tx *store.Tx) error {
		known, err := s.ofVisitor(ctx, tx, v, id)
		if err != nil {
			return err
		}
		c, ok, err := s.leaveIn(ctx, tx, known)
		if err != nil {
			return err
		}
		if !ok && (c.EndedBy == nil || *c.EndedBy != ByVisitor) {
			return fault.New(fault.ConversationEnded)
		}
		result = c
		return nil
	})
	if err != nil {
		return VisitorConversation{}, err
	}
	return s.visible(ctx, result), nil
}

// leaveIn ends an active conversation for its visitor, or abandons a waiting one. ok is false when it was over already; c
// is what it is now in every case. Between the looks the conversation may be claimed or returned, on another node.
func (s *Service) leaveIn(ctx context.Context, tx *store.Tx, c Conversation) (_ Conversation, ok bool, err error) {
	now := s.now()
	for range 3 {
		ok, err := s.abandonIn(ctx, tx, c, ReasonLeft, now)
		if err == nil && !ok {
			ok, err = s.endIn(ctx, tx, c, nil, now)
		}
		if err != nil {
			return Conversation{}, false, err
		}
		after, there, err := found(tx.QueryRow(ctx, selectByID, c.ID, c.accountID))
		if err != nil || ok || !there || !after.State.Open() {
			return after, ok, err
		}
	}
	return Conversation{}, false, fault.New(fault.ConversationStale)
}

// abandonIn ends a conversation that waits; ok is false when it does not.
func (s *Service) abandonIn(ctx context.Context, tx *store.Tx, c Conversation, reason string, now int64) (bool, error) {
	after, ok, err := found(tx.QueryRow(ctx, abandon, now, reason, c.ID, c.accountID, c.VisitorID))
	if err != nil || !ok {
		return false, err
	}
	m := s.systemMessage(c.ID, SystemAbandoned, map[string]string{"reason": reason}, now)
	return true, s.tell(ctx, tx, after, m, AbandonedEvent{Change{Conversation: after, Names: s.names(ctx, after)}})
}

// endIn ends an active conversation for its visitor; ok is false when it is not active. reason is nil for a visitor who
// pressed "end".
func (s *Service) endIn(ctx context.Context, tx *store.Tx, c Conversation, reason *string, now int64) (bool, error) {
	after, ok, err := found(tx.QueryRow(ctx, endByVisitor, now, reason, c.ID, c.accountID, c.VisitorID))
	if err != nil || !ok {
		return false, err
	}
	return true, s.tellEnded(ctx, tx, after, ByVisitor, now)
}

// EndBySupervisor ends an active conversation, whoever has it (T139). Errors: NotFound, ConversationEnded, ConversationNotYours.
func (s *Service) EndBySupervisor(ctx context.Context, a AgentActor, id string) (Conversation, error) {
	var result Conversation
	err := s.write(ctx, a.AccountID, func(ctx context.Context, tx *store.Tx) error {
		if _, err := s.transferable(ctx, tx, a, id); err != nil {
			return err
		}
		now := s.now()
		c, ok, err := found(tx.QueryRow(ctx, endAs, now, string(ByAgent), ReasonSupervisor, id, a.AccountID))
		if err != nil || !ok {
			return orElse(err, fault.ConversationStale)
		}
		result = c
		if err := s.witnessed(ctx, tx, a, c.Agent(), EndedByOthers, c); err != nil {
			return err
		}
		return s.tellEnded(ctx, tx, c, ByAgent, now)
	})
	return result, err
}

// EndBlocked ends what visitors have open whose address is blocked now (T118): what waits is abandoned.
func (s *Service) EndBlocked(ctx context.Context, accountID string) error {
	if s.blocks == nil {
		return nil
	}
	open, err := list(ctx, s.store.Read(), openOfAccount, accountID)
	if err != nil {
		return err
	}
	for _, c := range open {
		details, err := c.Visitor.Value()
		if err != nil {
			return err
		}
		addr, err := netip.ParseAddr(details.IP)
		if err != nil || !s.blocks.Blocked(accountID, addr) {
			continue // a visitor whose address is not known can't be blocked by it
		}
		if err := s.endBlocked(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) endBlocked(ctx context.Context, seen Conversation) error {
	return s.write(ctx, seen.accountID, func(ctx context.Context, tx *store.Tx) error {
		now := s.now()
		c, ok, err := found(tx.QueryRow(ctx, endAs, now, string(BySystem), ReasonBlocked, seen.ID, seen.accountID))
		if err != nil {
			return err
		}
		if ok {
			return s.tellEnded(ctx, tx, c, BySystem, now)
		}
		c, ok, err = found(tx.QueryRow(ctx, abandonAs, now, string(BySystem), ReasonBlocked, seen.ID, seen.accountID))
		if err != nil || !ok {
			return err
		}
		m := s.systemMessage(c.ID, SystemAbandoned, map[string]string{"reason": ReasonBlocked}, now)
		return s.tell(ctx, tx, c, m, AbandonedEvent{Change{Conversation: c, Names: s.names(ctx, c)}})
	})
}

// CloseTab closes the tab of a conversation of the agent's that is over (T107) and whose mandatory form was answered (T108). Closing
// again changes nothing. Errors: NotFound, ConversationNotYours, ConversationNotEnded, ConversationFormUnanswered.
func (s *Service) CloseTab(ctx context.Context, a AgentActor, id string) (Conversation, error) {
	var result Conversation
	err := s.write(ctx, a.AccountID, func(ctx context.Context, tx *store.Tx) error {
		c, ok, err := found(tx.QueryRow(ctx, closeEnded, id, a.AccountID, a.ID))
		if err != nil {
			return err
		}
		if ok {
			if owes, err := s.owesForm(ctx, tx, c); err != nil {
				return err
			} else if owes { // the refusal undoes the write
				return fault.New(fault.ConversationFormUnanswered)
			}
			result = c
			return s.log.Append(ctx, tx, a.AccountID, ClosedEvent{Conversation: c})
		}
		c, ok, err = found(tx.QueryRow(ctx, selectByID, id, a.AccountID))
		switch {
		case err != nil:
			return err
		case !ok || !a.sees(c):
			return fault.New(fault.NotFound)
		case c.Agent() != a.ID:
			return fault.New(fault.ConversationNotYours)
		case c.State.Open():
			return fault.New(fault.ConversationNotEnded)
		}
		result = c
		return nil
	})
	if err != nil {
		return Conversation{}, err
	}
	return result, nil
}
