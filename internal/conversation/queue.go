package conversation

import (
	"context"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// QueueHead returns, as the running write sees it, the conversations that are next: up to limit of each department
// given, and up to limit of the whole account. Each is there once, in no order.
func (s *Service) QueueHead(ctx context.Context, tx *store.Tx, accountID string, departmentIDs []string, limit int) ([]Queued, error) {
	head, err := collect(ctx, tx, scanQueued, headOfAccount, accountID, limit)
	if err != nil || len(head) < limit {
		return head, err // everybody who waits is there
	}
	known := make(map[string]bool, len(head))
	for _, q := range head {
		known[q.ID] = true
	}
	for _, id := range departmentIDs {
		more, err := collect(ctx, tx, scanQueued, headOfDepartment, accountID, id, limit)
		if err != nil {
			return nil, err
		}
		for _, q := range more {
			if !known[q.ID] {
				known[q.ID] = true
				head = append(head, q)
			}
		}
	}
	return head, nil
}

// QueueNow returns up to limit of those who are next in the account, as committed: for who looks, not for who decides.
func (s *Service) QueueNow(ctx context.Context, accountID string, limit int) ([]Queued, error) {
	return collect(ctx, s.store.Read(), scanQueued, headOfAccount, accountID, limit)
}

// ActiveCount returns how many conversations the agent has, as the running write sees it.
func (s *Service) ActiveCount(ctx context.Context, tx *store.Tx, accountID, agentID string) (int, error) {
	var n int
	if err := tx.QueryRow(ctx, activeCount, agentID, accountID).Scan(&n); err != nil {
		return 0, fmt.Errorf("conversation: active of an agent: %w", err)
	}
	return n, nil
}

// ActiveCounts returns how many conversations each agent has, as the running write sees it; agents without one are absent.
func (s *Service) ActiveCounts(ctx context.Context, tx *store.Tx, accountID string) (map[string]int, error) {
	type held struct {
		agentID string
		n       int
	}
	rows, err := collect(ctx, tx, func(row scanner) (h held, err error) {
		if err = row.Scan(&h.agentID, &h.n); err != nil {
			return h, fmt.Errorf("conversation: active by agent: %w", err)
		}
		return h, nil
	}, activeByAgent, accountID)
	if err != nil {
		return nil, err
	}
	counts := make(map[string]int, len(rows))
	for _, h := range rows {
		counts[h.agentID] = h.n
	}
	return counts, nil
}

// Silent says whether the agent has the conversation and has not written to the visitor since joining.
func (s *Service) Silent(ctx context.Context, tx *store.Tx, accountID, conversationID, agentID string) (bool, error) {
	var n int
	if err := tx.QueryRow(ctx, silentSince, conversationID, accountID, agentID).Scan(&n); err != nil {
		return false, fmt.Errorf("conversation: silent: %w", err)
	}
	return n > 0, nil
}

// GiveBack sends one active conversation of an agent back to the head of its queue, inside the caller's write; false when the agent does
// not have it any more. reason is one of the Reason constants.
func (s *Service) GiveBack(ctx context.Context, tx *store.Tx, accountID, conversationID, agentID, reason string) (bool, error) {
	return s.giveBack(ctx, tx, accountID, agentID, conversationID, reason)
}

// OfferContact tells a visitor who waits that the contact form is there (T068); the wait goes on. false when that was done before, or the
// wait is over.
func (s *Service) OfferContact(ctx context.Context, tx *store.Tx, accountID, conversationID string) (bool, error) {
	c, ok, err := found(tx.QueryRow(ctx, waitedLong, s.now(), conversationID, accountID))
	if err != nil || !ok {
		return false, err
	}
	place, err := position(ctx, tx, c)
	if err != nil {
		return false, err
	}
	event := WaitedEvent{Change: Change{Conversation: c, Names: s.names(ctx, c)}, Position: place}
	if err := s.log.Append(ctx, tx, accountID, event); err != nil {
		return false, fmt.Errorf("conversation: long wait: %w", err)
	}
	return true, nil
}

// StillWaits says whether the conversation waits, as the running write sees it.
func (s *Service) StillWaits(ctx context.Context, tx *store.Tx, accountID, conversationID string) (bool, error) {
	c, ok, err := found(tx.QueryRow(ctx, selectByID, conversationID, accountID))
	return ok && c.State == Waiting, err
}

// Place is a conversation's place in its queue.
type Place struct {
	ConversationID string `json:"conversation_id"`
	QueueOrder     int64  `json:"queue_order"`

	number int64
}

// Arrange gives waiting conversations of a department another order among themselves, inside the caller's write: they share the places
// they had, and those who are not named keep theirs. Error: StaleWrite, when one of them does not wait there any more.
func (s *Service) Arrange(ctx context.Context, tx *store.Tx, accountID, departmentID string, ids []string) error {
	all, err := collect(ctx, tx, func(row scanner) (p Place, err error) {
		if err = row.Scan(&p.ConversationID, &p.QueueOrder, &p.number); err != nil {
			return p, fmt.Errorf("conversation: places: %w", err)
		}
		return p, nil
	}, placesOf, accountID, departmentID)
	if err != nil {
		return err
	}
	wanted := make(map[string]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	var keys []int64
	for _, p := range all {
		if wanted[p.ConversationID] {
			keys = append(keys, p.QueueOrder)
		}
	}
	if len(keys) != len(ids) {
		return fault.New(fault.StaleWrite)
	}
	for i := len(keys) - 2; i >= 0; i-- {
		keys[i] = min(keys[i], keys[i+1]-1) // who came in the same millisecond can be told apart from now on
	}
	event := ReorderedEvent{DepartmentID: departmentID, Places: make([]Place, 0, len(ids))}
	for i, id := range ids {
		n, err := tx.Exec(ctx, reorder, keys[i], id, accountID, departmentID)
		if err != nil {
			return fmt.Errorf("conversation: arrange: %w", err)
		}
		if n == 0 {
			return fault.New(fault.StaleWrite)
		}
		event.Places = append(event.Places, Place{ConversationID: id, QueueOrder: keys[i]})
	}
	if err := s.log.Append(ctx, tx, accountID, event); err != nil {
		return fmt.Errorf("conversation: arrange: %w", err)
	}
	return nil
}

// HeldBy returns the conversation if the agent has it now, as the running write sees it.
func (s *Service) HeldBy(ctx context.Context, tx *store.Tx, accountID, conversationID, agentID string) (Conversation, bool, error) {
	c, ok, err := found(tx.QueryRow(ctx, selectByID, conversationID, accountID))
	if err != nil || !ok || c.State != Active || c.Agent() != agentID {
		return Conversation{}, false, err
	}
	return c, true, nil
}

// Label returns what a conversation is called: its number and the visitor's name. Error: NotFound.
func (s *Service) Label(ctx context.Context, accountID, conversationID string) (number int64, visitorName string, err error) {
	c, ok, err := found(s.store.Read().QueryRow(ctx, selectByID, conversationID, accountID))
	if err == nil && !ok {
		err = fault.New(fault.NotFound)
	}
	return c.Number, c.visitorName, err
}
