package conversation

import (
	"context"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// systemMessage makes a message of the house, seen by both sides. Its place in the conversation is given by told.
func (s *Service) systemMessage(conversationID, key string, params map[string]string, at int64) Message {
	id := s.idents.New()
	return Message{
		ID: id, ConversationID: conversationID, ClientID: id, Kind: SystemMessage, Author: Author{Kind: BySystem},
		Audience: ToVisitor, System: &System{Key: key, Params: params}, At: at,
	}
}

// told gives the messages that were just counted into c their places, which are its last ones, and returns the events
// that tell of the change and of them.
func (s *Service) told(c Conversation, messages *[]Message, changed eventlog.Event) []eventlog.Event {
	events := []eventlog.Event{changed}
	for i := range *messages {
		m := &(*messages)[i]
		behind := int64(len(*messages) - 1 - i)
		place := c.LastVisitorSequence - behind
		m.Sequence, m.VisitorSequence = c.LastSequence-behind, &place
		events = append(events, MessageEvent{ConversationID: c.ID, VisitorID: c.VisitorID, Message: *m, Conversation: c.progress()})
	}
	return events
}

// tell writes the one system message that a transition counted into c, and the events of both.
func (s *Service) tell(ctx context.Context, tx *store.Tx, c Conversation, m Message, changed eventlog.Event) error {
	messages := []Message{m}
	events := s.told(c, &messages, changed)
	if _, err := messages[0].insert(ctx, tx, c.accountID); err != nil {
		return err
	}
	if err := s.log.Append(ctx, tx, c.accountID, events...); err != nil {
		return fmt.Errorf("conversation: %s: %w", changed.Kind(), err)
	}
	return nil
}
