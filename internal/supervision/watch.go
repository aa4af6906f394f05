package supervision

import (
	"context"
	"fmt"
	"slices"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Watchers returns who watches a conversation beside those who take part in it. The caller does not change the slice.
func (s *Service) Watchers(conversationID string) []string { return s.watches.of(conversationID) }

// Watch lets a supervisor see, from now on, what is said in an open conversation in scope, and writes that down (T135). Watching what
// one watches already changes nothing. Errors: NotFound, also when it is out of scope; ConversationEnded.
func (s *Service) Watch(ctx context.Context, a conversation.AgentActor, conversationID string) (conversation.Conversation, error) {
	c, err := s.supervised(ctx, a, conversationID)
	if err != nil {
		return conversation.Conversation{}, err
	}
	if !c.State.Open() {
		return conversation.Conversation{}, fault.New(fault.ConversationEnded)
	}
	if slices.Contains(s.Watchers(conversationID), a.ID) {
		return c, nil
	}
	err = s.config.Store.Write(store.InLane(ctx, a.AccountID), func(ctx context.Context, tx *store.Tx) error {
		err := s.config.Record(ctx, tx, a.AccountID, Deed{
			AgentID: a.ID, Action: Watched, SubjectKind: "conversation", SubjectID: c.ID, SubjectName: fmt.Sprintf("#%d", c.Number),
			Details: map[string]string{"agent_id": c.Agent()},
		})
		if err != nil {
			return err
		}
		return s.config.Log.Append(ctx, tx, a.AccountID, WatchBegan{
			AgentID: a.ID, ConversationID: c.ID, DepartmentID: c.DepartmentID, InCharge: c.Agent(),
		})
	})
	if err != nil {
		return conversation.Conversation{}, err
	}
	if err := s.config.Log.Settle(ctx, a.AccountID); err != nil {
		return conversation.Conversation{}, err
	}
	// It may have moved between the look and the write: then the log has ended the watch already, or this look refuses it.
	return s.supervised(ctx, a, conversationID)
}

// Unwatch ends it. Ending what is not watched changes nothing.
func (s *Service) Unwatch(ctx context.Context, a conversation.AgentActor, conversationID string) error {
	if !slices.Contains(s.Watchers(conversationID), a.ID) {
		return nil
	}
	err := s.config.Store.Write(store.InLane(ctx, a.AccountID), func(ctx context.Context, tx *store.Tx) error {
		return s.config.Log.Append(ctx, tx, a.AccountID, WatchEnded{AgentID: a.ID, ConversationID: conversationID})
	})
	if err != nil {
		return err
	}
	return s.config.Log.Settle(ctx, a.AccountID)
}

// Gone ends every watch of an agent who is not connected any more.
func (s *Service) Gone(agentID string) { s.watches.leave(agentID) }

// supervised returns a conversation in the supervisor's scope. Error: NotFound.
func (s *Service) supervised(ctx context.Context, a conversation.AgentActor, id string) (conversation.Conversation, error) {
	c, err := s.config.Conversations.Get(ctx, a, id)
	if err != nil {
		return conversation.Conversation{}, err
	}
	if !a.Scope.Supervises(c.DepartmentID, c.Agent()) {
		return conversation.Conversation{}, fault.New(fault.NotFound)
	}
	return c, nil
}
