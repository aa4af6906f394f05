package conversation

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

const messageColumns = "id, conversation_id, sequence, visitor_sequence, client_id, kind, author_kind, author_id, author_name, " +
	"audience, body, file_id, system, at, reply_to, reply_to_visitor, revision, edited_at, deleted_at, reactions"

const (
	selectMessageByClient = "SELECT " + messageColumns + " FROM messages WHERE conversation_id = ? AND author_kind = ? AND client_id = ?"
	messagesAfter         = "SELECT " + messageColumns + " FROM messages WHERE conversation_id = ? AND sequence > ? ORDER BY sequence LIMIT ?"
	messagesBefore        = "SELECT " + messageColumns + " FROM messages WHERE conversation_id = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?"
	// messagesVisible asks for the audience as well as for the visitor sequence: either alone would do.
	// A visitor sequence is never greater than the sequence, so the messages before need not be looked at.
	messagesVisible = "SELECT " + messageColumns + " FROM messages WHERE conversation_id = ? AND sequence > ? AND visitor_sequence > ? " +
		"AND audience = 'visitor' ORDER BY sequence LIMIT ?"
)

func scanMessage(row scanner) (Message, error) {
	var m Message
	var fileID, system, reactions sql.NullString
	var replyTo, replyToVisitor *int64
	err := row.Scan(&m.ID, &m.ConversationID, &m.Sequence, &m.VisitorSequence, &m.ClientID, &m.Kind, &m.Author.Kind, &m.Author.ID,
		&m.Author.Name, &m.Audience, &m.Text, &fileID, &system, &m.At, &replyTo, &replyToVisitor, &m.Revision, &m.EditedAt, &m.DeletedAt, &reactions)
	if err != nil {
		return Message{}, err //nolint:wrapcheck // ErrNoRows is looked at by the caller, who knows what was asked
	}
	if fileID.Valid {
		m.File = &Attachment{ID: fileID.String}
	}
	if replyTo != nil {
		m.ReplyTo = &Reference{Sequence: *replyTo, VisitorSequence: replyToVisitor}
	}
	if reactions.Valid {
		if err := json.Unmarshal([]byte(reactions.String), &m.Reactions); err != nil {
			return Message{}, fmt.Errorf("conversation: decode reactions: %w", err)
		}
	}
	if system.Valid {
		m.System = &System{}
		if err := json.Unmarshal([]byte(system.String), m.System); err != nil {
			return Message{}, fmt.Errorf("conversation: decode a system message: %w", err)
		}
	}
	return m, nil
}

// messageByClient finds what an author already sent under a client id.
func messageByClient(ctx context.Context, q querier, conversationID string, by Party, clientID string) (Message, bool, error) {
	m, err := scanMessage(q.QueryRow(ctx, selectMessageByClient, conversationID, string(by), clientID))
	if errors.Is(err, store.ErrNoRows) {
		return Message{}, false, nil
	}
	if err != nil {
		return Message{}, false, fmt.Errorf("conversation: load message: %w", err)
	}
	return m, true, nil
}

// page returns up to limit messages in order: the first ones after a sequence, or the last ones before it. more says
// whether there are others in that direction.
func page(ctx context.Context, q querier, query, conversationID string, from int64, limit int) (messages []Message, more bool, err error) {
	args := []any{conversationID, from, limit + 1}
	if query == messagesVisible {
		args = []any{conversationID, from, from, limit + 1}
	}
	messages, err = collect(ctx, q, scanMessage, query, args...)
	if err != nil {
		return nil, false, err
	}
	if more = len(messages) > limit; more {
		messages = messages[:limit]
	}
	if query == messagesBefore {
		slices.Reverse(messages)
	}
	return messages, more, nil
}
